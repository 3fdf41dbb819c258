// The sentences of the page's language, filled in by name.
const place = document.getElementById("words");
const words = place ? JSON.parse(place.textContent) : {};

export function say(name, values = {}) {
  return (words[name] ?? "").replace(/%\((\w+)\)s/g, (_, key) => values[key]);
}
