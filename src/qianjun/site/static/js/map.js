// The map of a page: layers by address, candidates from the list beside it. Without it the sketch stays.
const FONT = "'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif";
const AGAIN_MS = 60000;
const M_PER_DEGREE = 111320;
const CLOSEST = 16;
const figure = document.querySelector("[data-chart]");
const chart = JSON.parse(document.getElementById("chart").textContent);
const canvas = figure.querySelector("[data-canvas]");
let library;
let map;
let pins = [];
let shown = "";

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const collection = (features) => ({ type: "FeatureCollection", features });

// --- how things look: by what they are, so that a new layer needs no line here --------------------

const isArea = ["==", ["geometry-type"], "Polygon"];
const isPoint = ["==", ["geometry-type"], "Point"];
// what we send stands above its point, what happened below, so that both can be read at one place
const beside = (ours, point, area) => ["case", ["has", "ours"], ours, isPoint, point, area];

function paints(name) {
  const id = (kind) => `${name}:${kind}`;
  const quiet = name === "reports";
  const small = quiet || name === "responders";
  return [
    { id: id("fill"), type: "fill", filter: isArea, paint: { "fill-color": colour("map-block"), "fill-opacity": chart.tiles || name === "outline" ? 0 : 1 } },
    { id: id("line"), type: "line", filter: isArea, paint: name === "outline" ? { "line-color": colour("ink-2"), "line-width": 1.5, "line-dasharray": [4, 3] } : { "line-color": colour(chart.tiles ? "ink-3" : "map-road"), "line-width": 1.5 } },
    { id: id("dot"), type: "circle", filter: isPoint, paint: { "circle-radius": small ? 4 : 7, "circle-color": colour("surface"), "circle-stroke-color": ["case", ["has", "ours"], colour("teal"), colour(quiet ? "ink-2" : "ink")], "circle-stroke-width": small ? 1.5 : 2.5 } },
    { id: id("name"), type: "symbol", minzoom: name === "communities" ? 12 : 0, layout: { "text-field": quiet || name === "outline" ? "" : ["coalesce", ["get", "name"], ""], "text-font": ["sans"], "text-size": 12, "text-anchor": beside("bottom", "top", "center"), "text-offset": beside(["literal", [0, -0.9]], ["literal", [0, 0.8]], ["literal", [0, 0]]) }, paint: { "text-color": colour(name === "communities" ? "ink-2" : "ink"), "text-halo-color": colour("map-land"), "text-halo-width": 1.5 } },
  ];
}

function style() {
  const sources = {};
  const layers = [{ id: "land", type: "background", paint: { "background-color": colour("map-land") } }];
  if (chart.tiles) {
    sources.tiles = { type: "raster", tiles: [chart.tiles], tileSize: 256, maxzoom: chart.most_zoom };
    layers.push({ id: "tiles", type: "raster", source: "tiles", paint: { "raster-fade-duration": 0 } });
  }
  return { version: 8, sources, layers };
}

function repaint() {
  map.setPaintProperty("land", "background-color", colour("map-land"));
  for (const { name } of chart.layers) {
    for (const { id, paint } of paints(name)) {
      if (map.getLayer(id)) for (const [key, value] of Object.entries(paint)) map.setPaintProperty(id, key, value);
    }
  }
  map.setPaintProperty("reach", "line-color", colour("ink-2"));
}

// --- layers ---------------------------------------------------------------------------------------

async function fetched({ name, url }) {
  const reply = await fetch(url, { headers: { Accept: "application/geo+json" } });
  if (!reply.ok) throw new Error(`${reply.status}`);
  const features = await reply.json();
  const known = map.getSource(name);
  if (known) return known.setData(features);
  map.addSource(name, { type: "geojson", data: features });
  for (const layer of paints(name)) map.addLayer({ ...layer, source: name }, "reach");
  show(name);
}

function load(layers) {
  return Promise.all(layers.map((one) => fetched(one).catch(fail)));
}

function fail() {
  const note = figure.querySelector("[data-unmapped]");
  note.textContent = figure.dataset.failed;
  note.hidden = false;
}

function show(name) {
  const wanted = figure.querySelector(`[data-layer="${name}"]`)?.checked ?? true;
  for (const { id } of paints(name)) {
    if (map.getLayer(id)) map.setLayoutProperty(id, "visibility", wanted ? "visible" : "none");
  }
}

// --- candidates: what the list says, drawn --------------------------------------------------------

const rows = () => [...document.querySelectorAll("[data-spot]")].map((row, at) => ({
  row,
  n: at + 1,
  lon: Number(row.dataset.lon),
  lat: Number(row.dataset.lat),
  radius: Number(row.dataset.radius),
  name: row.dataset.name,
}));

function isOn({ row }) {
  const radio = row.querySelector("input[type=radio]");
  if (!radio) return true;
  const none = document.getElementById("place-0");
  return radio.checked || (none?.checked && row.hasAttribute("data-read"));
}

