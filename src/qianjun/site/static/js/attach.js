// Files chosen in a form with data-attach="kind:id" are sent in pieces; the page then shows them.
import { send } from "../media/upload.js";
import { say } from "./words.js";

function told(form, sentence) {
  form.querySelector("[data-attach-said]").textContent = sentence;
}

async function attach(form) {
  const field = form.querySelector("input[type=file]");
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    for (const file of field.files) {
      const onProgress = (share) => told(form, `${file.name} ${Math.round(share * 100)} %`);
      await send(file, { about: form.dataset.attach, onProgress });
    }
    window.location.reload();
  } catch (refused) {
    const english = document.documentElement.lang === "en";
    told(form, (english ? refused.detail_en : refused.detail_zh) ?? say("not_sent"));
    button.disabled = false;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-attach]");
  if (!form) return;
  event.preventDefault();
  attach(form);
});
