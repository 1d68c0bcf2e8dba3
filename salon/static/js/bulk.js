// Choosing rows: "choose all" for the page, a running count, shift-click for a range.

function say(box, checks) {
  const count = checks.filter((check) => check.checked).length;
  const text = count === 1 ? box.dataset.one : box.dataset.many.replace("{n}", count.toLocaleString(document.documentElement.lang));
  const says = box.querySelector("[data-bulk-says]");
  if (count && says.textContent !== text) says.textContent = text;
  const all = box.querySelector("[data-pick-all]");
  if (!all) return;
  all.checked = count > 0 && count === checks.length;
  all.indeterminate = count > 0 && count < checks.length;
}

function range(checks, from, to, value) {
  const [first, last] = [checks.indexOf(from), checks.indexOf(to)].sort((a, b) => a - b);
  for (const check of checks.slice(Math.max(first, 0), last + 1)) check.checked = value;
}

function watch(box) {
  const checks = [...box.querySelectorAll(".row-check")];
  let last = null;
  box.addEventListener("click", (event) => {
    const check = event.target.closest(".row-check");
    if (!check) return;
    if (event.shiftKey && last) range(checks, last, check, check.checked);
    last = check;
    say(box, checks);
  });
  box.querySelector("[data-pick-all]")?.addEventListener("change", (event) => {
    for (const check of checks) check.checked = event.target.checked;
    say(box, checks);
  });
  box.querySelector("form")?.addEventListener("reset", () => {
    box.querySelector("[data-pick-all]")?.focus();
    setTimeout(() => say(box, checks));
  });
  say(box, checks);
}

export function start() {
  for (const box of document.querySelectorAll("[data-bulk]")) watch(box);
}
