// The intake form by keyboard alone; no key acts while a Chinese word is being composed.
const TYPED = "input:not([type=radio]):not([type=checkbox]), textarea, select";
const FORGET_MS = 900;
// the first letters of what the sources are called, in pinyin
const INITIALS = { public: "qz", sub_district: "jdsq", enterprise: "qy", department: "bm", above: "sj", media: "mt", sensor: "gz" };
let typed = "";
let typedAt = 0;

function choose(radio) {
  if (!radio) return false;
  radio.checked = true;
  radio.focus();
  radio.dispatchEvent(new Event("input", { bubbles: true }));
  radio.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

// "1" is 119 at once; "12", "122", "12345" go on from there
function source(form, key) {
  if (!/^[0-9a-z]$/.test(key)) return false;
  typed = Date.now() - typedAt < FORGET_MS ? typed + key : key;
  typedAt = Date.now();
  const names = ({ value }) => [value, INITIALS[value] ?? ""];
  return choose([...form.elements.source].find((one) => names(one).some((name) => name.startsWith(typed))));
}

const candidates = () => [...document.querySelectorAll("#cands input[name=place]")];

function move(step) {
  const all = candidates();
  const last = all.length - 1;
  if (last < 1) return false;
  // the last row stands for none: below it begins the list again
  const at = all.findIndex((one) => one.checked);
  const next = at === last ? (step > 0 ? 0 : last - 1) : (at + step + all.length) % all.length;
  const focused = document.activeElement;
  choose(all[next]);
  focused.focus();
  return true;
}

function digit(key) {
  return /^[0-9]$/.test(key) && choose(document.getElementById(`place-${key}`));
}

function onwards(form, field) {
  const all = [...form.elements].filter((one) => one.matches("input:not([type=hidden]), textarea, select") && !one.matches(":disabled"));
  const next = all.slice(all.indexOf(field) + 1).find((one) => one.name !== field.name);
  (next ?? document.querySelector("[data-primary]")).focus();
  return true;
}

function nextQuestion(form) {
  const all = [...form.querySelectorAll("#ask input:not([type=hidden])")];
  const rest = all.slice(all.indexOf(document.activeElement) + 1);
  const next = rest.find((one) => !one.value) ?? all.find((one) => !one.value) ?? all[0];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return Boolean(next);
}

function takeNext() {
  const button = document.querySelector("[data-take]:not(:disabled)");
  button?.click();
  return Boolean(button);
}

function handOver() {
  const button = document.querySelector("[data-first-key]");
  button?.click();
  return Boolean(button);
}

const WITH_ALT = {
  KeyZ: handOver,
  KeyT: takeNext,
  KeyQ: nextQuestion,
  KeyN: (form) => { form.querySelector("[data-clear]").click(); return true; },
};

function act(form, event) {
  const { target, key } = event;
  if (event.altKey) return WITH_ALT[event.code]?.(form);
  if (event.ctrlKey || event.metaKey) return false;
  if (target.name === "source") return key === "Enter" ? onwards(form, target) : source(form, key);
  if (target.id === "where" && (key === "ArrowDown" || key === "ArrowUp")) return move(key === "ArrowDown" ? 1 : -1);
  if (key === "Enter" && target.form === form && target.matches("input, select")) return onwards(form, target);
  return target.closest?.(".mid") && !target.matches(TYPED) && digit(key);
}

export function begin(form) {
  form.elements.source[0].focus();
}

export function start(form) {
  document.addEventListener("keydown", (event) => {
    // 229: the key belongs to the input method, whatever isComposing says
    if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
    if (act(form, event)) event.preventDefault();
  });
  form.querySelector("[data-open-keys]").addEventListener("click", () => document.getElementById("keys").showModal());
}
