// Niceties only: every page works without script.
import "./answers.js";
import "./copy.js";
import "./focus.js";
import "./menus.js";
import "./palette.js";
import "./theme.js";
import "./toasts.js";
import "./typed.js";
import "./unavailable.js";