function ring({ lon, lat, radius }) {
  const east = radius / (M_PER_DEGREE * Math.cos((lat * Math.PI) / 180));
  const north = radius / M_PER_DEGREE;
  const points = Array.from({ length: 65 }, (_, at) => {
    const angle = (at / 32) * Math.PI;
    return [lon + east * Math.cos(angle), lat + north * Math.sin(angle)];
  });
  return { type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: points } };
}

function pin(spot) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "pin";
  button.tabIndex = -1;
  const number = document.createElement("b");
  number.textContent = spot.row.querySelector("input") ? spot.n : "";
  const label = document.createElement("span");
  label.textContent = spot.name;
  button.append(number, label);
  button.addEventListener("click", (event) => {
    event.stopPropagation();
    spot.row.querySelector("input[type=radio]")?.click();
  });
  const marker = new library.Marker({ element: button, anchor: "center", draggable: figure.hasAttribute("data-pick") });
  marker.setLngLat([spot.lon, spot.lat]).addTo(map);
  // the pin is a picture of a row of the list, which is read out
  button.setAttribute("aria-hidden", "true");
  marker.on("dragend", () => tell(marker.getLngLat()));
  return { marker, button, spot };
}

function draw() {
  if (!map.getSource("reach")) return;
  const spots = rows();
  for (const { marker } of pins) marker.remove();
  pins = spots.map(pin);
  mark();
  map.getSource("reach").setData(collection(spots.map(ring)));
  const now = spots.map(({ lon, lat }) => `${lon},${lat}`).join(" ");
  if (now !== shown) fit(spots);
  shown = now;
}

function mark() {
  for (const { button, spot } of pins) button.classList.toggle("on", isOn(spot));
}

function fit(spots) {
  const likely = spots.filter(isOn).length ? spots.filter(isOn) : spots;
  if (!likely.length) return void map.fitBounds(chart.bounds, { padding: 16, duration: 0 });
  const bounds = new library.LngLatBounds();
  for (const spot of likely) for (const point of ring({ ...spot, radius: Math.max(spot.radius * 2.5, 600) }).geometry.coordinates) bounds.extend(point);
  map.fitBounds(bounds, { padding: 32, maxZoom: CLOSEST, duration: 0 });
}

// --- the point that a person sets -----------------------------------------------------------------

function tell({ lng, lat }) {
  const detail = { lon: lng.toFixed(6), lat: lat.toFixed(6), crs: chart.crs };
  document.dispatchEvent(new CustomEvent("map:point", { detail }));
}

function pick() {
  map.on("click", ({ lngLat }) => tell(lngLat));
  map.getCanvas().addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    tell(map.getCenter());
  });
}

// --- start ----------------------------------------------------------------------------------------

function fallBack() {
  map?.remove();
  canvas.hidden = true;
  figure.querySelector("[data-layers]").hidden = true;
  figure.querySelector("[data-unmapped]").hidden = false;
  figure.dataset.map = "none";
}

function make() {
  library.setWorkerUrl(figure.dataset.worker);
  return new library.Map({
    container: canvas,
    style: style(),
    bounds: chart.bounds,
    fitBoundsOptions: { padding: 16 },
    attributionControl: false,
    dragRotate: false,
    touchPitch: false,
    pitchWithRotate: false,
    fadeDuration: 0,
    localIdeographFontFamily: FONT,
    locale: { "Map.Title": figure.dataset.title },
  });
}

async function begin() {
  map.addSource("reach", { type: "geojson", data: collection([]) });
  map.addLayer({ id: "reach", type: "line", source: "reach", paint: { "line-color": colour("ink-2"), "line-width": 1.5, "line-dasharray": [1, 2] } });
  draw();
  if (figure.hasAttribute("data-pick")) pick();
  figure.querySelector("[data-layers]").hidden = false;
  await load(chart.layers);
  map.once("idle", () => { figure.dataset.map = "ready"; });
  map.triggerRepaint();
}

function listen() {
  document.addEventListener("htmx:afterSettle", () => map.loaded && draw());
  document.addEventListener("change", ({ target }) => {
    if (target.dataset.layer) show(target.dataset.layer);
    else if (target.name === "place") mark();
  });
  const live = () => document.hidden || load(chart.layers.filter((one) => one.live));
  setInterval(live, AGAIN_MS);
  document.addEventListener("htmx:afterRequest", ({ detail }) => detail.elt.matches?.("[data-live]") && live());
  new MutationObserver(repaint).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}

async function start() {
  if (!document.createElement("canvas").getContext("webgl2")) return fallBack();
  try {
    library = await import(figure.dataset.library);
    canvas.hidden = false;
    map = make();
    map.keyboard.disableRotation();
    map.touchZoomRotate.disableRotation();
  } catch {
    return fallBack();
  }
  figure.dataset.map = "drawn";
  map.once("load", () => begin().then(listen));
}

start();
