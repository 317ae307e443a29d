// What had the focus keeps it when the page is brought up to date, also where another element took its place: a
// button that was pressed is then often one that is off for now.
const labelOf = (element) => element.getAttribute("aria-label") ?? element.textContent.trim();

let held = "";

document.addEventListener("htmx:before:swap", () => {
  const element = document.activeElement;
  held = element?.closest("#main") ? labelOf(element) : "";
});

document.addEventListener("htmx:after:swap", () => {
  if (!held || document.activeElement !== document.body) return;
  const heirs = document.querySelectorAll("#main :is(.btn, .act)");
  [...heirs].find((heir) => labelOf(heir) === held && heir.checkVisibility())?.focus({ preventScroll: true });
});
