"""通える範囲：どの手段でも通えない遠さの場は外す。区域に住む人が対象の場と、行かずに使える場は残す。"""

import numpy as np

from graph.model.resource import Resource
from graph.model.values import Point
from matching.ask import Ask, Fact
from matching.card import ResourceCard
from matching.criteria.area import CRITERION as AREA
from matching.criteria.area import area_scores
from matching.criterion import Change, Criterion, Finding, Floats, Kind
from matching.distance import metres_to
from matching.example import Example
from matching.index.rows import Rows
from matching.index.shared import ANYWHERE, REMOTE, SERVED, served_of


def _measure(rows: Rows, ask: Ask) -> Floats:
    """Open whatever the distance; unknown here means that the distance decides."""
    listed = (area_scores(rows, ask) == 1) & (rows.lookup("served", "listed", _is_listed) == 1)
    return np.where(listed | (rows.number("remote") > 0), 1.0, np.nan)


def _within_m(ask: Ask) -> float:
    return ask.travelling.radius_m


def _is_listed(served: tuple[str, ...] | None) -> float:
    return float(served is not None and served != (ANYWHERE,))


def _explain(card: ResourceCard, ask: Ask, score: float | None) -> Finding:
    if card.remote:
        return Finding("出かけなくても使えます（オンライン・訪問・電話）。")
    metres = metres_to(card, ask)
    if metres is None:
        return Finding("場所か住まいの位置が分からず、通えるかは確かめられません。")
    minutes, word = ask.travelling.fastest(metres)
    way = f"{word}で約{minutes:.0f}分（推計）"
    if score:
        if served_of(card) not in (None, (ANYWHERE,)):
            return Finding("住まいの区域を対象にしています。", offered=way)
        return Finding("通える範囲にあります。", offered=way)
    limit = f"{ask.travelling.limit}分以内"
    return Finding(f"遠すぎて通えません（{way}・希望は{limit}）。", limit, way)


def _relax(card: ResourceCard, ask: Ask) -> Change | None:
    metres = metres_to(card, ask)
    if metres is None:
        return None
    minutes, word = ask.travelling.fastest(metres)
    over = max(0.0, minutes / ask.travelling.beyond - 1)
    return Change(
        wanted=f"{ask.travelling.limit}分以内",
        offered=f"{word}で約{minutes:.0f}分",
        change="送迎・出張・オンラインのどれかがあると",
        amount=1.0 + over,
    )


_HOME = {"point": Point(35.60, 140.10), "modes": ("walk",), "areas": ("city",)}


def _card(point: Point | None, **more: object) -> ResourceCard:
    return ResourceCard(resource=Resource(id="r", name="例", **more), point=point)  # type: ignore[arg-type]


CRITERION = Criterion(
    key="reach",
    label="通える範囲",
    question="今の手段で通えるところか",
    kind=Kind.GATE,
    order=11,
    columns=(*AREA.columns, SERVED, REMOTE),
    reads=frozenset({Fact.AREAS}),
    measure=_measure,
    within_m=_within_m,
    explain=_explain,
    relax=_relax,
    examples=(
        Example(says="通える範囲", card=_card(Point(35.605, 140.10)), score=1, household=_HOME),
        Example(says="遠すぎて", card=_card(Point(34.7, 135.5)), score=0, household=_HOME),
        Example(
            says="出かけなくても",
            card=_card(Point(34.7, 135.5), online=True),
            score=1,
            household=_HOME,
        ),
        Example(says="確かめられません", card=_card(None), score=None, household=_HOME),
    ),
)
