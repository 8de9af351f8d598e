"""Needs that found no place, counted by area; small counts are never shown."""

from collections import Counter, defaultdict
from collections.abc import Mapping

from graph.vocabulary.concept import Family
from maps.data import MapData
from maps.layer import Draw, Layer
from maps.place import Placement
from maps.shapes import light
from maps.sheet import Feature, Sheet

#: A smaller count could point to a household.
FEWEST = 5
_NOTHING_YET = "まだ記録がありません。相談の画面の「不足として記録」から残せます。"
_STEPS = (5, 10, 20, 40)


def collect(data: MapData) -> Sheet:
    """One row an area, with the needs that at least ``FEWEST`` people asked for in vain."""
    by_area: dict[str, Counter[str]] = defaultdict(Counter)
    for record in data.unmet:
        known = record.area_id if record.area_id in data.areas.areas else None
        key = data.area_at_level(known) if known else None
        if data.area is None or (key and data.area in data.areas.ancestors(key)):
            by_area[key or ""][record.need] += 1
    return Sheet(
        title_column="区域",
        columns=("見つからなかった困りごと", "合わせて"),
        features=[_feature(key, by_area[key], data) for key in sorted(by_area)],
        shades=("5件に満たない、または示せない", "5件から", "10件から", "20件から", "40件から"),
        notes=(
            *(() if data.unmet else (_NOTHING_YET,)),
            f"{FEWEST}件に満たない数は、世帯がわからないように示しません。",
            "相談に来た人の分だけを数えています。相談していない人の困りごとは入っていません。",
        ),
    )


def _feature(area_id: str, counts: Counter[str], data: MapData) -> Feature:
    shown, total = disclosed(counts)
    geometry = light(data.areas.polygon(area_id)) if area_id else None
    name = data.areas.areas[area_id].name if area_id else ""
    words = [f"{_label(need, data)} {n}件" for need, n in shown.items()]
    return Feature(
        key=area_id,
        title=data.area_name(area_id),
        group="見つからなかった困りごと",
        cells=("、".join(words) or "どれも5件に満たない", f"{total}件" if total else "示さない"),
        placement=Placement.PLACED if geometry else Placement.NOT_DRAWN,
        geometry=geometry,
        shade=sum((total or 0) >= step for step in _STEPS),
        map_label=f"{name}　{total}件" if total else f"{name}　少数",
    )


def disclosed(counts: Mapping[str, int]) -> tuple[dict[str, int], int | None]:
    """What may be shown of an area: needs at or above the limit, and the total.

    The total is withheld where it would give away a hidden count, that is unless the hidden needs
    are none, or at least two that together reach the limit.

    >>> disclosed({"a": 6, "b": 2})
    ({'a': 6}, None)
    >>> disclosed({"a": 6, "b": 3, "c": 4})
    ({'a': 6}, 13)
    """
    shown = {need: n for need, n in sorted(counts.items(), key=_most) if n >= FEWEST}
    hidden = [n for n in counts.values() if n < FEWEST]
    safe = not hidden or (len(hidden) > 1 and sum(hidden) >= FEWEST)
    return shown, sum(counts.values()) if safe else None


def _most(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


def _label(need: str, data: MapData) -> str:
    return data.vocabulary.get(Family.NEED, need).label


LAYER = Layer(
    key="unmet",
    label="見つからなかった困りごと",
    about="行き先の見つからなかった困りごとを区域ごとに数えたもの（だれの相談かはわかりません）",
    draw=Draw.AREAS,
    order=60,
    collect=collect,
    example="みほん市川辺区新橋圏域",
    colour="#c2410c",
)
