"""Refuges in a disaster."""

from graph.vocabulary.concept import Family
from maps.data import MapData, Spot
from maps.layer import Draw, Layer
from maps.points import resource_sheet
from maps.sheet import Sheet
from maps.symbols import REFUGE


def collect(data: MapData) -> Sheet:
    """指定避難所, 指定緊急避難場所 and 福祉避難所."""
    return resource_sheet(data, lambda spot: is_refuge(spot, data), mark=lambda _spot: REFUGE)


def is_refuge(spot: Spot, data: MapData) -> bool:
    """Whether the category, or the office's own word for it, is a refuge in a disaster."""
    if spot.resource.category:
        concept = data.vocabulary.get(Family.CATEGORY, spot.resource.category)
        return "避難" in concept.label
    return "避難" in (spot.resource.category_text or "")


LAYER = Layer(
    key="shelters",
    label="避難所",
    about="災害のときの避難所と緊急避難場所",
    draw=Draw.POINTS,
    order=70,
    collect=collect,
    example="福祉避難所（総合福祉センター）",
    public=True,
)
