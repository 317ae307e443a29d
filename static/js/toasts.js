// Results of what a person asked for. Good ones go by themselves, others when they are dismissed.
const SHOWN_FOR_MS = 8000;
const region = document.getElementById("toasts");

export function toast(title) {
  const card = document.getElementById("toast").content.cloneNode(true);
  card.querySelector("b").textContent = title;
  region.append(card);
}

function expire(card) {
  setTimeout(() => {
    if (card.matches(":hover, :focus-within")) expire(card);
    else card.remove();
  }, SHOWN_FOR_MS);
}

const passing = (node) => node.matches?.(".s-good, .s-quiet");

[...region.children].filter(passing).forEach(expire);
new MutationObserver((changes) => {
  for (const { addedNodes } of changes) [...addedNodes].filter(passing).forEach(expire);
}).observe(region, { childList: true });

document.addEventListener("click", (event) => {
  event.target.closest("[data-dismiss]")?.closest(".toast-g").remove();
});
