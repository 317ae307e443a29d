// Which key of a layout types a character: the plain row of each, the one with Shift, the one with AltGr.
const ROWS = {
  us: {
    plain: "`1234567890-= qwertyuiop[]\\ asdfghjkl;' zxcvbnm,./",
    shift: '~!@#$%^&*()_+ QWERTYUIOP{}| ASDFGHJKL:" ZXCVBNM<>?',
    altgr: "",
  },
  gb: {
    plain: "`1234567890-= qwertyuiop[]# asdfghjkl;' zxcvbnm,./",
    shift: '¬!"£$%^&*()_+ QWERTYUIOP{}~ ASDFGHJKL:@ ZXCVBNM<>?',
    altgr: "    €",
    extra: ["\\|"],
  },
  de: {
    plain: "^1234567890ß´ qwertzuiopü+# asdfghjklöä yxcvbnm,.-",
    shift: "°!\"§$%&/()=?` QWERTZUIOPÜ*' ASDFGHJKLÖÄ YXCVBNM;:_",
    altgr: "       {[]}\\  @ €        ~",
    extra: ["<>|"],
  },
  fr: {
    plain: "²&é\"'(-è_çà)= azertyuiop $* qsdfghjklmù wxcvbn,;:!",
    shift: " 1234567890°+ AZERTYUIOP¨£µ QSDFGHJKLM% WXCVBN?./§",
    altgr: "   #{[| \\^@]}   €",
    extra: ["<>"],
  },
};
const KEYS = [
  ..."Backquote Digit1 Digit2 Digit3 Digit4 Digit5 Digit6 Digit7 Digit8 Digit9 Digit0 Minus Equal".split(" "),
  "",
  ..."KeyQ KeyW KeyE KeyR KeyT KeyY KeyU KeyI KeyO KeyP BracketLeft BracketRight Backslash".split(" "),
  "",
  ..."KeyA KeyS KeyD KeyF KeyG KeyH KeyJ KeyK KeyL Semicolon Quote".split(" "),
  "",
  ..."KeyZ KeyX KeyC KeyV KeyB KeyN KeyM Comma Period Slash".split(" "),
];
const HELD = { plain: [], shift: ["ShiftLeft"], altgr: ["AltRight"] };
const ALWAYS = { " ": "Space", "\n": "Enter", "\t": "Tab" };
// Keys that wait for the next one, and show nothing alone: what is on them is left out.
const DEAD = { us: "", gb: "", de: "^´`", fr: "¨" };

const tables = new Map();

function table(layout) {
  if (tables.has(layout)) return tables.get(layout);
  const found = new Map(Object.entries(ALWAYS).map(([character, code]) => [character, { code, held: [] }]));
  const { extra = [], ...rows } = ROWS[layout];
  for (const [level, row] of Object.entries(rows)) {
    [...row].forEach((character, place) => {
      if (character !== " " && KEYS[place] && !DEAD[layout].includes(character) && !found.has(character)) {
        found.set(character, { code: KEYS[place], held: HELD[level] });
      }
    });
  }
  for (const key of extra) {
    [...key].forEach((character, level) => {
      found.set(character, { code: "IntlBackslash", held: Object.values(HELD)[level] });
    });
  }
  tables.set(layout, found);
  return found;
}

/** The key and the keys held with it that type the character, or nothing where the layout has none. */
export const strokes = (character, layout) => table(layout).get(character);
