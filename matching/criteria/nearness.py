"""近さ：本人の手段で何分かかるか（推計）。行かずに使えるなら遠さは問わない。"""

import numpy as np

from graph.model.resource import Resource
from graph.model.values import Point
from matching.ask import Ask
from matching.card import ResourceCard
from matching.criterion import Criterion, Finding, Floats, Kind
from matching.distance import metres_to
from matching.example import Example
from matching.index.rows import Rows
from matching.index.shared import REMOTE

#: What can be used without going there counts as a place some ten minutes away.
REMOTE_WORTH = 0.8
_A_KILOMETRE = 1000


def _measure(rows: Rows, ask: Ask) -> Floats:
    del ask
    return np.where(rows.number("remote") > 0, REMOTE_WORTH, np.nan)


def _by_metres(ask: Ask, metres: Floats) -> Floats:
    """Halves with every stretch as long as the person would go."""
    score: Floats = np.exp2(-ask.travelling.minutes(metres) / ask.travelling.limit)
    return score


def metres_text(metres: float) -> str:
    """「約700m」「約2.3km」."""
    return (
        f"約{round(metres, -1):.0f}m"
        if metres < _A_KILOMETRE
        else f"約{metres / _A_KILOMETRE:.1f}km"
    )


def _explain(card: ResourceCard, ask: Ask, score: float | None) -> Finding:
    limit = f"{ask.travelling.limit}分以内"
    metres = metres_to(card, ask)
    if card.remote and (metres is None or score == REMOTE_WORTH):
        return Finding(
            "出かけなくても使えます（オンライン・訪問・電話）。", limit, "訪問・オンライン・電話"
        )
    if metres is None:
        whose = "場所" if card.point is None else "住まいの位置"
        return Finding(f"{whose}が分からず、遠さは測れません。", limit)
    minutes, word = ask.travelling.fastest(metres)
    rough = "、区域の中心から" if card.point_is_rough or not ask.household.point_is_given else ""
    way = f"{word}{minutes:.0f}分"
    return Finding(f"{way}（{metres_text(metres)}{rough}・推計）", limit, way)


def _confirm(card: ResourceCard, _ask: Ask) -> str | None:
    return "どこで行っているか、通えるところか" if card.point is None and not card.hidden else None


_HOME = {"point": Point(35.60, 140.10), "modes": ("walk",), "point_is_given": True}


def _card(point: Point | None, **more: object) -> ResourceCard:
    return ResourceCard(resource=Resource(id="r", name="例", **more), point=point)  # type: ignore[arg-type]


CRITERION = Criterion(
    key="nearness",
    label="近さ",
    question="本人の手段で通いやすい近さか",
    kind=Kind.PREFERENCE,
    weight=2.0,
    neutral=0.4,
    columns=(REMOTE,),
    reads=frozenset(),
    measure=_measure,
    by_metres=_by_metres,
    explain=_explain,
    confirm=_confirm,
    examples=(
        Example(says="徒歩9分", card=_card(Point(35.605, 140.10)), score=0.812, household=_HOME),
        Example(says="徒歩90分", card=_card(Point(35.65, 140.10)), score=0.124, household=_HOME),
        Example(says="出かけなくても", card=_card(None, online=True), score=0.8, household=_HOME),
        Example(says="測れません", card=_card(None), score=None, household=_HOME),
    ),
)
