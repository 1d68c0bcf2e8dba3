// A filter sends its form when its panel closes on a changed choice, never while one is choosing.

const stateOf = (form) => new URLSearchParams(new FormData(form)).toString();

export function start() {
  for (const form of document.querySelectorAll("[data-filters]")) {
    let sent = stateOf(form);
    const send = () => {
      if (stateOf(form) === sent) return;
      sent = stateOf(form);
      form.requestSubmit();
    };
    for (const panel of form.querySelectorAll("details.filter")) panel.addEventListener("toggle", () => panel.open || send());
    for (const select of form.querySelectorAll("select[data-auto]")) select.addEventListener("change", send);
  }
}
