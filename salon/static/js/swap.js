// <form data-swap="region"> posts in the background and replaces #region by the same part of the page that comes back.
// Anything unexpected (sign-in, refusal, no network) falls back to the ordinary, full submission.

import { adoptToasts } from "./toast.js";

/** What must be focused again after a swap: an id, or a data-focus-key that survives re-ordering. */
function bookmark(region) {
  const focused = document.activeElement;
  if (!region.contains(focused)) return null;
  if (focused.id) return `#${CSS.escape(focused.id)}`;
  const key = focused.dataset.focusKey;
  return key ? `[data-focus-key="${CSS.escape(key)}"]` : null;
}

/** Replaces #id by its twin in `html`; false when the answer is another page. */
export function swapRegion(id, html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const fresh = page.getElementById(id);
  const stale = document.getElementById(id);
  if (!fresh || !stale) return false;
  const focus = bookmark(stale);
  const node = document.adoptNode(fresh);
  stale.replaceWith(node);
  if (focus) node.querySelector(focus)?.focus({ preventScroll: true });
  adoptToasts(page);
  node.dispatchEvent(new CustomEvent("salon:swapped", { bubbles: true }));
  return true;
}

/** Posts a form's data and swaps; resolves to false when the caller should submit it the ordinary way. */
export async function postAndSwap(form, submitter = null) {
  const answer = await fetch(form.action, {
    method: "POST", body: new FormData(form, submitter), credentials: "same-origin", headers: { "X-Requested-With": "salon-swap" },
  });
  return answer.ok && swapRegion(form.dataset.swap, await answer.text());
}

async function onSubmit(event) {
  const form = event.target.closest?.("form[data-swap]");
  if (!form || event.defaultPrevented) return;
  event.preventDefault();
  const submitter = event.submitter;
  if (submitter?.getAttribute("aria-disabled") === "true" || form.dataset.busy) return;
  form.dataset.busy = "yes";
  const done = await postAndSwap(form, submitter).catch(() => false);
  delete form.dataset.busy;
  if (!done) sendWhole(form, submitter);
}

function sendWhole(form, submitter) {
  if (submitter?.name) {
    const copy = document.createElement("input");
    Object.assign(copy, { type: "hidden", name: submitter.name, value: submitter.value });
    form.append(copy);
  }
  form.submit();
}

// A select with data-send is sent when it changes; without script its form shows a button "Appliquer" instead.
function onChange(event) {
  if (!event.target.matches?.("[data-send]") || !event.target.form) return;
  event.target.form.requestSubmit(event.target.form.querySelector('[name="apply"]'));
}

export function start() {
  document.addEventListener("change", onChange);
  document.addEventListener("submit", onSubmit);
}
