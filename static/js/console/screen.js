// A machine's screen: noVNC on a websocket that is ours, so that what the proxy says when it closes is heard.
import RFB from "../../vendor/novnc/core/rfb.js";
import keysyms from "../../vendor/novnc/core/input/keysymdef.js";
import { initLogging } from "../../vendor/novnc/core/util/logging.js";
import { strokes } from "./layouts.js";

initLogging("none"); // the page says itself what happens

const KEYSYMS = {
  ControlLeft: 0xffe3, AltLeft: 0xffe9, AltRight: 0xfe03, ShiftLeft: 0xffe1, MetaLeft: 0xffeb, Delete: 0xffff,
  Tab: 0xff09, Enter: 0xff0d, Escape: 0xff1b, PrintScreen: 0xff61,
};
const TYPING_PAUSE_MS = 12; // guests drop keys that come faster than their firmware reads them

const keysymOf = (code) => KEYSYMS[code] ?? (/^F\d+$/.test(code) ? 0xffbd + Number(code.slice(1)) : 0);
const rest = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export function openScreen(place, socket, { watchOnly, connected }) {
  place.replaceChildren();
  const rfb = new RFB(place, socket, { shared: true });
  rfb.viewOnly = watchOnly;
  rfb.scaleViewport = true;
  rfb.background = "transparent";
  rfb.addEventListener("connect", () => {
    connected();
    rfb.focus({ preventScroll: true });
  });
  rfb.addEventListener("clipboard", (event) => {
    // What was copied in the guest; browsers refuse where the page has not the focus.
    navigator.clipboard?.writeText(event.detail.text).catch(() => {});
  });
  let typing = 0;

  function press(codes) {
    for (const code of codes) rfb.sendKey(keysymOf(code), code, true);
    for (const code of [...codes].reverse()) rfb.sendKey(keysymOf(code), code, false);
  }

  return {
    close() {
      typing++;
      if (socket.readyState <= WebSocket.OPEN) rfb.disconnect();
      place.replaceChildren();
    },
    focus: () => rfb.focus(),
    press,
    fit(on) {
      rfb.scaleViewport = on;
    },
    clipboard: (text) => rfb.clipboardPasteFrom(text),
    picture: () => new Promise((resolve) => rfb.toBlob(resolve, "image/png")),
    /** Type the text key by key; gives the characters that the layout does not have. */
    async type(text, layout) {
      const mine = ++typing;
      const missing = new Set();
      for (const character of text.replaceAll("\r\n", "\n")) {
        if (mine !== typing) break;
        const stroke = strokes(character, layout);
        if (!stroke) {
          missing.add(character);
          continue;
        }
        const { code, held } = stroke;
        for (const key of held) rfb.sendKey(KEYSYMS[key], key, true);
        rfb.sendKey(KEYSYMS[code] ?? keysyms.lookup(character.codePointAt(0)), code);
        for (const key of [...held].reverse()) rfb.sendKey(KEYSYMS[key], key, false);
        await rest(TYPING_PAUSE_MS);
      }
      return [...missing];
    },
  };
}
