// What leaves the house is written down first: printed pages, copied texts.
import { toast } from "./toast.js";
import { say } from "./words.js";

let noted = 0;
const NOTED_MS = 60000;

function headers() {
  return JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");
}

function post(address, fields = {}) {
  return fetch(address, { method: "POST", headers: headers(), body: new URLSearchParams(fields), keepalive: true, redirect: "error" });
}

function tellPrint() {
  noted = Date.now();
  return post("/leaving/print/", { path: window.location.pathname, title: document.title });
}

// the hour on paper is that of the printing, not of the page
function stamp() {
  const now = document.querySelector("[data-clock]")?.textContent;
  for (const place of document.querySelectorAll("[data-printed]")) if (now) place.textContent = now;
}

async function print() {
  try {
    const answer = await tellPrint();
    if (!answer.ok) throw new Error(answer.status);
    window.print();
  } catch {
    noted = 0;
    toast(say("not_noted"));
  }
}

// by the browser's own menu: it cannot be held up, so it is told as it happens
function beforePrint() {
  stamp();
  if (document.querySelector(".watermark") && Date.now() - noted > NOTED_MS) tellPrint().catch(() => {});
}

async function put(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (!done) throw new Error("copy");
  return undefined;
}

async function copy(button) {
  try {
    const answer = await post(button.dataset.copy);
    if (!answer.ok) throw new Error(answer.status);
    await put((await answer.json()).text);
    toast(say("copied"));
  } catch {
    toast(say("not_copied"));
  }
}

export function start() {
  window.addEventListener("beforeprint", beforePrint);
  document.addEventListener("click", ({ target }) => {
    if (target.closest?.("[data-print]")) print();
    const button = target.closest?.("[data-copy]");
    if (button) copy(button);
  });
}
