"""The page's own and vendored style and script, as text to put into one file."""

import json
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

from graph.errors import TsunaguError

VENDOR_SCRIPTS = ("leaflet/leaflet.js", "markercluster/leaflet.markercluster.js")
VENDOR_STYLES = ("leaflet/leaflet.css", "markercluster/MarkerCluster.css")


class AssetError(TsunaguError):
    """A shipped file is missing or was changed."""

    code = "assets"
    default_hint = "つなぐを入れ直してください（make install）。"


def _folder() -> Traversable:
    return files("maps")


@cache
def manifest() -> dict[str, str]:
    """Vendored files and their SHA-256."""
    data = json.loads(_folder().joinpath("vendor", "MANIFEST.json").read_text(encoding="utf-8"))
    return {name: digest for pack in data["packages"] for name, digest in pack["files"].items()}


@cache
def vendored(name: str) -> str:
    """Text of a vendored file, checked against the manifest."""
    expected = manifest().get(name)
    if expected is None:
        raise AssetError(f"地図の部品「{name}」は目録にありません。", facts={"name": name})
    try:
        content = _folder().joinpath("vendor", *name.split("/")).read_bytes()
    except FileNotFoundError:
        raise AssetError(f"地図の部品「{name}」が見つかりません。", facts={"name": name}) from None
    if sha256(content).hexdigest() != expected:
        raise AssetError(f"地図の部品「{name}」が書き換わっています。", facts={"name": name})
    return content.decode("utf-8")


@cache
def own(name: str) -> str:
    """Text of a file of ``maps/static``."""
    return _folder().joinpath("static", name).read_text(encoding="utf-8")


def script_text(text: str) -> str:
    """A script that can stand inside ``<script>``: nothing in it closes the element."""
    return text.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def style_text(text: str) -> str:
    """A style sheet without references to files: pictures it names are not used on our maps."""
    kept = []
    for rule in text.split("}"):
        body = rule.partition("{")[2]
        if "url(" in body and "url(data:" not in body and "url(#" not in body:
            lines = [line for line in rule.split("\n") if "url(" not in line or "url(#" in line]
            kept.append("\n".join(lines))
        else:
            kept.append(rule)
    return "}".join(kept).replace("</style", "<\\/style")
