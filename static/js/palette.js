// Ctrl-K, or Cmd-K, opens the palette over any page. Arrows walk through what was found; Enter in the field goes to
// the page of the search, which is there without script as well.
const palette = document.getElementById("palette");
const field = palette?.querySelector("input");

const rows = () => [...palette.querySelectorAll(".hitrow")];

function open(text) {
  field.value = text;
  if (!palette.open) palette.showModal();
  field.select();
  field.dispatchEvent(new CustomEvent("open"));
}

function walk(step) {
  const all = [field, ...rows()];
  const at = all.indexOf(document.activeElement);
  all[(at + step + all.length) % all.length].focus();
}

document.addEventListener("keydown", (event) => {
  if (!palette) return;
  if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
    event.preventDefault();
    open(document.querySelector("[data-seek]")?.value ?? "");
  }
  if (palette.open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    walk(event.key === "ArrowDown" ? 1 : -1);
  }
});

// A click beside it closes it: only the dialog itself, and nothing in it, is hit there.
palette?.addEventListener("click", (event) => event.target === palette && palette.close());
