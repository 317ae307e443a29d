// An unavailable action keeps its place and its focus, does nothing, and says why when it is pressed.
import { toast } from "./toasts.js";

document.addEventListener(
  "click",
  (event) => {
    const action = event.target.closest('[aria-disabled="true"]');
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    if (action.title) toast(action.title);
  },
  true,
);
