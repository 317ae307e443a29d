// A form that takes another shape, because something in it was chosen, keeps what was typed while the answer was
// on its way: the answer only knows what had been typed before.
const valueOf = (field) => (["checkbox", "radio"].includes(field.type) ? field.checked : field.value);
const fieldsOf = (form) => [...form.elements].filter((field) => field.id && field.matches("input, select, textarea"));

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  const form = ctx.sourceElement.closest("form");
  // A button adds or takes away a row, and those after it get other numbers.
  if (!form || form === ctx.sourceElement || ctx.sourceElement.matches("button")) return;
  ctx.form = form; // which stays in its place when the source of the request is replaced by another answer
  ctx.sent = new Map(fieldsOf(form).map((field) => [field.id, valueOf(field)]));
});

document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
  if (!ctx.sent) return;
  const later = fieldsOf(ctx.form).filter((field) => ctx.sent.get(field.id) !== valueOf(field));
  ctx.typed = later.map((field) => [field.id, valueOf(field)]);
});

document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  for (const [id, value] of ctx.typed ?? []) {
    const field = document.getElementById(id);
    if (!field || valueOf(field) === value) continue;
    const answered = field.value;
    field[typeof value === "boolean" ? "checked" : "value"] = value;
    if (field.selectedIndex === -1) field.value = answered; // that is no choice any more
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
});
