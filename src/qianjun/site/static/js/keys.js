// Keys: single ones only outside fields, never while a Chinese word is being composed.
const PLACES = { z: "/", j: "/intake/", s: "/incidents/", w: "/supplies/" };
const FIELDS = "input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]";
const CHORD_MS = 1500;
const STORE = "keys";
let waitsForPlace = 0;
// what a page's own keys do: the key in small letters to an act that says whether it did anything
const own = new Map();

export function bind(key, act) {
  own.set(key, act);
}

const areOn = () => localStorage.getItem(STORE) !== "off";

function sendForm(event) {
  const form = event.target.closest?.("form[data-send]") ?? document.querySelector("form[data-send]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("[data-primary]"));
}

// where the rail leads to the form; on the form itself its own keys come first
function newIntake(event) {
  const link = document.querySelector(`.rail a[href="${PLACES.j}"]`);
  if (!link || window.location.pathname === PLACES.j) return;
  event.preventDefault();
  window.location.assign(PLACES.j);
}

// the last act is taken back by its toast; while somebody types, the key is the field's own
function takeBack(event) {
  if (event.shiftKey || event.altKey || event.target.matches?.(FIELDS)) return;
  const button = document.querySelector("button[data-undo]");
  if (!button) return;
  event.preventDefault();
  button.click();
}

function single(event) {
  const key = event.key.toLowerCase();
  if (waitsForPlace > Date.now() && PLACES[key]) {
    window.location.assign(PLACES[key]);
  } else if (key === "g") {
    waitsForPlace = Date.now() + CHORD_MS;
    return;
  } else if (event.key === "?") {
    document.getElementById("keys")?.showModal();
    event.preventDefault();
  } else if (own.get(key)?.()) {
    event.preventDefault();
  }
  waitsForPlace = 0;
}

function pressed(event) {
  // 229: the key belongs to the input method, whatever isComposing says
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return sendForm(event);
  if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey)) return takeBack(event);
  if (event.altKey && event.code === "KeyN") return newIntake(event);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (!areOn() || event.target.matches?.(FIELDS)) return;
  single(event);
}

export function start() {
  document.addEventListener("keydown", pressed);
  const choice = document.getElementById("keys-on");
  if (!choice) return;
  choice.checked = areOn();
  choice.addEventListener("change", () => localStorage.setItem(STORE, choice.checked ? "on" : "off"));
}
