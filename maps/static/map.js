/* The map is drawn from the rows of the tables below it. All text is put in as text, never as HTML. */
function tsunaguMap(map, settings) {
  "use strict";
  var FILL = [0.06, 0.18, 0.32, 0.46, 0.6];
  var shapes = JSON.parse(document.getElementById("shapes").textContent);
  var drawn = new Map();
  var layers = new Map();
  var status = document.getElementById("map-status");

  function make(tag, className, text) {
    var node = document.createElement(tag);
    if (className) { node.className = className; }
    if (text) { node.textContent = text; }
    return node;
  }

  function popupOf(row) {
    var box = make("div");
    var heads = row.closest("table").tHead.rows[0].cells;
    box.append(make("strong", "", row.cells[0].textContent));
    var list = make("dl");
    for (var i = 1; i < row.cells.length - 1; i += 1) {
      var text = row.cells[i].textContent;
      if (text) { list.append(make("dt", "", heads[i].textContent), make("dd", "", text)); }
    }
    box.append(list);
    var link = make("a", "", "一覧の行を見る");
    link.href = "#" + row.id;
    link.addEventListener("click", function () { row.closest("details").open = true; });
    box.append(link);
    return box;
  }

  var MarkIcon = L.Icon.extend({
    createIcon: function () {
      var box = make("div", "mark-icon leaflet-marker-icon" + (this.options.old ? " old" : ""));
      var legend = document.getElementById("mark-" + this.options.mark);
      if (legend) { box.append(legend.querySelector("svg").cloneNode(true)); }
      return box;
    },
    createShadow: function () { return null; }
  });

  var CountIcon = L.Icon.extend({
    createIcon: function () {
      var n = this.options.count;
      var size = n < 10 ? 36 : n < 100 ? 44 : 54;
      var box = make("div", "cluster leaflet-marker-icon", String(n));
      box.style.width = box.style.height = size + "px";
      box.style.marginLeft = box.style.marginTop = -size / 2 + "px";
      box.setAttribute("aria-label", n + "件のまとまり。選ぶと広がります");
      return box;
    },
    createShadow: function () { return null; }
  });

  function pointsLayer(rows) {
    var group = L.markerClusterGroup({
      chunkedLoading: true, showCoverageOnHover: false, maxClusterRadius: 52, animate: false,
      iconCreateFunction: function (cluster) { return new CountIcon({ count: cluster.getChildCount() }); }
    });
    rows.forEach(function (row) {
      var marker = L.marker([Number(row.dataset.lat), Number(row.dataset.lon)], {
        icon: new MarkIcon({ mark: row.dataset.mark, old: row.dataset.old === "1" }),
        title: row.cells[0].textContent
      });
      marker.bindPopup(function () { return popupOf(row); }, { minWidth: 260, maxWidth: 420 });
      drawn.set(row, marker);
    });
    return group;
  }

  function areaStyle(row, colour) {
    var outline = row.dataset.outline === "1";
    return {
      color: colour, weight: outline ? 3 : 1.5, opacity: outline ? 0.9 : 0.7,
      fillColor: colour, fillOpacity: outline ? 0 : FILL[Number(row.dataset.shade || 0)], fill: !outline
    };
  }

  map.createPane("labels").style.zIndex = 450;

  function labelOf(text) {
    var box = make("span");
    text.split("\u3000").forEach(function (part) { box.append(make("span", "line", part)); });
    return box;
  }

  function areasLayer(rows, colour) {
    var group = L.featureGroup();
    rows.forEach(function (row) {
      var shape = L.geoJSON(shapes[row.dataset.shape], { style: function () { return areaStyle(row, colour); } });
      shape.bindPopup(function () { return popupOf(row); }, { minWidth: 260, maxWidth: 420 });
      if (row.dataset.label) {
        shape.bindTooltip(labelOf(row.dataset.label), { pane: "labels", permanent: true, direction: "center", className: "area-label" });
      }
      drawn.set(row, shape);
    });
    return group;
  }

  function chosen() {
    var select = document.getElementById("filter");
    return select ? select.value : "";
  }

  function fill(layer) {
    var wanted = chosen();
    var rows = layer.rows.filter(function (row) {
      var value = layer.filterCell < 0 ? "" : row.cells[layer.filterCell].textContent;
      var keep = layer.draw === "reach" ? value === wanted : !wanted || layer.filterCell < 0 || value === wanted;
      row.hidden = Boolean(wanted) && !keep;
      return keep;
    });
    layer.unplaced.forEach(function (row) {
      row.hidden = Boolean(wanted) && layer.filterCell >= 0 && row.cells[layer.filterCell].textContent !== wanted;
    });
    var items = rows.map(function (row) { return drawn.get(row); });
    layer.group.clearLayers();
    if (layer.draw === "points") { layer.group.addLayers(items); } else { items.forEach(function (item) { layer.group.addLayer(item); }); }
    layer.section.querySelectorAll("details").forEach(function (part) {
      part.hidden = !part.querySelector("tbody tr:not([hidden])");
    });
    return rows.length;
  }

  function refill() {
    var parts = [];
    layers.forEach(function (layer) {
      var count = fill(layer);
      if (layer.draw === "points") { parts.push(layer.label + " " + count + "件"); }
    });
    if (status) { status.textContent = (chosen() ? "「" + chosen() + "」だけを示しています。" : "すべての分類を示しています。") + (parts.length ? "地図に置けるもの：" + parts.join("、") : ""); }
  }

  function show(layer, on) {
    if (on) { layer.group.addTo(map); } else { layer.group.remove(); }
    layer.box.checked = on;
  }

  document.querySelectorAll("section[data-layer]").forEach(function (section) {
    var rows = Array.from(section.querySelectorAll("tbody tr"));
    var draw = section.dataset.draw;
    var placed = rows.filter(function (row) { return draw === "points" ? row.dataset.lat : row.dataset.shape; });
    var layer = {
      section: section, label: section.dataset.label, draw: draw, rows: placed,
      unplaced: rows.filter(function (row) { return placed.indexOf(row) < 0 && !row.dataset.lat && !row.dataset.shape; }),
      filterCell: Number(section.dataset.filterCell),
      group: draw === "points" ? pointsLayer(placed) : areasLayer(placed, section.dataset.colour),
      box: document.getElementById("show-" + section.dataset.layer)
    };
    layers.set(section.dataset.layer, layer);
    layer.box.addEventListener("change", function () { show(layer, layer.box.checked); });
  });
  refill();
  layers.forEach(function (layer) { if (layer.box.defaultChecked) { show(layer, true); } });
  var filter = document.getElementById("filter");
  if (filter) {
    filter.addEventListener("change", function () {
      refill();
      var reach = layers.get("reach");
      if (reach && chosen() && reach.rows.some(function (row) { return !row.hidden; })) { show(reach, true); }
    });
  }

  function openPoint(group, marker) {
    var spot = marker.getLatLng();
    map.setView(spot, Math.max(map.getZoom(), 15), { animate: false });
    var shown = group.getVisibleParent(marker);
    if (shown && shown !== marker) {
      map.setView(spot, map.getMaxZoom(), { animate: false });
      shown = group.getVisibleParent(marker);
      if (shown && shown !== marker) { shown.spiderfy(); }
    }
    marker.openPopup();
  }

  function openRow(row) {
    var layer = layers.get(row.closest("section").dataset.layer);
    var item = drawn.get(row);
    show(layer, true);
    map.getContainer().scrollIntoView({ block: "nearest" });
    if (layer.draw === "points") {
      openPoint(layer.group, item);
    } else {
      if (!layer.group.hasLayer(item)) { layer.group.addLayer(item); }
      map.fitBounds(item.getBounds(), { animate: false });
      item.openPopup();
    }
    map.getContainer().focus({ preventScroll: true });
  }

  document.addEventListener("click", function (event) {
    var link = event.target.closest("a.goto");
    if (link) { event.preventDefault(); openRow(link.closest("tr")); }
  });

  map.on("popupopen", function (event) {
    var button = event.popup.getElement().querySelector(".leaflet-popup-close-button");
    if (button) { button.setAttribute("aria-label", "閉じる"); button.title = "閉じる"; }
  });
  L.control.zoom({ zoomInTitle: "地図を拡大する", zoomOutTitle: "地図を縮小する" }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  map.attributionControl.setPrefix("地図の表示：Leaflet");
  map.attributionControl.addAttribution(settings.attribution);
  var container = map.getContainer();
  container.setAttribute("role", "region");
  container.setAttribute("aria-label", "地図（下の一覧と同じ内容です。矢印キーで動かせます）");
  document.documentElement.dataset.ready = "1";
}
