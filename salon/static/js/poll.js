// A region that follows a long job. It is fetched again while data-poll-running is "true"; focus never moves;
// news is said at each change of data-poll-key and each 15 s at most; the end is said once.

import { swapRegion } from "./swap.js";

const SAY_EVERY_MS = 15_000;
const SLOWEST_MS = 30_000;

const voice = document.createElement("div");
voice.className = "visually-hidden";
voice.setAttribute("aria-live", "polite");

function announcer() {
  let key = null;
  let last = Date.now();
  return (data) => {
    const due = data.pollKey !== key || Date.now() - last >= SAY_EVERY_MS;
    if (key !== null && due && data.pollSay) { voice.textContent = data.pollSay; last = Date.now(); }
    key = data.pollKey;
  };
}

function titleOf(html) {
  return new DOMParser().parseFromString(html, "text/html").title;
}

function lost(region) {
  if (document.getElementById("poll-lost")) return;
  const note = document.createElement("div");
  note.id = "poll-lost";
  note.className = "banner tone-warn";
  note.textContent = region.dataset.pollLost ?? "";
  region.before(note);
  voice.textContent = note.textContent;
}

async function refresh(id, say) {
  const region = document.getElementById(id);
  const answer = await fetch(region.dataset.pollUrl, { credentials: "same-origin", headers: { "X-Requested-With": "salon-poll" } });
  if (!answer.ok || answer.redirected) throw new Error(`poll answered ${answer.status}`);
  const html = await answer.text();
  if (!swapRegion(id, html)) throw new Error("poll answered another page");
  document.getElementById("poll-lost")?.remove();
  document.title = titleOf(html);
  const fresh = document.getElementById(id).dataset;
  if (fresh.pollRunning === "true") { say(fresh); return true; }
  voice.textContent = fresh.pollEnd ?? "";
  return false;
}

function follow(region) {
  const { id } = region;
  const pace = Math.max(1, Number(region.dataset.poll) || 2) * 1000;
  const say = announcer();
  let wait = pace;
  const tick = async () => {
    if (document.hidden) { document.addEventListener("visibilitychange", tick, { once: true }); return; }
    let running = true;
    try {
      running = await refresh(id, say);
      wait = pace;
    } catch {
      wait = Math.min(wait * 2, SLOWEST_MS);
      if (wait > pace * 4) lost(document.getElementById(id));
    }
    if (running) setTimeout(tick, wait);
  };
  if (region.dataset.pollRunning === "true") { say(region.dataset); setTimeout(tick, pace); }
}

export function start() {
  document.body.append(voice);
  for (const region of document.querySelectorAll("[data-poll]")) follow(region);
}
