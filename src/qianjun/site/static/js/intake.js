// The intake form: kept on every key here and on the server, sent once, cleared with an undo.
import { hhmmss } from "./clock.js";
import * as keys from "./intake-keys.js";
import * as shelf from "./shelf.js";
import { toast } from "./toast.js";
import { say } from "./words.js";

const QUIET_MS = 350;
const form = document.getElementById("intake");
let timer = 0;
let dirty = false;
let late = false;
let busy = false;
let again = false;

const look = () => document.getElementById("look");

function status(text) {
  const place = form.querySelector("[data-saved]");
  if (place) place.textContent = text;
}

// one question at a time: a newer one waits for the answer instead of cutting it off
// (its answer is wired at once, settle:0ms, else the next one would be asked of nobody)
function ask() {
  clearTimeout(timer);
  if (busy) return void (again = true);
  busy = true;
  dirty = false;
  late = false;
  window.htmx.trigger(look(), "look");
}

function touched(event) {
  // half a Chinese word is nothing to look for
  if (event?.isComposing) return;
  dirty = true;
  shelf.put(form);
  status(say("saving"));
  clearTimeout(timer);
  timer = setTimeout(ask, QUIET_MS);
}

function sent(event) {
  if (event.submitter?.hasAttribute("data-clear")) return clear(event);
  if (form.dataset.sent) return event.preventDefault();
  clearTimeout(timer);
  if (event.submitter?.hasAttribute("formaction")) return;
  form.dataset.sent = "1";
  shelf.markSent(form);
  const button = document.querySelector("[data-primary]");
  button.setAttribute("aria-disabled", "true");
  button.firstChild.textContent = `${say("creating")} `;
}

function clear(event) {
  event.preventDefault();
  const before = shelf.read(form);
  const key = form.elements.key.value;
  shelf.write(form, {});
  form.elements.key.value = shelf.newKey();
  showOwn();
  ask();
  keys.begin(form);
  toast(say("cleared"), () => {
    shelf.write(form, before);
    form.elements.key.value = key;
    showOwn();
    touched();
  });
}

function take({ target, detail }) {
  const button = target.closest?.("[data-take]");
  const field = button && form.elements[button.dataset.take];
  if (!field) return;
  field.value = button.dataset.value;
  // by its key one goes on typing where one was
  if (detail || document.activeElement === button) field.focus();
  button.disabled = true;
  touched();
}

// each source is asked its own few things
function showOwn() {
  for (const own of form.querySelectorAll("[data-own]")) {
    const chosen = form.elements.source.value === own.dataset.own;
    own.hidden = !chosen;
    own.disabled = !chosen;
  }
}

function setPoint(lon, lat, crs) {
  const { elements } = form;
  Object.assign(elements.lon, { value: lon });
  Object.assign(elements.lat, { value: lat });
  Object.assign(elements.crs, { value: crs });
}

function chosen({ target }) {
  if (target.form !== form) return;
  if (target.name === "source") showOwn();
  if (target.name === "place" && !target.hasAttribute("data-point")) setPoint("", "", "");
  if (!form.contains(target)) touched();
}

// fresh questions take over what was answered meanwhile; a list in use waits until it is left
function swapped(event) {
  const { target, fragment } = event.detail;
  if (target?.id === "ask") {
    for (const old of target.querySelectorAll("input[id]")) {
      const fresh = fragment.querySelector?.(`#${old.id}`);
      if (fresh) fresh.value = old.value;
    }
    event.detail.shouldSwap = true;
  }
  // who answered at 119 is being written: that line stands until he is done
  if (target?.id === "first" && target.contains(document.activeElement)) event.detail.shouldSwap = false;
  if (target?.id === "cands" && !event.detail.shouldSwap) late = true;
}

// the asking part is replaced by its answer, so the event speaks of what stands around it
const isLook = (detail) => (detail.requestConfig?.elt ?? detail.elt).id === "look";

function settled({ detail }) {
  if (!isLook(detail)) return;
  busy = false;
  if (again) setTimeout(ask, 0);
  again = false;
  if (!detail.successful) return;
  if (detail.xhr.getResponseHeader("Qianjun-Not-Kept")) shelf.drop(form);
  else if (!dirty) shelf.markSynced(form);
  else status(say("saving"));
}

// what the house saw meanwhile may have taken the line away that was pressed: it is read again
function handedOver({ detail }) {
  if (detail.elt.closest("#first")) detail.xhr.addEventListener("loadend", () => setTimeout(ask, 0));
}

function restore() {
  if (form.hasAttribute("data-not-kept")) shelf.drop(form);
  if (form.hasAttribute("data-typed")) return;
  const kept = shelf.unsynced(form, form.dataset.savedAt);
  if (!kept) return;
  shelf.write(form, kept);
  showOwn();
  touched();
}

form.addEventListener("input", touched);
form.addEventListener("compositionend", () => touched());
form.addEventListener("submit", sent);
document.addEventListener("change", chosen);
document.addEventListener("click", take);
document.addEventListener("map:point", ({ detail }) => {
  setPoint(detail.lon, detail.lat, detail.crs);
  touched();
});
document.addEventListener("htmx:oobBeforeSwap", swapped);
document.addEventListener("focusout", ({ target }) => late && target.closest?.("#cands") && setTimeout(ask, 50));
document.addEventListener("htmx:beforeRequest", handedOver);
document.addEventListener("htmx:afterRequest", settled);
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, ({ detail }) => {
    if (isLook(detail)) status(say("kept_here", { at: hhmmss() }));
  });
}
window.addEventListener("pageshow", ({ persisted }) => persisted && window.location.reload());
keys.start(form);
document.addEventListener("DOMContentLoaded", restore);
if (document.readyState !== "loading") restore();
