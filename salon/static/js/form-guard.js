// One press sends once; what was typed survives a refused form, a closed page and a lost session (this tab only).

const PREFIX = "salon-draft:";
const KEPT = "input:not([type=hidden]):not([type=password]):not([type=file]):not([data-private]), textarea, select";

const read = (key) => {
  try { return JSON.parse(sessionStorage.getItem(PREFIX + key)); } catch { return null; }
};
const write = (key, draft) => {
  try { sessionStorage.setItem(PREFIX + key, JSON.stringify(draft)); } catch { /* full or refused: the page still works */ }
};
const drop = (key) => sessionStorage.removeItem(PREFIX + key);
const draftKeys = () => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length));

function guard(form) {
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (form.dataset.sending) event.preventDefault();
    form.dataset.sending = "yes";
    setTimeout(() => delete form.dataset.sending, 8000);  // a lost connection must not lock the form
  });
}

function valuesOf(form) {
  return [...form.elements].filter((field) => field.name && field.matches(KEPT))
    .map((field) => [field.name, field.type === "checkbox" || field.type === "radio" ? [field.value, field.checked] : field.value]);
}

function restore(form, values) {
  const fields = [...form.elements].filter((field) => field.name && field.matches(KEPT));
  values.forEach(([name, value], index) => {
    const same = (one) => one?.name === name && (!Array.isArray(value) || one.value === value[0]);
    const field = same(fields[index]) ? fields[index] : fields.find(same);
    if (!field) return;
    if (Array.isArray(value)) field.checked = value[1];
    else field.value = value;
  });
  for (const fold of form.querySelectorAll("details:has(:checked)")) fold.open = true;
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

function offer(form, key, draft) {
  const note = document.createElement("div");
  note.className = "banner tone-info draft-note";
  note.setAttribute("role", "status");
  const words = document.createElement("span");
  words.textContent = form.dataset.draftFound;
  note.append(words);
  const button = (text, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-secondary btn-sm";
    made.textContent = text;
    made.addEventListener("click", () => { act(); note.remove(); form.querySelector(KEPT)?.focus(); });
    note.append(made);
  };
  button(form.dataset.draftRestore, () => restore(form, draft.values));
  button(form.dataset.draftDrop, () => drop(key));
  form.prepend(note);
}

function keepDraft(form) {
  const key = form.dataset.draft;
  const found = read(key);
  const started = JSON.stringify(valuesOf(form));
  if ("draftHere" in form.dataset) write(key, { state: "typing", values: valuesOf(form) });  // the page shows what was sent
  else if (found && JSON.stringify(found.values) !== started) offer(form, key, found);
  form.addEventListener("input", () => write(key, { state: "typing", values: valuesOf(form) }));
  form.addEventListener("submit", () => read(key) && write(key, { state: "sent", values: valuesOf(form) }));
}

// Only a page reached through the redirect that follows a write, and that is no refusal, means that what was sent has arrived.
function settleSent() {
  const redirected = performance.getEntriesByType("navigation")[0]?.redirectCount > 0;
  const refused = document.querySelector(".error-summary") || document.body.classList.contains("plain");
  for (const key of draftKeys()) {
    const draft = read(key);
    if (draft?.state !== "sent") continue;
    if (redirected && !refused) drop(key);
    else write(key, { ...draft, state: "typing" });
  }
}

export function start() {
  settleSent();
  for (const form of document.querySelectorAll("form[data-guard]:not([data-swap])")) guard(form);  // a swap guards itself
  for (const form of document.querySelectorAll("form[data-draft]")) keepDraft(form);
  for (const form of document.querySelectorAll("form[data-sign-out]")) form.addEventListener("submit", () => draftKeys().forEach(drop));
  addEventListener("pageshow", () => document.querySelectorAll("form[data-guard]").forEach((form) => delete form.dataset.sending));
}
