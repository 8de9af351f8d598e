// 地図：左の一覧と同じ絞り込みの点。名前は必ず文字として入れる（HTMLとして読ませない）。

const box = document.getElementById("map");
const note = document.getElementById("map-note");

const element = (tag, className, text) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
};

const getJson = async (url) => {
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  const body = await answer.json();
  if (!answer.ok) throw new Error(`${body.message}${body.hint}`);
  return body;
};

const SVG = "http://www.w3.org/2000/svg";
const markerIcon = (p) => {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "-2 -2 28 28");
  svg.setAttribute("class", "map-mark");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", p.outline);
  path.setAttribute("fill", p.colour);
  const letter = document.createElementNS(SVG, "text");
  letter.setAttribute("x", "12");
  letter.setAttribute("y", "17");
  letter.textContent = p.letter;
  svg.append(path, letter);
  return L.divIcon({ html: svg, className: "", iconSize: [30, 30] });
};

const popup = (p) => {
  const body = element("div");
  const name = element("a", "", p.name);
  name.href = `/resources/${encodeURIComponent(p.id)}`;
  body.append(name, element("div", "", p.category));
  if (p.when) body.append(element("div", "", p.when));
  return body;
};

const rowOf = (id) => document.querySelector(`.list-entry[data-id="${CSS.escape(id)}"]`);

const start = async () => {
  const map = L.map(box, { attributionControl: true, maxZoom: 18, minZoom: 5, preferCanvas: true, zoomControl: true });
  map.attributionControl.setPrefix("Leaflet");
  map.setView([35.68, 139.76], 10);
  const cluster = L.markerClusterGroup({
    showCoverageOnHover: false,
    chunkedLoading: true,
    maxClusterRadius: 64,
    iconCreateFunction: (group) => {
      const count = group.getChildCount();
      const size = count < 10 ? 32 : count < 100 ? 40 : 48;
      const mark = element("span", "map-cluster", String(count));
      mark.style.width = mark.style.height = `${size}px`;
      return L.divIcon({ html: mark, className: "", iconSize: [size, size] });
    },
  });
  const markers = new Map();
  const data = await getJson(box.dataset.points);
  for (const feature of data.features) {
    const p = feature.properties;
    const [lon, lat] = feature.geometry.coordinates;
    const marker = L.marker([lat, lon], { icon: markerIcon(p), title: p.name, alt: `${p.name}（${p.category}）`, keyboard: true });
    marker.bindPopup(() => popup(p));
    marker.on("mouseover", () => rowOf(p.id)?.classList.add("lit"));
    marker.on("mouseout", () => rowOf(p.id)?.classList.remove("lit"));
    marker.on("click", () => rowOf(p.id)?.scrollIntoView({ block: "nearest" }));
    markers.set(p.id, marker);
    cluster.addLayer(marker);
  }
  // 印を出す前に場所を合わせる：動きながら開くと、まとめた印が重なったまま見える間がある。
  if (markers.size) map.fitBounds(cluster.getBounds().pad(0.05), { animate: false });
  map.addLayer(cluster);

  const light = (id, on) => {
    const marker = markers.get(id);
    const shown = marker && cluster.getVisibleParent(marker);
    const icon = shown?.getElement?.() ?? shown?._icon;
    icon?.firstElementChild?.classList.toggle("lit", on);
  };
  for (const row of document.querySelectorAll(".list-entry[data-id]")) {
    row.addEventListener("mouseenter", () => light(row.dataset.id, true));
    row.addEventListener("mouseleave", () => light(row.dataset.id, false));
    row.addEventListener("focusin", () => light(row.dataset.id, true));
    row.addEventListener("focusout", () => light(row.dataset.id, false));
  }

  const overlays = new Map();
  const words = (properties) =>
    Object.entries(properties)
      .filter(([key, value]) => !["mark", "placement", "group", "title", "id", "stale"].includes(key) && value)
      .map(([key, value]) => `${key === "placement_label" ? "地図" : key}：${value}`);
  const overlay = async (key) => {
    const layer = await getJson(`/api/layers/${key}.geojson`);
    const drawn = layer.features.filter((feature) => feature.geometry);
    note.textContent = drawn.length ? (layer.notes ?? []).join(" ") : `「${layer.name}」には、地図に描けるものがありません。`;
    return L.geoJSON({ type: "FeatureCollection", features: drawn }, {
      style: { color: "#00428c", weight: 1.5, fillOpacity: 0.06 },
      pointToLayer: (_feature, at) => L.circleMarker(at, { radius: 6, color: "#8b3200", weight: 2, fillOpacity: 0.5 }),
      onEachFeature: (feature, made) => {
        made.bindPopup(() => {
          const body = element("div");
          body.append(element("strong", "", feature.properties.title));
          for (const line of words(feature.properties)) body.append(element("div", "", line));
          return body;
        });
      },
    });
  };
  const toggle = async (field) => {
    const key = field.dataset.layer;
    try {
      if (field.checked && !overlays.has(key)) overlays.set(key, await overlay(key));
      const layer = overlays.get(key);
      if (!layer) return;
      if (field.checked) {
        layer.addTo(map);
        layer.bringToBack();
        if (!markers.size && layer.getLayers().length) map.fitBounds(layer.getBounds());
      } else layer.remove();
    } catch (error) {
      note.textContent = error.message;
    }
  };
  for (const field of document.querySelectorAll("[data-layer]")) {
    field.addEventListener("change", () => toggle(field));
    if (field.checked) await toggle(field);
  }
};

if (box) {
  start().catch((error) => {
    note.textContent = error.message;
  });
}
