// Send one file in pieces; resumes where it broke off, also after the page was closed (tus 1.0).
//
// send(file, { about: "incident:42", link: "/s/…", onProgress: share => …, signal })
// resolves with the id of the file; rejects with { status, code, detail_zh, detail_en } when the
// house says no. Without `link` the session of the page is used.
const UPLOADS = "/api/v1/uploads";
const KIB = 1024;
const FIRST_PIECE = 512 * KIB;
const LEAST_PIECE = 128 * KIB;
const MOST_PIECE = 8 * 1024 * KIB;
const QUICK_MS = 2_000;
const SLOW_MS = 12_000;
const MOST_TRIES = 12;
const LONGEST_WAIT_MS = 30_000;

export async function send(file, { about = "", link = "", onProgress = () => {}, signal } = {}) {
  const way = { headers: sender(link), signal };
  const mark = `upload:${about}:${link}:${file.name}:${file.size}:${file.lastModified}`;
  let place = remembered(mark);
  let standing = place ? await asked(place, way) : null;
  if (!standing) {
    place = await begun(file, about, way);
    remember(mark, place);
    standing = { offset: 0, id: null };
  }
  const id = standing.id ?? (await poured(file, place, standing.offset, way, onProgress));
  forget(mark);
  return id;
}

async function poured(file, place, from, way, onProgress) {
  let [offset, size, tries] = [from, FIRST_PIECE, 0];
  for (;;) {
    const began = performance.now();
    const reply = await piece(file, place, offset, size, way);
    if (reply?.status === 204) {
      offset = Number(reply.headers.get("Upload-Offset"));
      onProgress(offset / file.size);
      if (reply.headers.has("Upload-File")) return reply.headers.get("Upload-File");
      [size, tries] = [paced(size, performance.now() - began), 0];
      continue;
    }
    if (reply && ![409, 429, 460, 503].includes(reply.status)) throw await refusal(reply);
    if (++tries > MOST_TRIES) throw reply ? await refusal(reply) : new Error("offline");
    size = Math.max(LEAST_PIECE, size / 2);
    await waited(tries, reply, way.signal);
    const standing = await asked(place, way).catch(() => null);
    if (standing?.id) return standing.id;
    offset = standing?.offset ?? offset;
  }
}

// a piece that arrives quickly is followed by a larger one, a slow one by a smaller
function paced(size, took) {
  if (took < QUICK_MS) return Math.min(MOST_PIECE, size * 2);
  return took > SLOW_MS ? Math.max(LEAST_PIECE, size / 2) : size;
}

function piece(file, place, offset, size, way) {
  const body = file.slice(offset, offset + size);
  const headers = {
    ...way.headers,
    "Content-Type": "application/offset+octet-stream",
    "Upload-Offset": String(offset),
  };
  return fetch(place, { ...way, method: "PATCH", headers, body }).catch(unlessAborted(way.signal));
}

async function begun(file, about, way) {
  const told = { filename: file.name, filetype: file.type, ...(about ? { about } : {}) };
  const headers = {
    ...way.headers,
    "Upload-Length": String(file.size),
    "Upload-Metadata": Object.entries(told).map(([key, value]) => `${key} ${inBase64(value)}`).join(),
  };
  const reply = await fetch(UPLOADS, { ...way, method: "POST", headers });
  if (reply.status !== 201) throw await refusal(reply);
  return new URL(reply.headers.get("Location"), location.href).pathname;
}

// how far it is; null when nobody remembers it any more
async function asked(place, way) {
  const reply = await fetch(place, { ...way, method: "HEAD" });
  if (!reply.ok) {
    if (reply.status === 404 || reply.status === 410) return null;
    throw await refusal(reply);
  }
  const told = reply.headers;
  return { offset: Number(told.get("Upload-Offset")), id: told.get("Upload-File") };
}

function sender(link) {
  const headers = { "Tus-Resumable": "1.0.0" };
  if (link) return { ...headers, Authorization: `Link ${link}` };
  const token = /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
  return { ...headers, "X-CSRFToken": token };
}

async function refusal(reply) {
  const told = await reply.json().catch(() => ({}));
  return { ...told, status: reply.status };
}

function unlessAborted(signal) {
  return (fault) => {
    if (signal?.aborted) throw fault;
    return null;
  };
}

function waited(tries, reply, signal) {
  const told = Number(reply?.headers.get("Retry-After") ?? 0) * 1000;
  const doubled = Math.min(LONGEST_WAIT_MS, 500 * 2 ** tries) * (0.5 + Math.random() / 2);
  return new Promise((resolve, reject) => {
    setTimeout(resolve, Math.max(told, doubled));
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

function inBase64(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

// a browser may refuse to keep anything; then it begins again after the page was closed
function remembered(mark) {
  try { return localStorage.getItem(mark); } catch { return null; }
}

function remember(mark, place) {
  try { localStorage.setItem(mark, place); } catch { /* not kept */ }
}

function forget(mark) {
  try { localStorage.removeItem(mark); } catch { /* not kept */ }
}
