// The dark room, without a reload; the cookie tells the server for the next page.
const YEAR_S = 365 * 24 * 3600;

export function start() {
  const form = document.querySelector("[data-theme-form]");
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = form.querySelector("[name=theme]");
    const wanted = button.value;
    if (wanted === "dark") document.documentElement.dataset.theme = "dark";
    else delete document.documentElement.dataset.theme;
    document.cookie = `theme=${wanted}; path=/; max-age=${YEAR_S}; samesite=lax`;
    [button.textContent, button.dataset.other] = [button.dataset.other, button.textContent];
    button.value = wanted === "dark" ? "light" : "dark";
  });
}
