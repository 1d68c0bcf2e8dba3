// <button data-copy="id" data-copied="…"> copies the field with that id and says so; the field is selected where copying is refused.

import { toast } from "./toast.js";

async function onClick(event) {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    toast(button.dataset.copied);
  } catch { /* it is selected: Ctrl+C does the rest */ }
}

export function start() {
  document.addEventListener("click", onClick);
}
