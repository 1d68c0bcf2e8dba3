// A table of boxes: arrows, Home and End move between boxes; buttons fill or empty a row, a column or a half day.
// Every box stays in the tab order unless the table says data-grid="roving".

const boxes = (table) => [...table.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("input[type=checkbox]")]).filter((row) => row.length);

function place(rows, box) {
  const row = rows.findIndex((line) => line.includes(box));
  return row < 0 ? null : [row, rows[row].indexOf(box)];
}

function next(rows, [row, col], event) {
  const jump = event.ctrlKey;
  switch (event.key) {
    case "ArrowDown": return [row + 1, col];
    case "ArrowUp": return [row - 1, col];
    case "ArrowRight": return [row, col + 1];
    case "ArrowLeft": return [row, col - 1];
    case "Home": return [jump ? 0 : row, 0];
    case "End": return [jump ? rows.length - 1 : row, rows[jump ? rows.length - 1 : row].length - 1];
    default: return null;
  }
}

function onKey(event) {
  const table = event.currentTarget;
  const rows = boxes(table);
  const here = place(rows, event.target);
  const there = here && next(rows, here, event);
  const box = there && rows[there[0]]?.[Math.min(there[1], (rows[there[0]]?.length ?? 1) - 1)];
  if (!there) return;
  event.preventDefault();
  if (!box || there[1] < 0) return;
  if (table.dataset.grid === "roving") { event.target.tabIndex = -1; box.tabIndex = 0; }
  box.focus();
}

// data-fill="selector": the boxes of this table to tick together, or to untick when all are ticked already.
const filled = (button) => document.querySelector(button.dataset.fillIn ?? "[data-grid]");
const chosen = (button) => [...filled(button).querySelectorAll(button.dataset.fill)].filter((box) => !box.disabled);

function onFill(event) {
  const button = event.target.closest?.("[data-fill]");
  if (!button || !filled(button)) return;
  const tick = chosen(button).some((box) => !box.checked);
  for (const box of chosen(button)) box.checked = tick;
  filled(button).dispatchEvent(new Event("input", { bubbles: true }));
}

// A button says what it will do: its words for "all are ticked" and "some are not" take turns.
function nameButtons() {
  for (const button of document.querySelectorAll("[data-fill]")) {
    if (!filled(button)) continue;
    const all = chosen(button).every((box) => box.checked);
    for (const words of button.querySelectorAll("[data-when]")) words.hidden = words.dataset.when !== (all ? "on" : "off");
  }
}

function oneStop(table) {
  boxes(table).flat().forEach((box, index) => { box.tabIndex = index ? -1 : 0; });
}

export function start() {
  for (const table of document.querySelectorAll("[data-grid]")) {
    table.addEventListener("keydown", onKey);
    if (table.dataset.grid === "roving") oneStop(table);
  }
  document.addEventListener("click", onFill);
  document.addEventListener("input", nameButtons);
  nameButtons();
}
