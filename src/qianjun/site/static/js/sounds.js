// Sounds of the desk: a card that is new and asks for a person; at most ten in ten minutes.
// The server says which cards may be heard at this hour; tones are made here, no file is played.
const STORE = "sounds";
const MOST = 10;
const WITHIN_MS = 10 * 60 * 1000;
const TONES = { 1: [880, 660, 880], 2: [660, 660], 3: [520], 4: [440] };
const TONE_S = 0.16;
const state = { known: null, played: [], context: null };

export const isOn = () => localStorage.getItem(STORE) === "on";

// one more within ten in ten minutes?
export function maySound(played, now) {
  return played.filter((at) => now - at < WITHIN_MS).length < MOST;
}

// the gravest rank among the cards that were not there before; null when there is none
export function gravest(sounds, known) {
  const ranks = [...sounds].filter(([key]) => !known.has(key)).map(([, rank]) => rank);
  return ranks.length ? Math.min(...ranks) : null;
}

function told() {
  const words = [...document.querySelectorAll("[data-sounds]")].flatMap((one) => one.dataset.sounds.split(" "));
  return new Map(words.filter(Boolean).map((word) => [word.slice(0, word.lastIndexOf(":")), Number(word.slice(word.lastIndexOf(":") + 1))]));
}

function play(rank) {
  state.context ??= new AudioContext();
  let at = state.context.currentTime;
  for (const pitch of TONES[rank] ?? TONES[4]) {
    const tone = state.context.createOscillator();
    const level = state.context.createGain();
    tone.frequency.value = pitch;
    level.gain.value = 0.15;
    tone.connect(level).connect(state.context.destination);
    tone.start(at);
    tone.stop(at + TONE_S);
    at += TONE_S * 1.5;
  }
  document.body.dataset.sounded = String(rank);
}

// what stands there when the page opens has been seen; the second look brings the other columns
function hear() {
  const now = told();
  if (state.known === null) return;
  const rank = gravest(now, state.known);
  state.known = new Set([...now.keys()]);
  if (rank === null || !isOn() || !maySound(state.played, Date.now())) return;
  state.played = [...state.played.filter((at) => Date.now() - at < WITHIN_MS), Date.now()];
  play(rank);
}

function show(button) {
  button.setAttribute("aria-pressed", String(isOn()));
  const words = isOn() ? button.dataset.on : button.dataset.off;
  if (button.textContent !== words) button.textContent = words;
}

const showAll = () => document.querySelectorAll("[data-sound]").forEach(show);

export function start() {
  if (!document.querySelector("[data-sounds]")) return;
  showAll();
  setTimeout(() => { state.known = new Set(told().keys()); }, 5000);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-sound]");
    if (!button) return;
    localStorage.setItem(STORE, isOn() ? "off" : "on");
    showAll();
    if (isOn()) play(4);
  });
  document.addEventListener("htmx:afterSettle", () => { showAll(); hear(); });
}
