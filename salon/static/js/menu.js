// Menus are native <details>: Escape, a click elsewhere or another menu closes them, focus goes back.

const OPEN = "details.menu[open], details.filter[open]";

function closeAll(except = null) {
  for (const menu of document.querySelectorAll(OPEN)) if (!menu.contains(except)) menu.open = false;
}

function onKey(event) {
  if (event.key !== "Escape") return;
  const menu = event.target.closest?.(OPEN) ?? document.querySelector(OPEN);
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
}

export function start() {
  document.addEventListener("click", (event) => closeAll(event.target));
  document.addEventListener("focusin", (event) => closeAll(event.target));
  document.addEventListener("keydown", onKey);
}
