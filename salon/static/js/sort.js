// Dragging only adds to the buttons: dropping a line writes its new rank in its own form (name="rank") and posts it.

import { postAndSwap } from "./swap.js";

const lines = (list) => [...list.children].filter((line) => line.matches("[data-sort-item]"));

function target(list, moving, y) {
  return lines(list).find((line) => line !== moving && y < line.getBoundingClientRect().top + line.offsetHeight / 2) ?? null;
}

function mark(list, moving, before) {
  for (const line of lines(list)) line.classList.remove("drop-before", "drop-after");
  if (before) before.classList.add("drop-before");
  else lines(list).filter((line) => line !== moving).at(-1)?.classList.add("drop-after");
}

async function drop(list, moving, before) {
  const others = lines(list).filter((line) => line !== moving);
  const rank = before ? others.indexOf(before) + 1 : others.length + 1;
  const form = moving.querySelector("form[data-sort-form]");
  if (!form || rank === lines(list).indexOf(moving) + 1) return;
  list.insertBefore(moving, before);
  form.elements.rank.disabled = false;
  form.elements.rank.value = String(rank);
  const done = form.dataset.swap && (await postAndSwap(form, form.querySelector('[name="apply"]')).catch(() => false));
  if (!done) form.submit();
}

function onDown(event) {
  const grip = event.target.closest?.("[data-grip]");
  const list = grip?.closest("[data-sort]");
  if (!list || event.button !== 0) return;
  event.preventDefault();
  const moving = grip.closest("[data-sort-item]");
  let before = moving.nextElementSibling;
  grip.setPointerCapture(event.pointerId);
  moving.classList.add("dragging");
  const move = (step) => { before = target(list, moving, step.clientY); mark(list, moving, before); };
  const stop = (last) => {
    grip.removeEventListener("pointermove", move);
    moving.classList.remove("dragging");
    for (const line of lines(list)) line.classList.remove("drop-before", "drop-after");
    if (last.type === "pointerup") drop(list, moving, before);
  };
  grip.addEventListener("pointermove", move);
  grip.addEventListener("pointerup", stop, { once: true });
  grip.addEventListener("pointercancel", stop, { once: true });
}

export function start() {
  document.addEventListener("pointerdown", onDown);
}
