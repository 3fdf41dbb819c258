// Domain time: where the server said it stands, running on at its speed.
const anchor = { domain: Date.now(), page: performance.now(), speed: 1 };

export function anchorTo(instant, speed) {
  const domain = Date.parse(instant);
  if (Number.isNaN(domain)) return;
  Object.assign(anchor, { domain, page: performance.now(), speed: Number(speed) || 0 });
}

export function now() {
  return anchor.domain + (performance.now() - anchor.page) * anchor.speed;
}

// how often something that shows whole seconds has to be looked at
export function tickMs() {
  return anchor.speed > 1 ? 250 : 1000;
}

const BEIJING = { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const minute = new Intl.DateTimeFormat("en-GB", BEIJING);
const second = new Intl.DateTimeFormat("en-GB", { ...BEIJING, second: "2-digit" });

export const hhmm = (instant = now()) => minute.format(instant);
export const hhmmss = (instant = now()) => second.format(instant);

const { now: instant, speed } = document.body.dataset;
if (instant) anchorTo(instant, speed);

// every answer to the page's own questions carries the clock: a drill may have moved it
document.addEventListener("htmx:afterRequest", ({ detail: { xhr } }) => {
  const told = xhr?.getResponseHeader("Qianjun-Now");
  if (told) anchorTo(told, xhr.getResponseHeader("Qianjun-Speed"));
});
