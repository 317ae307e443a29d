// The page of a machine's console: gets a ticket, connects, says what happens, and connects again where it may.
import { actions } from "./actions.js";
import { openScreen } from "./screen.js";

const console_ = document.querySelector("[data-console]");
const said = console_.querySelector("[data-said]");
const status = console_.querySelector("[data-status]");
const ticketForm = document.querySelector("[data-ticket]");
const besides = said.querySelector(".con-besides");
const template = (name) => document.querySelector(`[data-ending="${name}"]`);

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 10_000;
const GIVE_UP_AFTER_MS = 15 * 60_000;
const UNREACHABLE = "unreachable";

let session; // what is open: a screen or a terminal
let attempt = 0; // each try has a number, so that what an earlier one says late is not heard
let retry;
let pause = FIRST_PAUSE_MS;
let lostAt = 0; // since when it is tried again by itself

const machine = () => document.querySelector("[data-running]").dataset;

function say(name, detail = "") {
  said.replaceChildren(template(name).content.cloneNode(true), besides);
  const line = said.querySelector("[data-detail]");
  line.textContent = detail;
  line.hidden = !detail;
  said.hidden = false;
}

function tools(on) {
  for (const tool of document.querySelectorAll("[data-tool]")) {
    const button = tool.querySelector("summary") ?? tool;
    if (on) button.removeAttribute("aria-disabled");
    else button.setAttribute("aria-disabled", "true");
  }
}

async function ticket() {
  const answer = await fetch(location.pathname, { method: "POST", body: new FormData(ticketForm) });
  if (answer.ok && answer.headers.get("content-type")?.includes("json")) return (await answer.json()).ticket;
  if (answer.redirected) location.assign(location.href); // signed out: to the sign-in, and back
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  throw new Error(page.querySelector("[data-reason]")?.textContent.trim() ?? `The site answered ${answer.status}.`);
}

async function connect() {
  clearTimeout(retry);
  const mine = ++attempt;
  session?.close();
  session = undefined;
  say("connecting");
  status.textContent = "Connecting";
  let open, secret;
  try {
    // Before there is a socket: it may open, and have said something, while a module is fetched.
    open = console_.dataset.kind === "serial" ? (await import("./serial.js")).openSerial : openScreen;
    secret = await ticket();
  } catch (error) {
    if (mine === attempt) ended(error instanceof TypeError ? UNREACHABLE : "refused", error instanceof TypeError ? "" : error.message);
    return;
  }
  if (mine !== attempt) return;
  const socket = new WebSocket(console_.dataset.address, ["binary", `ticket.${secret}`]);
  socket.binaryType = "arraybuffer";
  let opened = false;
  socket.addEventListener("close", (event) => {
    if (mine !== attempt) return;
    attempt++;
    session?.close();
    session = undefined;
    // 1006 is a connection that broke without a word: a proxy that is not there, or not any more.
    ended(template(event.code) ? String(event.code) : UNREACHABLE, event.reason, { opened });
  });
  session = open(console_.querySelector("[data-screen]"), socket, {
    watchOnly: console_.dataset.mode === "watch",
    connected() {
      opened = true;
      pause = FIRST_PAUSE_MS;
      lostAt = 0;
      said.hidden = true;
      const now = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
      status.textContent = `Connected ${now}`;
      console_.dataset.connected = "";
      tools(true);
    },
  });
}

function ended(name, detail, { opened = false } = {}) {
  delete console_.dataset.connected;
  tools(false);
  status.textContent = "Not connected";
  say(name, detail);
  const known = template(name);
  if (!("returns" in known.dataset) && name !== UNREACHABLE) return;
  lostAt ||= Date.now();
  if (Date.now() - lostAt > GIVE_UP_AFTER_MS) return;
  if (opened) pause = FIRST_PAUSE_MS;
  // One that is off is connected to when the bar says that it runs.
  if (machine().running === "no" && machine().busy === "no" && name !== UNREACHABLE) return;
  retry = setTimeout(connect, pause);
  pause = Math.min(pause * 1.6, LONGEST_PAUSE_MS);
}

let wasRunning = machine().running;
document.addEventListener("htmx:after:swap", () => {
  const { running } = machine();
  if (running === "yes" && wasRunning === "no" && !("connected" in console_.dataset)) connect();
  wasRunning = running;
});

actions({
  connect,
  session: () => session,
  disconnect() {
    attempt++;
    clearTimeout(retry);
    session?.close();
    session = undefined;
    ended("1000", "");
  },
});

window.addEventListener("pagehide", () => session?.close());
tools(false);
if (!document.querySelector("[data-no-console]")) {
  if (machine().running === "no") ended("4006", "");
  else connect();
}
