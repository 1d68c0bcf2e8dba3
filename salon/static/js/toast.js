// Small successes at the bottom: said politely, gone after 8 s unless hovered or focused (CSS counts the time).

const region = () => document.getElementById("toasts");

function withClose(item) {
  const close = document.createElement("button");
  close.type = "button";
  close.className = "toast-close";
  close.setAttribute("aria-label", document.body.dataset.close ?? "×");
  close.textContent = "×";
  close.addEventListener("click", () => item.remove());
  item.append(close);
  item.addEventListener("animationend", () => item.remove());
  item.addEventListener("keydown", (event) => event.key === "Escape" && item.remove());
  return item;
}

/** Shows `text`, with an optional link {label, url} such as "Annuler". */
export function toast(text, link = null) {
  const item = document.createElement("div");
  item.className = "toast-item";
  const words = document.createElement("span");
  words.textContent = text;
  item.append(words);
  if (link) {
    const anchor = document.createElement("a");
    anchor.href = link.url;
    anchor.textContent = link.label;
    item.append(anchor);
  }
  region()?.append(withClose(item));
}

/** Adopts toasts that came inside a fetched page. */
export function adoptToasts(page) {
  for (const item of page.querySelectorAll("#toasts .toast-item")) region()?.append(withClose(document.adoptNode(item)));
}

/** Puts the page's own toasts back one by one: a live region is only read when it changes. */
export function startToasts() {
  const items = [...(region()?.children ?? [])];
  for (const item of items) item.remove();
  requestAnimationFrame(() => items.forEach((item) => region().append(withClose(item))));
}
