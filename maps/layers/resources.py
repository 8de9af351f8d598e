"""Resources by what they answer, with a symbol of shape, letter and colour."""

from maps.data import MapData
from maps.layer import Draw, Layer
from maps.layers.shelters import is_refuge
from maps.points import resource_sheet
from maps.sheet import Sheet


def collect(data: MapData) -> Sheet:
    """Every resource that is not a refuge of its own kind (those have a layer)."""
    notes = [f"終了と記録されている{data.closed}件は載せていません。"] if data.closed else []
    return resource_sheet(data, lambda spot: not is_refuge(spot, data), notes=notes)


LAYER = Layer(
    key="resources",
    label="地域資源",
    about="相談先、居場所、サービス、住民の活動。同じ所に多いときは数でまとめます",
    draw=Draw.POINTS,
    order=20,
    collect=collect,
    example="いきいきプラザ川辺",
    shown=True,
    public=True,
)
