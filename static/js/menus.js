// A menu closes on Escape, on a click elsewhere, and when something in it was chosen. "/" goes to the search.
const openMenus = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) {
    const chosen = event.target.closest(".act");
    if (!menu.contains(event.target) || (chosen && !chosen.matches('[aria-disabled="true"]'))) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }
  if (event.key === "/" && !event.target.matches("input, textarea, select")) {
    const field = document.querySelector("[data-seek]");
    if (field) {
      event.preventDefault();
      field.focus();
    }
  }
});
