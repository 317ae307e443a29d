// Keeps what is shown up to date. An element names its topics in data-live ("vm:7 cluster:3"); when one of them
// changes, it gets a `live` event and htmx fetches it again. One event stream for the whole page says what changed;
// without a stream everything is fetched every 10 s. A hidden page has neither, and is refreshed when it is seen.
const POLL_MS = 10_000;
const RETRY_MS = 60_000;
const REST_MS = 1_000;
const LONGEST_URL = 6_000;
const MOST_TOPICS = 400;

let stream; // the EventSource, if there is one
let asked = ""; // the topics it was opened for
let retryAt = 0; // when one that the server has refused is tried again
let shownSince = 0; // when what is shown was asked for; 0 is the beginning of the navigation

const waiting = new WeakSet();
const refreshedAt = new WeakMap();

const live = () => [...document.querySelectorAll("[data-live]")];
const topicsOf = (element) => element.dataset.live.split(/\s+/).filter(Boolean);

/** Raise `live`, at most once a second, on the element or on the nearest around it that can fetch itself. */
function refresh(element) {
  const target = element.closest("[hx-get]") ?? element;
  if (waiting.has(target)) return;
  waiting.add(target);
  const rest = (refreshedAt.get(target) ?? -REST_MS) + REST_MS - performance.now();
  setTimeout(() => {
    waiting.delete(target);
    refreshedAt.set(target, performance.now());
    target.dispatchEvent(new CustomEvent("live"));
  }, Math.max(0, rest));
}

function hear({ data }) {
  const changed = new Set(data.split(" "));
  for (const element of live()) {
    if (changed.has("*") || topicsOf(element).some((topic) => changed.has(topic))) refresh(element);
  }
}

function close() {
  stream?.close();
  stream = undefined;
  asked = "";
}

/** Have a stream for exactly the topics on the page; the one that is open stays if they are the same. */
function listen() {
  const topics = [...new Set(live().flatMap(topicsOf))].sort();
  const wanted = topics.join(",");
  if (document.hidden || (stream && wanted === asked)) return;
  close();
  if (!wanted || wanted.length > LONGEST_URL || topics.length > MOST_TOPICS) return;
  const age = (performance.now() - shownSince) / 1000;
  asked = wanted;
  stream = new EventSource(`/events/?topics=${wanted}&age=${age.toFixed(1)}`);
  stream.onmessage = hear;
  stream.onerror = () => {
    retryAt = performance.now() + RETRY_MS;
  };
}

function poll() {
  if (document.hidden || stream?.readyState === EventSource.OPEN) return;
  live().forEach(refresh);
  // A stream that was cut comes back by itself. One that was refused does not; if that was because the session
  // has ended, the refresh leads to the sign-in.
  if (stream?.readyState === EventSource.CLOSED && performance.now() > retryAt) {
    close();
    listen();
  }
}

function wake() {
  shownSince = performance.now();
  listen();
  live().forEach(refresh);
}

document.addEventListener("htmx:before:request", (event) => {
  event.detail.ctx.askedAt = performance.now();
});
document.addEventListener("htmx:after:swap", (event) => {
  shownSince = event.detail.ctx.askedAt ?? performance.now();
  listen();
});
document.addEventListener("visibilitychange", () => (document.hidden ? close() : wake()));
window.addEventListener("pagehide", close);
window.addEventListener("pageshow", (event) => event.persisted && wake());
setInterval(poll, POLL_MS);
listen();
