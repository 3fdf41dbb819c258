// The command line: hits while typing, arrows and Enter; nothing happens while a word is composed.
const WAIT_MS = 150;

export function start() {
  const dialog = document.getElementById("command-line");
  if (!dialog) return;
  const field = dialog.querySelector("input");
  const list = dialog.querySelector("[role=listbox]");
  const state = { timer: 0, asked: null, shown: null };
  const options = () => [...list.querySelectorAll("[role=option]:not([aria-disabled])")];
  const chosen = () => list.querySelector("[aria-selected=true]");

  function choose(option) {
    for (const one of options()) one.setAttribute("aria-selected", String(one === option));
    if (option) field.setAttribute("aria-activedescendant", option.id);
    else field.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  async function look() {
    const line = field.value;
    state.asked = line;
    const answer = await fetch(`${dialog.dataset.hits}?q=${encodeURIComponent(line)}`, { headers: { "HX-Request": "true" } }).catch(() => null);
    // a later line was asked meanwhile, or the line is down: the form still leads to the page
    if (!answer?.ok || state.asked !== line) return;
    list.innerHTML = await answer.text();
    state.shown = line;
    choose(options()[0]);
  }

  function soon(event) {
    if (event.isComposing) return;
    clearTimeout(state.timer);
    state.timer = setTimeout(look, WAIT_MS);
  }

  async function go(event) {
    event.preventDefault();
    clearTimeout(state.timer);
    if (state.shown !== field.value) await look();
    const option = chosen();
    if (option) window.location.assign(option.dataset.url);
    else event.target.submit();
  }

  function walk(event) {
    if (event.isComposing || event.keyCode === 229) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = options();
    choose(all[(all.indexOf(chosen()) + step + all.length) % all.length]);
  }

  function open(event) {
    event.preventDefault();
    if (dialog.open) return;
    dialog.showModal();
    field.select();
    look();
  }

  list.addEventListener("click", (event) => {
    const option = event.target.closest("[data-url]");
    if (option) window.location.assign(option.dataset.url);
  });
  field.addEventListener("input", soon);
  field.addEventListener("compositionend", soon);
  field.addEventListener("keydown", walk);
  dialog.querySelector("form").addEventListener("submit", go);
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  document.querySelector("[data-command]")?.addEventListener("click", open);
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") open(event);
  });
}
