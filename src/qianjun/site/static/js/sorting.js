// Sorting: keys and mouse choose groups and reports, acts go group by group, each can be undone.
import { toast } from "./toast.js";

const FIELDS = "input:not([type=checkbox]), textarea, select, [contenteditable]";
const LIVE_MS = 10000;
const EACH = new Set(["join_each", "apart", "assign", "close"]);
const words = JSON.parse(document.getElementById("sorting-words").textContent);
const form = document.getElementById("sort-form");
const one = (selector, from = document) => from.querySelector(selector);
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const say = (name, values = {}) => words[name].replace(/%\((\w+)\)s/g, (_, key) => values[key]);
const at = { row: 0, busy: false, refreshed: Date.now() };

const list = () => document.getElementById("groups");
const rows = () => all(".group", list());
const here = () => rows()[at.row];

// --- where the keys are --------------------------------------------------------------------------

function stand(index, { focus = true } = {}) {
  const there = rows();
  at.row = Math.max(0, Math.min(index, there.length - 1));
  there.forEach((row, n) => row.classList.toggle("here", n === at.row));
  const row = here();
  if (!row || !focus) return;
  (one("[data-pick]", row) ?? one("[data-open]", row)).focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

// the boxes of an opened group are steps of their own
function step(by) {
  const row = here();
  const open = row && !one(".inside", row).hidden ? [one("[data-pick]", row), ...all("[data-report]", row)] : [];
  const next = open[open.indexOf(document.activeElement) + by];
  if (open.includes(document.activeElement) && next) {
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  } else {
    stand(document.activeElement?.closest?.(".group") || by < 0 ? at.row + by : at.row);
  }
}

async function open(row) {
  const inside = one(".inside", row), button = one("[data-open]", row), place = one("[data-reports]", row);
  inside.hidden = !inside.hidden;
  button.setAttribute("aria-expanded", String(!inside.hidden));
  if (!inside.hidden && !place.childElementCount) {
    await window.htmx.ajax("GET", button.dataset.from, { target: place, swap: "innerHTML" });
  }
}

// --- what is chosen ------------------------------------------------------------------------------

function chosenIn(row) {
  const pick = one("[data-pick]", row);
  if (pick?.checked) return { part: pick.value, whole: true, count: Number(pick.dataset.count) };
  const reports = all("[data-report]:checked", row);
  return reports.length && { part: reports.map((box) => box.value).join(" "), whole: false, count: reports.length };
}

function chosen() {
  const marked = rows().map(chosenIn).filter(Boolean);
  if (marked.length || !here()) return marked;
  const box = document.activeElement;
  if (box?.matches?.("[data-report]")) return [{ part: box.value, whole: false, count: 1 }];
  const pick = one("[data-pick]", here());
  return pick ? [{ part: pick.value, whole: true, count: Number(pick.dataset.count) }] : [];
}

function count() {
  const marked = rows().map(chosenIn).filter(Boolean);
  const reports = marked.reduce((sum, each) => sum + each.count, 0);
  const place = one("[data-chosen]");
  const whole = one("[data-all]", list());
  if (whole) whole.checked = rows().length > 0 && !chosenBoxes("[data-pick]:not(:checked)");
  if (place) place.textContent = marked.length ? say("chosen", { groups: marked.length, reports }) : "";
}

function chooseAll(on) {
  for (const box of all("[data-pick]", list())) box.checked = on;
  count();
}

function chooseNothing() {
  for (const box of all("[data-pick]:checked, [data-report]:checked", list())) box.checked = false;
  count();
}

// --- what is done --------------------------------------------------------------------------------

async function send(address, fields) {
  const body = new URLSearchParams(new FormData(form));
  for (const name of ["part", "act"]) body.delete(name);
  for (const [name, value] of fields) body.append(name, value);
  try {
    const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
    return (await answer.json()).outcomes ?? [{ done: false, said: say("no_answer") }];
  } catch {
    return [{ done: false, said: say("no_answer") }];
  }
}

function progress(n, total) {
  const bar = one("[data-progress]");
  bar.hidden = total < 2 || n >= total;
  bar.max = total;
  bar.value = n;
  one("[data-progress-words]").textContent = bar.hidden ? "" : say("doing", { n: n + 1, all: total });
}

async function act(name) {
  if (at.busy) return;
  const parts = chosen();
  if (!parts.length) return toast(say("nothing"));
  at.busy = true;
  const whole = parts.every((each) => each.whole);
  const wanted = name === "split" && whole ? "apart" : name;
  const round = crypto.randomUUID();
  const sends = EACH.has(wanted) ? parts.map((each) => [each.part]) : [parts.map((each) => each.part)];
  const outcomes = [];
  for (const [n, sent] of sends.entries()) {
    progress(n, sends.length);
    outcomes.push(...await send(form.action, [["act", wanted], ["round", round], ...sent.map((part) => ["part", part])]));
  }
  progress(sends.length, sends.length);
  await after(outcomes);
}

async function undo(steps = []) {
  if (at.busy) return;
  at.busy = true;
  await after(await send(form.dataset.undo, [["steps", steps.join(" ")]]), { final: true });
}

async function after(outcomes, { final = false } = {}) {
  const well = outcomes.filter((each) => each.done);
  tell(outcomes.filter((each) => !each.done), well.length);
  await refresh();
  at.busy = false;
  if (!well.length) return;
  const steps = well.map((each) => each.step).reverse();
  toast(well.length > 1 ? say(final ? "many_undone" : "many", { n: well.length }) : well[0].said, final ? undefined : () => undo(steps));
}

function tell(faults, well) {
  const banner = one("[data-faults]");
  banner.hidden = !faults.length;
  if (!faults.length) return;
  one("[data-faults-head]").textContent = say(well ? "part_failed" : "all_failed", { n: faults.length });
  const said = [...new Set(faults.map((each) => each.said))];
  one("[data-faults-list]").replaceChildren(...said.map((sentence) => {
    const line = document.createElement("li");
    line.textContent = sentence;
    return line;
  }));
}

function ask(name) {
  if (!chosen().length) return toast(say("nothing"));
  const marked = rows().map(chosenIn).filter(Boolean);
  // the dialog takes the focus away from what the keys stood on
  if (!marked.length) one("[data-pick]", here()).checked = true;
  count();
  document.getElementById(`sort-${name}`).showModal();
}

// --- the list as it is now -----------------------------------------------------------------------

async function refresh() {
  const index = at.row, opened = all(".group:has(.inside:not([hidden]))", list()).map((row) => row.dataset.key);
  at.refreshed = Date.now();
  await window.htmx.ajax("GET", list().dataset.where, { target: "#groups", swap: "outerHTML" });
  for (const row of rows()) if (opened.includes(row.dataset.key)) open(row);
  stand(index, { focus: !document.querySelector("dialog[open]") });
  count();
}

function changed() {
  const idle = !chosenAny() && !document.querySelector("dialog[open], .inside:not([hidden])") && !at.busy;
  const late = Date.now() - at.refreshed > LIVE_MS;
  if (Date.now() - at.refreshed < 2000) return;
  if (idle && late && !document.activeElement?.matches?.(FIELDS)) return refresh();
  one("[data-refresh]").hidden = false;
}

const chosenBoxes = (selector) => all(selector, list()).length;
const chosenAny = () => Boolean(one("[data-pick]:checked, [data-report]:checked", list()));

// --- keys and mouse ------------------------------------------------------------------------------

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  o: () => here() && open(here()),
  x: () => {
    const box = document.activeElement?.matches?.("[data-report]") ? document.activeElement : here() && one("[data-pick]", here());
    box?.click();
  },
  a: () => form && chooseAll(chosenBoxes("[data-pick]:not(:checked)") > 0),
  escape: chooseNothing,
};
const ACTS = { g: () => act("join"), f: () => act("split"), z: () => ask("assign"), b: () => ask("close"), u: () => undo() };

