// Loads only the modules a page asks for by its data attributes; every page works without any of them.

import { startToasts } from "./toast.js";

const root = document.documentElement;
root.classList.add("js");

const MODULES = [
  ["details.menu, details.filter", "./menu.js"],
  ["[data-filters]", "./filter.js"],
  ["[data-bulk]", "./bulk.js"],
  ["form[data-guard], form[data-draft], form[data-sign-out]", "./form-guard.js"],
  ["[data-poll]", "./poll.js"],
  ["[data-sort]", "./sort.js"],
  ["form[data-swap], [data-send]", "./swap.js"],
  ["[data-grid]", "./grid.js"],
  ["[data-passkey]", "./passkey.js"],
  ["[data-copy]", "./copy.js"],
];

// `display: block` makes some readers forget that cards are a table: say it again.
function keepTableRoles() {
  const roles = { table: "table", thead: "rowgroup", tbody: "rowgroup", tr: "row", td: "cell", th: "columnheader" };
  for (const table of document.querySelectorAll("table.rows-cards")) {
    for (const part of [table, ...table.querySelectorAll("thead, tbody, tr, td, th")]) {
      part.setAttribute("role", part.scope === "row" ? "rowheader" : roles[part.localName]);
    }
  }
}

function focusSummary() {
  document.querySelector("[data-focus]")?.focus();
}

// What was typed elsewhere waits in this tab: the page that follows says whether it arrived, even one without a form.
function hasDraft() {
  try { return Object.keys(sessionStorage).some((key) => key.startsWith("salon-draft:")); } catch { return false; }
}

for (const [selector, file] of MODULES) {
  if (document.querySelector(selector) || (file === "./form-guard.js" && hasDraft())) import(file).then((module) => module.start());
}
keepTableRoles();
focusSummary();
startToasts();
