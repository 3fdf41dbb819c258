// Fresh parts of a page never take away what somebody is doing in the old ones.
import { say } from "./words.js";

const SHOWN_MS = 30000;
const BUSY = "input:not([type=hidden]), textarea, select";

// somebody types here, or has opened something: it waits until he has left
function isBusy(part) {
  const focused = document.activeElement;
  if (focused && part.contains(focused) && focused.matches(BUSY)) return true;
  const typed = part.querySelectorAll("input:not([type=hidden], [type=radio], [type=checkbox]), textarea");
  return [...typed].some((field) => field.value !== field.defaultValue);
}

function keep(event) {
  if (event.detail.elt?.matches?.("form")) return;
  const part = event.detail.target;
  if (!part || !isBusy(part)) return;
  event.detail.shouldSwap = false;
  part.addEventListener("focusout", () => setTimeout(() => {
    const source = document.querySelector("[data-live]");
    if (source && !isBusy(part)) window.htmx.trigger(source, "live");
  }, 50), { once: true });
}

// whoever walks a list by keys stays on his row when the list is drawn anew
function heldRow(part) {
  const row = document.activeElement?.closest?.("[data-key]");
  return row && part?.id && part.contains(row) ? { part: part.id, key: row.dataset.key } : null;
}

function holdOn(held) {
  if (!held || document.activeElement !== document.body) return;
  const row = document.querySelector(`#${held.part} [data-key="${CSS.escape(held.key)}"]`);
  row?.focus({ preventScroll: true });
}

const openOnes = () => [...document.querySelectorAll("details[open][id]")].map((one) => one.id);

// new rows above the one that is being read wait behind "3 new"; known rows change in place
function mergeRows(event) {
  const fresh = event.detail.fragment?.querySelector?.("[data-rows]");
  const list = event.detail.target?.querySelector?.("[data-rows]");
  if (!fresh || !list || !list.children.length || !isRead(list)) return;
  const known = new Set([...list.children].filter((row) => !row.hidden).map((row) => row.dataset.key));
  const news = [...fresh.children].filter((row) => row.dataset.key && !known.has(row.dataset.key));
  if (!news.length) return;
  for (const row of news) row.hidden = true;
  const button = event.detail.fragment.querySelector("[data-fresh]");
  button.textContent = say("fresh", { n: news.length });
  button.hidden = false;
}

const isRead = (list) => list.matches(":hover") || list.contains(document.activeElement) || list.scrollTop > 0;

function showFresh(event) {
  const button = event.target.closest("[data-fresh]");
  if (!button) return;
  button.hidden = true;
  for (const row of button.closest("section").querySelectorAll("[data-key][hidden]")) row.hidden = false;
}

function report({ detail }) {
  const note = document.querySelector("[data-missed]");
  if (!note || !detail.elt.matches("[data-live]")) return;
  note.querySelector("[data-missed-words]").textContent = say("fetch_failed", { code: detail.xhr.status });
  note.hidden = false;
}

// a whole number is shown for half a minute
function hideLater({ target }) {
  const shown = target.querySelector?.("[data-hide]:not([data-counting])");
  if (!shown) return;
  shown.dataset.counting = "";
  setTimeout(() => shown.parentElement?.replaceChildren(shown.dataset.hide), SHOWN_MS);
}

export function start() {
  let open = [];
  let held = null;
  document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => { held = heldRow(detail.target); });
  document.addEventListener("htmx:oobAfterSwap", () => { holdOn(held); held = null; });
  document.addEventListener("htmx:oobBeforeSwap", keep);
  document.addEventListener("htmx:oobBeforeSwap", mergeRows);
  document.addEventListener("htmx:beforeSwap", () => { open = openOnes(); });
  document.addEventListener("htmx:afterSettle", () => {
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  });
  document.addEventListener("htmx:afterSettle", hideLater);
  document.addEventListener("htmx:responseError", report);
  document.addEventListener("click", showFresh);
}
