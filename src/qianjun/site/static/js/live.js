// What changes elsewhere shows here: one stream per page, fragments fetched when told.
import { hhmmss } from "./clock.js";
import { say } from "./words.js";

const GATHER_MS = 120;
const REOPEN_MS = 3000;
const REPLAYED_WITHIN_MS = 1500;
const AWAY_MS = 60000;
const light = document.querySelector("[data-light]");
const line = { stream: null, wasOpen: false, broken: false, missed: 0, away: 0, leftAt: 0, updated: Date.now(), shown: hhmmss() };

function showLight() {
  if (!light) return;
  if (line.broken) {
    put("off", say("broken", { at: line.shown }));
  } else if (line.wasOpen) {
    put("on", say("connected", { age: age((Date.now() - line.updated) / 1000) }));
  }
}

function put(state, text) {
  light.dataset.is = state;
  document.body.dataset.line = state;
  const words = light.querySelector("[data-light-words]");
  if (words.textContent !== text) words.textContent = text;
}

function age(seconds) {
  if (seconds < 60) return say("seconds_ago", { n: Math.floor(seconds) });
  if (seconds < 3600) return say("minutes_ago", { n: Math.floor(seconds / 60) });
  return line.shown;
}

function touched() {
  Object.assign(line, { updated: Date.now(), shown: hhmmss() });
  showLight();
}

// several changes within a moment are one fetch; a field that is being typed in is left alone
const waiting = new Map();

function fetchFor(topic) {
  for (const part of document.querySelectorAll(`[data-live~="${CSS.escape(topic)}"]`)) {
    if (waiting.has(part)) continue;
    waiting.set(part, setTimeout(() => {
      waiting.delete(part);
      window.htmx.trigger(part, "live");
    }, GATHER_MS));
  }
}

function fetchAll() {
  for (const topic of topics()) fetchFor(topic);
}

const topics = () => (document.body.dataset.topics ?? "").split(" ").filter(Boolean);

function tell(sentence) {
  const note = document.querySelector("[data-missed]");
  if (!note) return;
  note.querySelector("[data-missed-words]").textContent = sentence;
  note.hidden = false;
}

function opened() {
  const afterBreak = line.broken;
  Object.assign(line, { broken: false, wasOpen: true, missed: 0 });
  touched();
  // also the first time: something may have happened since the server wrote the page
  fetchAll();
  if (!afterBreak) return;
  setTimeout(() => line.missed && tell(say("missed", { n: line.missed })), REPLAYED_WITHIN_MS);
  line.countUntil = Date.now() + REPLAYED_WITHIN_MS;
}

function changed(event) {
  const { topic } = JSON.parse(event.data);
  if (Date.now() < (line.countUntil ?? 0)) line.missed += 1;
  if (document.hidden) line.away += 1;
  fetchFor(topic);
}

function failed() {
  line.broken = true;
  showLight();
  if (line.stream.readyState === EventSource.CLOSED) setTimeout(listen, REOPEN_MS);
}

function listen() {
  line.stream?.close();
  line.stream = new EventSource(`/api/v1/events?topics=${topics().map(encodeURIComponent).join(",")}`);
  line.stream.addEventListener("open", opened);
  line.stream.addEventListener("changed", changed);
  line.stream.addEventListener("error", failed);
  line.stream.addEventListener("resync", () => {
    tell(say("resynced"));
    fetchAll();
  });
}

// whoever looks at the page again is told how much came while he did not
function lookedAt() {
  if (document.hidden) {
    Object.assign(line, { away: 0, leftAt: Date.now() });
  } else if (line.away && Date.now() - line.leftAt >= AWAY_MS) {
    tell(say("away", { n: line.away }));
    line.away = 0;
  }
}

export function start() {
  if (!topics().length) return;
  listen();
  document.addEventListener("visibilitychange", lookedAt);
  setInterval(showLight, 1000);
  window.addEventListener("offline", () => { line.broken = true; showLight(); });
  window.addEventListener("online", listen);
  window.addEventListener("pagehide", () => line.stream?.close());
  window.addEventListener("pageshow", (event) => event.persisted && listen());
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.successful && detail.elt.matches("[data-live]")) touched();
  });
  document.querySelector("[data-missed-close]")?.addEventListener("click", (event) => {
    event.target.closest("[data-missed]").hidden = true;
  });
}
