// What htmx should do with answers that are not the fragment it asked for.
import { toast } from "./toasts.js";

document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  if (!/^\s*<!doctype/i.test(ctx.text)) return;
  if (ctx.response.raw.redirected) {
    // Signed out meanwhile: the page to sign in must not appear inside another.
    event.preventDefault();
    location.assign(ctx.response.raw.url);
  } else {
    ctx.select = "#main > *";
  }
});

document.addEventListener("htmx:error", (event) => {
  const method = event.detail.ctx?.request?.method;
  // A live page that could not be brought up to date tries again by itself.
  if (method && method !== "GET") {
    toast("No answer. It may have been sent all the same: look in the jobs before you send it again.");
  }
});
