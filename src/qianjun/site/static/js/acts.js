// One offline queue for every page behind a link: an act is kept in the phone before it is sent.
//
// A form with data-act is sent by this queue; data-label says what was done, data-where asks for
// the position. Without scripts the same form goes to the same address by itself.
import { say } from "./words.js";

const { link, acts: address, open } = document.body.dataset;
const SHELF = `acts:${link}`;
const DEVICE = "device";
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;
const PATIENCE_MS = 15_000;
const WHERE_MS = 5000;
const TWICE_MS = 1200;
const CALM_MS = 600;
const KEPT = 30;
const AGAIN = [408, 425, 429];
const minute = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

let memory = [];
let kept = true;
let pause = FIRST_PAUSE_MS;
let timer = 0;
let busy = false;
let failing = false;
let sending = "";

// --- what the phone keeps -------------------------------------------------------------------

function stored(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

function store(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

function read() {
  const found = kept ? stored(SHELF) : null;
  return Array.isArray(found) ? found : memory;
}

function write(acts) {
  const settled = acts.filter((act) => act.is !== "waiting" && act.act !== "opened");
  const old = new Set(settled.slice(0, -KEPT).map((act) => act.act_id));
  memory = acts.filter((act) => !old.has(act.act_id));
  kept = store(SHELF, memory) && kept;
  show();
}

function change(id, changed) {
  write(read().map((act) => (act.act_id === id ? { ...act, ...changed } : act)));
}

// randomUUID is there on https and localhost only
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// tells one phone from another, and nothing else about it
function device() {
  const known = stored(DEVICE);
  if (typeof known === "string") return known;
  const made = newId();
  store(DEVICE, made);
  return made;
}

export function put(act, said = {}, label = "") {
  const made = { act_id: newId(), act, said, label, happened_at: new Date().toISOString(), is: "waiting" };
  write([...read(), made]);
  return made.act_id;
}

// --- sending, in order, until it is received ------------------------------------------------

async function post(act) {
  const stop = new AbortController();
  const limit = setTimeout(() => stop.abort(), PATIENCE_MS);
  const { act_id, happened_at } = act;
  const told = { ...act.said, act: act.act, act_id, happened_at, sent_at: new Date().toISOString(), device: device() };
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: { Accept: "application/json", "Content-Type": "application/json" },
      body: JSON.stringify(told),
      credentials: "omit",
      redirect: "error",
      cache: "no-store",
      signal: stop.signal,
    });
    // a hotel's log-in page is no answer of ours
    return { status: answer.status, said: await answer.json() };
  } finally {
    clearTimeout(limit);
  }
}

function settle(act, { status, said }) {
  if (status >= 200 && status < 300) {
    return change(act.act_id, { is: "received", at: said.received_at, answer: said.message ?? "" });
  }
  if (status >= 500 || AGAIN.includes(status)) throw new Error(`${status}`);
  change(act.act_id, { is: "refused", answer: said.message || said.detail_zh || `${status}` });
}

async function empty() {
  let any = false;
  for (;;) {
    const act = read().find((one) => one.is === "waiting");
    if (!act || act.held) return any;
    sending = act.act_id;
    show();
    settle(act, await post(act));
    // the first touch is told while the finger is still on a button: it changes nothing there
    any ||= act.act !== "opened";
    pause = FIRST_PAUSE_MS;
    failing = false;
  }
}

