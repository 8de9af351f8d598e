"""Entries that nobody has checked for a year: the coordinator's list to go through."""

from maps.data import MapData, Spot
from maps.layer import Draw, Layer
from maps.points import resource_sheet
from maps.sheet import Mark, Sheet
from maps.symbols import STALE, UNDATED
from maps.words import STALE_DAYS, is_stale


def collect(data: MapData) -> Sheet:
    """Resources whose 最終確認 is older than a year, or not known."""
    total = sum(is_stale(spot.resource, data.on) for spot in data.spots)
    return resource_sheet(
        data,
        lambda spot: is_stale(spot.resource, data.on),
        mark=_mark,
        notes=(
            f"{STALE_DAYS}日をこえて確認されていないか、確認日のわからないものです。",
            f"{data.on.isoformat()}の時点で、{len(data.spots)}件中{total}件あります。",
        ),
    )


def _mark(spot: Spot) -> Mark:
    return UNDATED if spot.resource.assured_date is None else STALE


LAYER = Layer(
    key="stale",
    label="確認が古いもの",
    about="一年をこえて確認されていない記載、確認日のわからない記載",
    draw=Draw.POINTS,
    order=40,
    collect=collect,
    example="北船渡体操の会",
)
