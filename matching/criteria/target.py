"""ふつうの対象：その場が想定する人（状況・年齢）に、本人や家族が近いか。"""

import numpy as np

from graph.model.resource import Resource
from graph.vocabulary.concept import Family
from matching.ask import Ask, Fact
from matching.card import ResourceCard
from matching.criteria.age import age_text
from matching.criterion import Criterion, Finding, Floats, Kind
from matching.example import Example, concept
from matching.index.column import Bits, Number
from matching.index.rows import Rows
from matching.profile import Person
from matching.target import eligible_of, is_only, labels_of

#: Where it is limited to others and nothing says the person is one of them.
LIMITED_TO_OTHERS = 0.05
MEANT_FOR_OTHERS = 0.4
#: Years beside the usual ages after which it counts as meant for others.
YEARS_BESIDE = 10.0

_ELIGIBLE = Bits("eligible", eligible_of, Family.SITUATION)
_ONLY = Number("eligible_only", lambda card: float(is_only(card)), "u1")


def _usual(card: ResourceCard, name: str, own: float | None) -> float | None:
    """The usual bound of its category; silent where the resource states its own ages."""
    if card.resource.minimum_age is not None or card.resource.maximum_age is not None:
        return own
    fact = card.fact(name)
    return float(fact) if fact else None


_LOW = Number("usual_low", lambda card: _usual(card, "min_age", card.resource.minimum_age))
_HIGH = Number("usual_high", lambda card: _usual(card, "max_age", card.resource.maximum_age))


def _measure(rows: Rows, ask: Ask) -> Floats:
    result = _for(rows, ask.person)
    for person in ask.family():
        result = np.fmax(result, _for(rows, person))
    return result


def _for(rows: Rows, person: Person) -> Floats:
    """The lesser of what situations and ages say; unknown where neither says anything."""
    return np.fmin(_by_state(rows, person), _by_age(rows, person))


def _by_state(every: Rows, person: Person) -> Floats:
    rows, codes = every.alike("eligible", "eligible_only")
    hit = rows.any("eligible", person.situations)
    filled = rows.size("eligible") > 0
    other = np.where(rows.number("eligible_only") > 0, LIMITED_TO_OTHERS, MEANT_FOR_OTHERS)
    score: Floats = np.where(filled, np.where(hit == 1, 1.0, other), np.nan)
    return score if codes is None else score.take(codes)


def _by_age(every: Rows, person: Person) -> Floats:
    if person.age_low is None or person.age_high is None:
        return np.full(every.n, np.nan)
    rows, codes = every.alike("usual_low", "usual_high")
    low, high = rows.number("usual_low"), rows.number("usual_high")
    under = np.where(np.isnan(low), 0.0, np.maximum(0.0, low - person.age_high))
    over = np.where(np.isnan(high), 0.0, np.maximum(0.0, np.floor(person.age_low) - high))
    gap = np.maximum(under, over)
    stated = ~(np.isnan(low) & np.isnan(high))
    score: Floats = np.where(stated, 1.0 - np.minimum(1.0, gap / YEARS_BESIDE), np.nan)
    return score if codes is None else score.take(codes)


def _explain(card: ResourceCard, ask: Ask, score: float | None) -> Finding:
    eligible = eligible_of(card)
    offered = labels_of(eligible or (), ask.vocabulary) or card.fact("usual_target")
    asked = ask.once(
        "situations_or_age",
        lambda: labels_of(ask.person.situations, ask.vocabulary) or age_text(ask.person),
    )
    if score is None:
        return Finding("どんな人を対象にしているかの記録がありません。", asked, offered)
    meant = offered or "この年代の人"
    if score >= 1:
        return Finding(f"ふつうの対象（{meant}）に当たります。", asked, offered)
    if eligible and is_only(card) and score == LIMITED_TO_OTHERS:
        return Finding(f"{meant}に限られ、当てはまる記録がありません。", asked, offered)
    if score <= MEANT_FOR_OTHERS:
        return Finding(f"おもに{meant}のための場です。", asked, offered)
    return Finding(f"ふつうの対象（{meant}）から少し外れます。", asked, offered)


def _card(*eligible: str, only: bool | None = None, age: float | None = None) -> ResourceCard:
    kind = concept(Family.CATEGORY, "k", "種類", facts={"min_age": f"{age:g}"} if age else {})
    return ResourceCard(
        resource=Resource(id="r", name="例", eligible=eligible or None, eligible_only=only),
        category=kind,
    )


def _who(*situations: str, age: float | None = None) -> Person:
    return Person(id="m1", situations=frozenset(situations), age_low=age, age_high=age)


CRITERION = Criterion(
    key="target",
    label="ふつうの対象",
    question="その場が想定する人に近いか",
    kind=Kind.PREFERENCE,
    weight=5.0,
    neutral=0.6,
    columns=(_ELIGIBLE, _ONLY, _LOW, _HIGH),
    reads=frozenset({Fact.AGE, Fact.SITUATIONS, Fact.FAMILY}),
    measure=_measure,
    explain=_explain,
    examples=(
        Example(says="当たります", card=_card("disability"), person=_who("disability"), score=1),
        Example(says="おもに障害", card=_card("disability"), person=_who("isolated"), score=0.4),
        Example(
            says="限られ", card=_card("disability", only=True), person=_who("isolated"), score=0.05
        ),
        Example(says="当たります", card=_card(age=65), person=_who(age=70), score=1),
        Example(says="少し外れます", card=_card(age=65), person=_who(age=62), score=0.7),
        Example(says="この年代の人のための場", card=_card(age=65), person=_who(age=30), score=0),
        Example(says="記録がありません", card=_card(), person=_who("isolated"), score=None),
    ),
)
