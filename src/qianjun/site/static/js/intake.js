// The intake form: kept on every key here and on the server, sent once, cleared with an undo.
import { hhmmss } from "./clock.js";
import * as shelf from "./shelf.js";
import { toast } from "./toast.js";
import { say } from "./words.js";

const QUIET_MS = 350;
const form = document.getElementById("intake");
let timer = 0;
let dirty = false;

const look = () => document.getElementById("look");

function status(text) {
  const place = form.querySelector("[data-saved]");
  if (place) place.textContent = text;
}

function ask() {
  clearTimeout(timer);
  dirty = false;
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
  shelf.write(form, {});
  ask();
  form.elements.where.focus();
  toast(say("cleared"), () => {
    shelf.write(form, before);
    touched();
  });
}

function take({ target }) {
  const button = target.closest?.("[data-take]");
  const field = button && form.elements[button.dataset.take];
  if (!field) return;
  field.value = button.dataset.value;
  field.focus();
  touched();
}

function restore() {
  if (form.hasAttribute("data-not-kept")) shelf.drop(form);
  if (form.hasAttribute("data-typed")) return;
  const kept = shelf.unsynced(form, form.dataset.savedAt);
  if (!kept) return;
  shelf.write(form, kept);
  touched();
}

form.addEventListener("input", touched);
form.addEventListener("compositionend", () => touched());
form.addEventListener("submit", sent);
document.addEventListener("change", ({ target }) => target.form === form && !form.contains(target) && touched());
document.addEventListener("click", take);
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.elt.id === "look" && detail.xhr.getResponseHeader("Qianjun-Not-Kept")) {
    shelf.drop(form);
    status(say("not_kept"));
    return;
  }
  if (detail.elt.id === "look" && detail.successful && !dirty) shelf.markSynced(form);
});
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, ({ detail }) => {
    if (detail.elt.id === "look") status(say("kept_here", { at: hhmmss() }));
  });
}
window.addEventListener("pageshow", ({ persisted }) => persisted && window.location.reload());
document.addEventListener("DOMContentLoaded", restore);
if (document.readyState !== "loading") restore();