function pressed(event) {
  if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
  if (localStorage.getItem("keys") === "off" || event.target.matches?.(FIELDS)) return;
  if (document.querySelector("dialog[open]")) return;
  const key = event.key.toLowerCase();
  const run = key === "g" && event.shiftKey ? () => act("join_each") : KEYS[key] ?? (form && ACTS[key]);
  if (key === " " && !event.target.matches?.("input, button, a, summary") && here()) return choose(event);
  if (!run) return;
  event.preventDefault();
  run();
}

function choose(event) {
  event.preventDefault();
  KEYS.x();
}

function clicked(event) {
  const target = event.target;
  const row = target.closest(".group");
  if (row) stand(rows().indexOf(row), { focus: false });
  if (target.closest("[data-open]")) return open(row);
  if (target.closest("[data-refresh]")) return refresh();
  if (target.closest("[data-faults-close]")) one("[data-faults]").hidden = true;
  const dialog = target.closest("[data-dialog]");
  if (dialog) return ask(dialog.dataset.dialog);
  if (target.closest("[data-cancel]")) return target.closest("dialog").close();
  const go = target.closest("[data-act]");
  if (!go) return;
  go.closest("dialog").close();
  act(go.dataset.act);
}

function submitted(event) {
  event.preventDefault();
  if (event.submitter?.matches("[data-undo-last]")) return undo();
  act(event.submitter?.value ?? "join");
}

document.addEventListener("keydown", pressed, { capture: true });
document.addEventListener("click", clicked);
document.addEventListener("change", ({ target }) => target.matches("[data-all]") ? chooseAll(target.checked) : count());
document.addEventListener("live", (event) => event.target.id === "groups" && changed());
form?.addEventListener("submit", submitted);
stand(0, { focus: false });
