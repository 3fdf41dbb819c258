// The hands of the desk: a digit does the first act of a column, J K H L walk its cards.
import { bind } from "./keys.js";
import * as sounds from "./sounds.js";

const ACT = ".acts :is(button, a.btn, summary)";
const shown = (element) => element.getClientRects().length > 0;
const columns = () => [...document.querySelectorAll(".four > .col")];
const cardsOf = (column) => [...column.querySelectorAll(".card")].filter(shown);
const incidents = () => [...document.querySelectorAll(".strip > li")].filter(shown);

// the first card of each column is its next act, whatever was drawn anew
function mark() {
  const firsts = columns().map((column) => [column, cardsOf(column)[0]]).filter(([, card]) => card);
  const acts = new Map(firsts.map(([column, card]) => [card.querySelector(ACT), column.dataset.digit]));
  const cards = new Set(firsts.map(([, card]) => card));
  for (const old of document.querySelectorAll("[data-now]")) if (!cards.has(old)) delete old.dataset.now;
  for (const card of cards) card.dataset.now = "";
  for (const old of document.querySelectorAll("[data-press]")) if (!acts.has(old)) put(old, null);
  for (const [act, digit] of acts) if (act) put(act, digit);
}

function put(act, digit) {
  if (digit === null) delete act.dataset.press;
  else act.dataset.press = digit;
  act.toggleAttribute("aria-keyshortcuts", digit !== null);
  if (digit !== null) act.setAttribute("aria-keyshortcuts", digit);
}

function press(digit) {
  const act = document.querySelector(`[data-press="${digit}"]`);
  if (!act) return false;
  act.focus();
  act.click();
  return true;
}

const here = () => document.activeElement?.closest?.(".card, .strip > li");

function to(row) {
  if (!row) return false;
  row.focus();
  row.scrollIntoView({ block: "nearest" });
  return true;
}

function walk(step) {
  const row = here();
  const list = row?.matches(".strip > li") ? incidents() : cardsOf(row?.closest(".col") ?? columns().find((one) => cardsOf(one).length) ?? document);
  if (!row) return to(list[0]);
  return to(list[list.indexOf(row) + step]);
}

function aside(step) {
  const filled = columns().filter((one) => cardsOf(one).length);
  const at = filled.indexOf(here()?.closest(".col"));
  const next = at < 0 ? filled[step > 0 ? 0 : filled.length - 1] : filled[at + step];
  return next ? to(cardsOf(next)[0]) : false;
}

function act() {
  const row = document.activeElement;
  if (!row?.matches?.(".card, .strip > li")) return false;
  const control = row.querySelector(row.matches(".card") ? ACT : "a");
  control?.click();
  return Boolean(control);
}

mark();
sounds.start();
document.addEventListener("htmx:afterSettle", mark);
document.addEventListener("htmx:oobAfterSwap", mark);
for (const digit of "1234") bind(digit, () => press(digit));
bind("j", () => walk(1));
bind("k", () => walk(-1));
bind("l", () => aside(1));
bind("h", () => aside(-1));
bind("o", () => to(incidents()[0]));
bind("enter", act);
bind("m", () => { document.querySelector("[data-sound]")?.click(); return true; });
