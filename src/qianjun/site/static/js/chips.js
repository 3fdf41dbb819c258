// Deadline chips and elapsed times, computed from their instants, never by counting.
import { hhmm, now, tickMs } from "./clock.js";
import { say } from "./words.js";

const SOON_S = 300;
const HOUR_S = 3600;
const DAY_S = 86400;

function span(seconds) {
  const whole = Math.floor(seconds);
  if (whole < HOUR_S) return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
  const hours = Math.floor(whole / HOUR_S);
  if (whole < 2 * DAY_S) return say("hours", { hours, minutes: Math.floor((whole % HOUR_S) / 60) });
  return say("days", { days: Math.floor(whole / DAY_S), hours: hours % 24 });
}

function minutes(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return whole < HOUR_S ? say("minutes", { minutes: Math.floor(whole / 60) }) : span(whole);
}

function put(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

function countDown(chip) {
  if (chip.dataset.met) return;
  const due = Date.parse(chip.dataset.due);
  const left = (due - now()) / 1000;
  const whole = (due - Date.parse(chip.dataset.from)) / 1000;
  const state = left < 0 ? "late" : left <= Math.max(SOON_S, whole / 3) ? "soon" : "ample";
  if (chip.dataset.is !== state) chip.dataset.is = state;
  put(chip.querySelector("[data-left]"), say(left < 0 ? "over" : "left"));
  put(chip.querySelector("[data-span]"), span(Math.abs(left)));
}

export function refresh(root = document) {
  for (const chip of root.querySelectorAll("[data-due]")) countDown(chip);
  for (const time of root.querySelectorAll("[data-since]")) {
    put(time, minutes((now() - Date.parse(time.dataset.since)) / 1000));
  }
  put(document.querySelector("[data-clock]"), hhmm());
}

export function start() {
  refresh();
  setInterval(refresh, tickMs());
  document.addEventListener("htmx:afterSettle", () => refresh());
}
