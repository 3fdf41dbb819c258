// The bar of a show: how long until the next step, where to follow it, and its keys.
import { now } from "../js/clock.js";
import { say } from "../js/words.js";

const FIELDS = "input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]";
const KEYS = { p: "show-hold", n: "show-skip", x: "show-stop" };
const FOLLOW = "show.follow";
const STEP = "show.step";
const LOOK_MS = 250;

const bar = () => document.querySelector("#show[data-step]");
const follows = () => localStorage.getItem(FOLLOW) !== "off";

// somebody who is typing is not taken away from what he types
const isTyping = () => document.activeElement?.matches?.(FIELDS) && document.activeElement.value !== "";

function follow() {
  const { step, page } = bar()?.dataset ?? {};
  if (!step || !page || sessionStorage.getItem(STEP) === step) return;
  if (!follows() || isTyping()) return;
  sessionStorage.setItem(STEP, step);
  if (page !== window.location.pathname) window.location.assign(page);
  else if (!document.querySelector("[data-live]")) window.location.reload();
}

function shown() {
  const box = document.getElementById("show-follow");
  if (box) box.checked = follows();
  count();
  follow();
}

function count() {
  const next = document.querySelector("#show [data-next]");
  if (!next) return;
  const speed = Math.max(1, Number(document.body.dataset.showSpeed) || 1);
  const left = Math.max(0, Math.ceil((Date.parse(next.dataset.next) - now()) / 1000 / speed));
  const words = left ? say("next_in", { n: left }) : say("next_now");
  if (next.textContent !== words) next.textContent = words;
}

function pressed(event) {
  if (!bar() || event.isComposing || event.keyCode === 229 || !event.shiftKey) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches?.(FIELDS)) return;
  if (localStorage.getItem("keys") === "off") return;
  const button = document.getElementById(KEYS[event.key.toLowerCase()] ?? "");
  if (!button) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  button.click();
}

document.addEventListener("keydown", pressed, true);
document.addEventListener("change", ({ target }) => {
  if (target.id === "show-follow") localStorage.setItem(FOLLOW, target.checked ? "on" : "off");
});
document.addEventListener("htmx:afterRequest", ({ detail: { xhr } }) => {
  const speed = xhr?.getResponseHeader("Qianjun-Speed");
  if (speed) document.body.dataset.showSpeed = speed;
});
document.addEventListener("htmx:afterSettle", ({ detail: { elt } }) => elt.id === "show" && shown());
// switched off before this script was there: the page came with the box on
if (document.getElementById("show-follow")?.checked === false) localStorage.setItem(FOLLOW, "off");
setInterval(count, LOOK_MS);
