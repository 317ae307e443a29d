// The buttons around a machine's screen.
import { toast } from "../toasts.js";

const LAYOUT = "console-layout";
const dialog = document.getElementById("paste");
const console_ = document.querySelector("[data-console]");

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

export function actions({ connect, disconnect, session }) {
  const deeds = {
    connect,
    disconnect,
    paste: () => dialog.showModal(),
    fit(button) {
      const on = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(on));
      console_.classList.toggle("con--full-size", !on);
      session()?.fit(on);
    },
    full: () => (document.fullscreenElement ? document.exitFullscreen() : console_.requestFullscreen()),
    window() {
      window.open(location.href, `console-${console_.dataset.machine}`, "popup,width=1060,height=860");
      disconnect();
    },
    async picture() {
      const blob = await session().picture();
      save(blob, `${console_.dataset.machine} ${new Date().toISOString().slice(0, 19).replaceAll(":", "-")}.png`);
    },
  };

  document.addEventListener("click", (event) => {
    const keys = event.target.closest("[data-keys]");
    if (keys && session()) {
      session().press(keys.dataset.keys.split(" "));
      session().focus();
    }
    const button = event.target.closest("[data-do]");
    if (button) deeds[button.dataset.do](button);
  });

  if (dialog) pasting(session);
}

function pasting(session) {
  const text = dialog.querySelector("#paste-text");
  const layout = dialog.querySelector("#paste-layout");
  layout.value = localStorage.getItem(LAYOUT) ?? "us";
  layout.addEventListener("change", () => localStorage.setItem(LAYOUT, layout.value));

  dialog.addEventListener("close", async () => {
    const typed = text.value;
    if (!dialog.returnValue || !typed || !session()) return;
    text.value = ""; // it may have been a password
    if (dialog.returnValue === "clipboard") {
      session().clipboard(typed);
      toast("It is in the machine's clipboard, if the machine takes part.");
    } else {
      session().focus();
      const missing = await session().type(typed, layout.value);
      if (missing.length) toast(`Not on this keyboard layout, and left out: ${missing.join(" ")}`);
    }
    dialog.returnValue = "";
  });
}
