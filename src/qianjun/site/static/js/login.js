// The demonstration's accounts fill the form; the language of the page stays the server's.
import * as theme from "./theme.js";

theme.start();
for (const button of document.querySelectorAll("[data-fill]")) {
  button.addEventListener("click", () => {
    document.querySelector("[name=login]").value = button.dataset.fill;
    document.querySelector("[name=password]").value = document.querySelector("[data-pass]").textContent;
    document.querySelector("form .go").focus();
  });
}
