// What is typed at intake, on this machine too: for when the server does not answer.
const NOT_KEPT = new Set(["csrfmiddlewaretoken", "key", "map_crs", "card"]);

const place = (form) => `intake:${form.dataset.person}`;

// another form: what was handed over under the key of the last one is not its own
export const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");

export function read(form) {
  const kept = {};
  for (const [name, value] of new FormData(form)) {
    if (!NOT_KEPT.has(name) && value) kept[name] = value;
  }
  return kept;
}

export function write(form, kept) {
  for (const field of form.elements) {
    if (!field.name || NOT_KEPT.has(field.name) || field.type === "submit") continue;
    const value = kept[field.name] ?? "";
    if (field.type === "radio") field.checked = field.value === value;
    else if (field.tagName === "SELECT") field.value = value || field.options[0].value;
    else field.value = value;
  }
}

function store(form, entry) {
  try {
    localStorage.setItem(place(form), JSON.stringify(entry));
  } catch {
    // no room or not allowed: the server keeps it too
  }
}

function stored(form) {
  try {
    return JSON.parse(localStorage.getItem(place(form)) ?? "null");
  } catch {
    return null;
  }
}

// what may be a state secret is not even kept here; the server says so for the rest
const MARK = /[绝絕机機秘祕]\s*密\s*[★☆*＊]/;

export function drop(form) {
  localStorage.removeItem(place(form));
}

export function put(form) {
  const fields = read(form);
  if (Object.values(fields).some((typed) => MARK.test(typed))) return drop(form);
  if (Object.keys(fields).some((name) => name !== "channel")) store(form, { fields, at: Date.now() });
  else localStorage.removeItem(place(form));
}

export function markSent(form) {
  store(form, { ...stored(form), sent: true });
}

export function markSynced(form) {
  const entry = stored(form);
  if (entry) store(form, { ...entry, synced: true });
}

// what the server has not confirmed; sent and gone from the server's shelf means taken in
export function unsynced(form, savedAt) {
  const entry = stored(form);
  if (!entry?.fields) return null;
  if (!entry.synced && !(entry.sent && !savedAt)) return entry.fields;
  if (!savedAt) localStorage.removeItem(place(form));
  return null;
}
