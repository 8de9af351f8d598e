"""対象年齢：本人（家族を通じて届く困りごとでは、世帯の誰か）が対象年齢に入るか。"""

import numpy as np

from graph.model.resource import Resource
from matching.ask import Ask, Fact
from matching.card import ResourceCard
from matching.criterion import Change, Criterion, Finding, Floats, Kind
from matching.example import Example
from matching.index.column import Number
from matching.index.rows import Rows
from matching.profile import Person

_LOW = Number("age_low", lambda card: card.resource.minimum_age)
_HIGH = Number("age_high", lambda card: card.resource.maximum_age)


def _measure(rows: Rows, ask: Ask) -> Floats:
    low, high = rows.number("age_low"), rows.number("age_high")
    result = _fit(low, high, ask.person)
    for person in ask.family():
        other = _fit(low, high, person)
        result = np.where((result == 0) & (other != 0), other, result)
    return result


def _fit(low: Floats, high: Floats, person: Person) -> Floats:
    """1 = surely within, 0 = surely outside, NaN = not known. Blank bounds say nothing."""
    if person.age_low is None or person.age_high is None:
        return np.full(len(low), np.nan)
    # 満年齢で数えるため、上限の年齢の人は一年のあいだ対象に入る。
    outside = (person.age_high < low) | (np.floor(person.age_low) > high)
    above = np.isnan(low) | (person.age_low >= low)
    below = np.isnan(high) | (np.floor(person.age_high) <= high)
    stated = ~(np.isnan(low) & np.isnan(high))
    return np.where(outside, 0.0, np.where(stated & above & below, 1.0, np.nan))


def _bounds(card: ResourceCard) -> str | None:
    low, high = card.resource.minimum_age, card.resource.maximum_age
    if low is None and high is None:
        return None
    above = f"{low:g}歳以上" if low is not None else ""
    return above + (f"{high:g}歳以下" if high is not None else "")


def age_text(person: Person) -> str | None:
    """The age of a person, as a reason words it."""
    if person.age_low is None or person.age_high is None:
        return None
    if person.age_low == person.age_high:
        return f"{person.age_low:g}歳"
    return f"{person.age_low:g}〜{person.age_high:g}歳"


def _explain(card: ResourceCard, ask: Ask, score: float | None) -> Finding:
    offered, asked = _bounds(card), age_text(ask.person)
    if offered is None:
        return Finding("対象年齢の記録がありません。", asked, offered)
    if asked is None:
        return Finding(f"本人の年齢が分かりません（対象は{offered}）。", asked, offered)
    if score is None:
        return Finding(
            f"対象年齢に入るかは、年齢がはっきりすると分かります（{offered}・本人{asked}）。",
            asked,
            offered,
        )
    if score == 0:
        return Finding(f"対象年齢が合いません（{offered}・本人{asked}）。", asked, offered)
    own = _one(card, ask.person)
    if own:
        return Finding(f"対象年齢に入ります（{offered}・本人{asked}）。", asked, offered)
    other = next((p for p in ask.family() if _one(card, p)), None)
    whom = (other.role or other.label or "家族") if other else "家族"
    return Finding(
        f"本人{asked}は対象年齢（{offered}）の外ですが、同じ世帯の{whom}が当てはまります。",
        asked,
        offered,
    )


def _one(card: ResourceCard, person: Person) -> bool:
    low, high = card.resource.minimum_age, card.resource.maximum_age
    bounds = [np.array([np.nan if v is None else v]) for v in (low, high)]
    return bool(_fit(bounds[0], bounds[1], person)[0] == 1)


def _confirm(card: ResourceCard, ask: Ask) -> str | None:
    if _bounds(card) is None:
        return None
    return (
        f"{age_text(ask.person) or '年齢の分からない人'}でも利用できるか（対象は{_bounds(card)}）"
    )


def _relax(card: ResourceCard, ask: Ask) -> Change | None:
    low, high = card.resource.minimum_age, card.resource.maximum_age
    person = ask.person
    if person.age_low is None or person.age_high is None:
        return None
    offered, asked = _bounds(card) or "", age_text(person) or ""
    if low is not None and person.age_high < low:
        bound = _rounded_down(person.age_high)
        wider = f"対象年齢を{bound:g}歳以上に広げると"
        return Change(asked, offered, wider, (low - person.age_high) / 10, "lower")
    if high is not None and person.age_low > high:
        bound = _rounded_up(person.age_low)
        wider = f"対象年齢を{bound:g}歳以下に広げると"
        return Change(asked, offered, wider, (person.age_low - high) / 10, "raise")
    return None


_STEP = 5
_GROWN = 20


def _rounded_down(age: float) -> float:
    return age // _STEP * _STEP if age >= _GROWN else float(int(age))


def _rounded_up(age: float) -> float:
    return -(-age // _STEP) * _STEP if age >= _GROWN else float(-(-age // 1))


def _card(low: float | None, high: float | None) -> ResourceCard:
    return ResourceCard(resource=Resource(id="r", name="例", minimum_age=low, maximum_age=high))


def _aged(age: float | None, key: str = "m1", role: str = "本人") -> Person:
    return Person(id=key, role=role, age_low=age, age_high=age)


CRITERION = Criterion(
    key="age",
    label="対象年齢",
    question="対象年齢に入るか",
    kind=Kind.GATE,
    order=20,
    columns=(_LOW, _HIGH),
    reads=frozenset({Fact.AGE, Fact.FAMILY}),
    measure=_measure,
    explain=_explain,
    confirm=_confirm,
    relax=_relax,
    examples=(
        Example(says="対象年齢に入ります", card=_card(60, None), person=_aged(62), score=1),
        Example(
            says="対象年齢が合いません（65歳以上・本人62歳）",
            card=_card(65, None),
            person=_aged(62),
            score=0,
        ),
        Example(says="記録がありません", card=_card(None, None), person=_aged(62), score=None),
        Example(says="分かりません", card=_card(65, None), person=_aged(None), score=None),
        Example(
            says="はっきりすると",
            card=_card(65, None),
            person=Person(id="m1", age_low=60, age_high=69),
            score=None,
        ),
        Example(
            says="同じ世帯の母",
            card=_card(65, None),
            person=_aged(62),
            others=(_aged(85, "m2", "母"),),
            need="care_load",
            score=1,
        ),
    ),
)