export async function flush() {
  if (busy) return;
  busy = true;
  clearTimeout(timer);
  let any = false;
  try {
    any = await empty();
  } catch {
    failing = true;
    timer = setTimeout(flush, pause * (0.75 + Math.random() / 2));
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
  busy = false;
  sending = "";
  show();
  if (any) refresh();
}

function soon() {
  pause = FIRST_PAUSE_MS;
  flush();
}

// --- what the page shows --------------------------------------------------------------------

function word(act) {
  if (act.is === "received") return say("received", { at: act.at ? minute.format(Date.parse(act.at)) : "" });
  if (act.is === "refused") return say("refused", { why: act.answer });
  return say(act.act_id === sending ? "sending" : "waiting");
}

function line(act) {
  const row = document.createElement("li");
  row.dataset.is = act.act_id === sending ? "sending" : act.is;
  const [what, how] = [document.createElement("b"), document.createElement("span")];
  what.textContent = act.label || act.act;
  how.className = "as";
  how.textContent = word(act);
  row.append(what, how);
  if (act.is === "received" && act.answer) {
    const answer = document.createElement("span");
    answer.className = "answer";
    answer.textContent = act.answer;
    row.append(answer);
  }
  return row;
}

function showLast(act) {
  const place = document.querySelector("[data-now]");
  if (!place || !act) return;
  const text = `${act.label || act.act} · ${word(act)}`;
  if (place.textContent !== text) place.textContent = text;
  place.dataset.is = act.is;
  place.hidden = false;
}

function show() {
  const acts = read();
  const seen = acts.filter((act) => act.act !== "opened");
  const list = document.querySelector("[data-sent]");
  if (list) {
    list.replaceChildren(...seen.slice().reverse().map(line));
    list.hidden = !seen.length;
  }
  showLast(seen.at(-1));
  const net = document.querySelector("[data-net]");
  if (!net) return;
  const waits = acts.some((act) => act.is === "waiting");
  const lost = !navigator.onLine || (failing && waits);
  net.hidden = !lost && (kept || !waits);
  net.textContent = kept ? say("no_signal") : say("not_kept");
}

function written(part) {
  return [...part.querySelectorAll("textarea, input:not([type=hidden])")].some((field) => field.value !== field.defaultValue);
}

// what somebody has unfolded or is about to write in stays so
function keep(part, fresh) {
  for (const form of part.querySelectorAll("details[open] form[data-act]")) {
    fresh.querySelector(`details:has(form[data-act="${form.dataset.act}"])`)?.setAttribute("open", "");
  }
  const here = part.contains(document.activeElement) ? document.activeElement.id : "";
  return here ? () => document.getElementById(here)?.focus() : () => {};
}

// a second tap must not press the button that has just come to stand there
function swap(part, fresh) {
  const refocus = keep(part, fresh);
  const buttons = [...fresh.querySelectorAll("button:not([disabled])")];
  for (const button of buttons) button.disabled = true;
  part.replaceWith(document.adoptNode(fresh));
  refocus();
  setTimeout(() => { for (const button of buttons) button.disabled = false; }, CALM_MS);
}

// what has changed comes in, part by part, unless somebody is writing there
async function refresh() {
  const parts = [...document.querySelectorAll("[data-live]")];
  if (!parts.length || parts.some(written)) return;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, credentials: "omit", cache: "no-store" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = [...page.querySelectorAll("[data-live]")];
    if (parts.some(written)) return;
    if (fresh.length === parts.length) parts.forEach((part, at) => swap(part, fresh[at]));
  } catch {
    // the page stays as it was
  }
}

// --- what somebody does ---------------------------------------------------------------------

// a position is waited for a moment; the act is kept from the first one on
function withPosition(id) {
  change(id, { held: true });
  const go = (found) => {
    const act = read().find((one) => one.act_id === id);
    const at = found?.coords ? { lon: found.coords.longitude, lat: found.coords.latitude } : {};
    change(id, { held: false, said: { ...act?.said, ...at } });
    soon();
  };
  navigator.geolocation.getCurrentPosition(go, go, { timeout: WHERE_MS, maximumAge: 60_000 });
}

function submitted(event) {
  const form = event.target.closest("form[data-act]");
  if (!form || event.defaultPrevented) return;
  event.preventDefault();
  if (performance.now() - Number(form.dataset.at ?? -TWICE_MS) < TWICE_MS) return;
  form.dataset.at = performance.now();
  const said = Object.fromEntries(new FormData(form, event.submitter));
  const act = said.act || form.dataset.act;
  for (const name of ["act", "act_id", "lang"]) delete said[name];
  const id = put(act, said, event.submitter?.dataset.label || form.dataset.label || "");
  form.reset();
  if (form.closest("details")) form.closest("details").open = false;
  if ("where" in form.dataset && navigator.geolocation) withPosition(id);
  else soon();
}

// read means seen and touched: a preview does neither
function opened() {
  if (document.visibilityState !== "visible") return;
  for (const kind of ["pointerdown", "keydown"]) removeEventListener(kind, opened, true);
  if (read().some((act) => act.act === "opened")) return;
  put("opened");
  soon();
}

document.addEventListener("submit", submitted);
if (open) for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, opened, true);
addEventListener("online", soon);
addEventListener("offline", show);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") return;
  if (read().some((act) => act.is === "waiting")) soon();
  else refresh();
});

// whoever was waited for when the page was closed goes without
if (read().some((act) => act.held)) write(read().map((act) => ({ ...act, held: false })));
show();
flush();
