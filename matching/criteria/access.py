"""身体の条件と移動：車椅子で入れるか、送迎や訪問があるか。要る人にだけ効く。"""

import numpy as np

from graph.model.resource import Resource
from graph.vocabulary.concept import Family
from matching.ask import Ask, Fact
from matching.card import ResourceCard
from matching.criterion import Change, Criterion, Finding, Floats, Kind
from matching.example import Example, concept
from matching.index.column import Number
from matching.index.rows import Rows
from matching.profile import Person
from matching.traits import with_trait

_FETCHING = frozenset({"pickup", "home_visit_ok"})


def _wheels(card: ResourceCard) -> float | None:
    stated = card.resource.wheelchair
    if stated is None and "wheelchair_ok" in (card.resource.settings or ()):
        return 1.0
    return None if stated is None else float(stated)


def _comes(card: ResourceCard) -> float | None:
    """1 = fetches people, comes to them or needs no way at all; ``None`` = not known."""
    resource = card.resource
    if resource.transport or card.remote:
        return 1.0
    if resource.settings and not _FETCHING.isdisjoint(resource.settings):
        return 1.0
    return 0.0 if resource.transport is False else None


_WHEELS = Number("wheelchair", _wheels)
_COMES = Number("comes", _comes)
_MISSING = 0.15
#: By whether there is a level way in, and whether it comes or fetches.
_OFFERED = {
    (False, False): None,
    (True, False): "車椅子可",
    (False, True): "送迎・訪問・オンライン",
    (True, True): "車椅子可・送迎・訪問・オンライン",
}


def asks_for(ask: Ask) -> tuple[bool, bool]:
    """Whether the person needs a level way in, and to be fetched or visited."""
    barriers = ask.person.barriers
    level = bool(with_trait(barriers, Family.BARRIER, "access", ask.vocabulary))
    level |= "wheelchair" in ask.household.modes
    return level, bool(with_trait(barriers, Family.BARRIER, "transport", ask.vocabulary))


def _measure(rows: Rows, ask: Ask) -> Floats:
    level, fetched = asks_for(ask)
    result = np.full(rows.n, np.nan)
    for needed, name in ((level, "wheelchair"), (fetched, "comes")):
        if needed:
            value = rows.number(name)
            result = np.fmin(result, np.where(value == 0, _MISSING, value))
    return result


def _explain(card: ResourceCard, ask: Ask, score: float | None) -> Finding:
    asked = ask.once("access", lambda: _asked(ask))
    offered = _OFFERED[bool(_wheels(card)), bool(_comes(card))]
    if asked is None:
        return Finding("身体や移動で特に要る配慮は、聞いていません。", None, offered)
    if score is None:
        return Finding(f"{asked}があるかの記録がありません。", asked, offered)
    if score == 1:
        return Finding(f"{offered}です。", asked, offered)
    return Finding(f"{asked}がないと記録されています。", asked, offered or "なし")


def _asked(ask: Ask) -> str | None:
    level, fetched = asks_for(ask)
    wanted = [text for on, text in ((level, "段差のない入口"), (fetched, "送迎・訪問")) if on]
    return "・".join(wanted) or None


def _confirm(_card: ResourceCard, ask: Ask) -> str | None:
    return ask.once("access_question", lambda: _question(ask))


def _question(ask: Ask) -> str | None:
    level, fetched = asks_for(ask)
    asked = [
        text
        for on, text in ((level, "車椅子や杖で入れるか"), (fetched, "送迎や訪問があるか"))
        if on
    ]
    return "、".join(asked) or None


def _relax(_card: ResourceCard, ask: Ask) -> Change:
    level, _ = asks_for(ask)
    wanted = "段差の解消" if level else "送迎か訪問"
    return Change(wanted, "なし", f"{wanted}があると", 1.0)


def _card(**facts: bool) -> ResourceCard:
    return ResourceCard(resource=Resource(id="r", name="例", **facts))  # type: ignore[arg-type]


_STEPS = concept(Family.BARRIER, "steps", "段差が使えない", traits=frozenset({"access"}))
_FAR = concept(Family.BARRIER, "no_way", "移動手段がない", traits=frozenset({"transport"}))
_WHEELED = Person(id="m1", barriers=frozenset({"steps"}))
_STUCK = Person(id="m1", barriers=frozenset({"no_way"}))

CRITERION = Criterion(
    key="access",
    label="設備・移動の配慮",
    question="身体や移動の条件に合うか",
    silent=lambda ask: not any(asks_for(ask)),
    kind=Kind.PREFERENCE,
    weight=1.5,
    columns=(_WHEELS, _COMES),
    reads=frozenset({Fact.BARRIERS, Fact.MODES}),
    measure=_measure,
    explain=_explain,
    confirm=_confirm,
    relax=_relax,
    examples=(
        Example(
            says="車椅子可です",
            card=_card(wheelchair=True),
            person=_WHEELED,
            concepts=(_STEPS,),
            score=1,
        ),
        Example(
            says="ないと記録",
            card=_card(wheelchair=False),
            person=_WHEELED,
            concepts=(_STEPS,),
            score=0.15,
        ),
        Example(
            says="送迎・訪問・オンライン",
            card=_card(transport=True),
            person=_STUCK,
            concepts=(_FAR,),
            score=1,
        ),
        Example(says="記録がありません", card=_card(), person=_STUCK, concepts=(_FAR,), score=None),
        Example(says="聞いていません", card=_card(wheelchair=True), score=None),
    ),
)
