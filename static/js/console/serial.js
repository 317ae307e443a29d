// A machine's serial line: xterm on the same proxy. The proxy takes binary messages only.
import { Terminal } from "../../vendor/xterm/xterm.js";
import { FitAddon } from "../../vendor/xterm-fit/addon-fit.js";

export function openSerial(place, socket, { watchOnly, connected }) {
  place.replaceChildren();
  const terminal = new Terminal({ cursorBlink: true, scrollback: 5000, disableStdin: watchOnly, fontSize: 14 });
  const fit = new FitAddon();
  const encoder = new TextEncoder();
  terminal.loadAddon(fit);
  terminal.open(place);
  fit.fit();
  const watch = new ResizeObserver(() => fit.fit());
  watch.observe(place);
  const send = (data) => socket.readyState === WebSocket.OPEN && socket.send(data);
  terminal.onData((text) => send(encoder.encode(text)));
  // A mouse report that is no UTF-8.
  terminal.onBinary((text) => send(Uint8Array.from(text, (character) => character.charCodeAt(0))));
  socket.addEventListener("open", () => {
    connected();
    terminal.focus();
  });
  socket.addEventListener("message", ({ data }) => terminal.write(new Uint8Array(data)));

  return {
    close() {
      watch.disconnect();
      socket.close(1000);
      terminal.dispose();
    },
    focus: () => terminal.focus(),
  };
}
