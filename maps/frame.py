"""The folium map inside the page: its own CDN links are replaced by vendored text, or refused."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import folium
from branca.element import Element, Figure, MacroElement
from folium.elements import JSCSSMixin
from folium.template import Template

from maps.assets import VENDOR_SCRIPTS, VENDOR_STYLES, AssetError

#: What folium asks for by name → the vendored file that stands for it, or None where we use none.
_STANDS_FOR: dict[str, str | None] = {
    "leaflet": "leaflet/leaflet.js",
    "leaflet_css": "leaflet/leaflet.css",
    "markerclusterjs": "markercluster/leaflet.markercluster.js",
    "markerclustercss": "markercluster/MarkerCluster.css",
    "jquery": None,
    "bootstrap": None,
    "bootstrap_css": None,
    "glyphicons_css": None,
    "awesome_markers": None,
    "awesome_markers_font_css": None,
    "awesome_markers_css": None,
    "awesome_rotate_css": None,
}
#: The islands of Japan, for a store without any place.
_JAPAN = ((26.0, 127.0), (44.5, 145.5))
_NAME = "tsunagu"

Bounds = tuple[tuple[float, float], tuple[float, float]]


class RowLayers(JSCSSMixin, MacroElement):
    """Starts the script that draws the layers from the tables of the page."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            tsunaguMap({{ this._parent.get_name() }}, {{ this.settings|tojson }});
        {% endmacro %}
        """
    )
    default_js = [("markerclusterjs", "leaflet.markercluster.js")]  # noqa: RUF012 - folium's form
    default_css = [("markerclustercss", "MarkerCluster.css")]  # noqa: RUF012 - folium's form

    def __init__(self, settings: dict[str, str]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "RowLayers"
        self._id = _NAME
        self.settings = settings


def make_map(bounds: Bounds | None, attribution: str) -> folium.Map:
    """An empty map without tiles that fits the bounds (south-west, north-east)."""
    south_west, north_east = bounds or _JAPAN
    made = folium.Map(
        location=[
            (south_west[0] + north_east[0]) / 2,
            (south_west[1] + north_east[1]) / 2,
        ],
        tiles=None,
        zoom_control=False,
        prefer_canvas=True,
        maxZoom=18,
        minZoom=4,
        zoomSnap=0.5,
        fadeAnimation=False,
        zoomAnimation=False,
    )
    # 同じ台帳からは同じファイルができるように、乱数の名前を使わない。
    made._id = _NAME  # noqa: SLF001 - folium offers no other way
    made.add_child(RowLayers({"attribution": attribution}))
    made.fit_bounds([list(south_west), list(north_east)])
    return made


def pieces(made: folium.Map) -> tuple[str, str]:
    """The map's element and its script; folium's head is not used, since it links outside."""
    check_vendored(made)
    figure = made.get_root()
    if not isinstance(figure, Figure):
        raise TypeError(type(figure))
    figure.render()
    return str(figure.html.render()), str(figure.script.render())


def check_vendored(root: Element) -> None:
    """Raise AssetError when a part of the map needs a file that we do not ship (fail closed)."""
    for part in _walk(root):
        if not isinstance(part, JSCSSMixin):
            continue
        for name, _address in (*part.default_js, *part.default_css):
            if name not in _STANDS_FOR:
                raise AssetError(
                    f"地図の部品「{name}」は同梱していません。",
                    hint="maps/vendor に加えるか、その部品を使わないでください。",
                    facts={"name": name},
                )


def needed(made: folium.Map) -> tuple[Sequence[str], Sequence[str]]:
    """Vendored scripts and styles the map stands on, in the order they must load."""
    names = {
        _STANDS_FOR.get(name)
        for part in _walk(made)
        if isinstance(part, JSCSSMixin)
        for name, _address in (*part.default_js, *part.default_css)
    }
    return _kept(VENDOR_SCRIPTS, names), _kept(VENDOR_STYLES, names)


def _kept(files: Iterable[str], names: set[str | None]) -> Sequence[str]:
    return tuple(name for name in files if name in names)


def _walk(element: Any) -> Iterator[Any]:  # noqa: ANN401 - branca is untyped
    yield element
    for child in element._children.values():  # noqa: SLF001 - branca's tree has no reader
        yield from _walk(child)
