// One word about what was just done, gone after eight seconds; a fault is never a toast.
import { say } from "./words.js";

const SHOWN_MS = 8000;
const AGAIN_MS = 1000;

function place() {
  document.querySelector("[data-toast]")?.remove();
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.dataset.toast = "";
  toast.setAttribute("role", "status");
  document.body.append(toast);
  return toast;
}

// whoever reads it or stands on its button is given his time
function leave(toast) {
  const held = () => toast.matches(":hover") || toast.contains(document.activeElement);
  const go = () => (held() ? setTimeout(go, AGAIN_MS) : toast.remove());
  setTimeout(go, SHOWN_MS);
}

export function toast(sentence, undo) {
  const shown = place();
  shown.append(sentence);
  if (undo) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn";
    button.dataset.undo = "";
    button.textContent = say("undo");
    button.addEventListener("click", () => { shown.remove(); undo(); });
    shown.append(button);
  }
  leave(shown);
}

export function start() {
  const there = document.querySelector("[data-toast]");
  if (there) leave(there);
}
