// The incident room by keys: walk the line, correct what is chosen, confirm, take back.
const FIELDS = "input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]";
const STORE = "keys";

const lines = () => [...document.querySelectorAll("#timeline > li[data-key]")];

function walk(step) {
  const all = lines();
  const here = all.indexOf(document.activeElement?.closest?.("#timeline > li"));
  const next = all[here < 0 ? 0 : Math.min(Math.max(here + step, 0), all.length - 1)];
  next?.focus();
}

function press(selector, within = document) {
  const button = within.querySelector(selector);
  button?.click();
  return Boolean(button);
}

function single(event) {
  const key = event.key.toLowerCase();
  if (key === "j") walk(1);
  else if (key === "k") walk(-1);
  else if (key === "e") return press("[data-fix]", document.activeElement?.closest?.("#timeline > li") ?? document.createElement("p"));
  else if (/^[1-9]$/.test(key)) return press(`[data-digit="${key}"]`);
  else return false;
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented || event.altKey) return;
  if (event.target.matches?.(FIELDS)) return;
  if (event.ctrlKey || event.metaKey) return;
  if (localStorage.getItem(STORE) !== "off" && single(event)) event.preventDefault();
});
