// Five sentences for whoever sits here for the first time; kept in this browser, by person.
const tour = document.getElementById("tour");
const DESK = "/";
const MARK = "toured";
const steps = [...(tour?.querySelectorAll("[data-tour-step]") ?? [])];
const next = tour?.querySelector("[data-tour-next]");
const word = next?.textContent;
let place = 0;

const store = () => `tour.${tour.dataset.person}`;

function unmark() {
  document.querySelector(`.${MARK}`)?.classList.remove(MARK);
}

function show(wanted) {
  place = wanted;
  unmark();
  steps.forEach((step, n) => { step.hidden = n !== place; });
  document.querySelector(steps[place].dataset.tourAt)?.classList.add(MARK);
  tour.querySelector("[data-tour-count]").textContent = `${place + 1}/${steps.length}`;
  tour.querySelector("[data-tour-back]").disabled = place === 0;
  next.textContent = place === steps.length - 1 ? next.dataset.last : word;
}

function end() {
  localStorage.setItem(store(), "seen");
  unmark();
  tour.close();
}

// not modal: who has a call to take in goes on working beside it
function begin() {
  show(0);
  if (!tour.open) tour.show();
  next.focus();
}

function forward() {
  if (place === steps.length - 1) end();
  else show(place + 1);
}

function pressed(event) {
  if (event.isComposing) return;
  if (event.key === "Escape") end();
  else if (event.key === "ArrowRight") forward();
  else if (event.key === "ArrowLeft" && place > 0) show(place - 1);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

if (tour) {
  tour.addEventListener("keydown", pressed);
  next.addEventListener("click", forward);
  tour.querySelector("[data-tour-back]").addEventListener("click", () => place > 0 && show(place - 1));
  tour.querySelector("[data-tour-end]").addEventListener("click", end);
  document.addEventListener("click", ({ target }) => {
    if (!target.closest?.("[data-tour-again]")) return;
    document.getElementById("keys")?.close();
    begin();
  });
  if (window.location.pathname === DESK && localStorage.getItem(store()) !== "seen") begin();
}
