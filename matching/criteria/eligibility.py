"""対象属性（限定）：法律や決まりで限られた対象に、年齢や性別からみて決して当たらないか。

手帳や受給など、書かれていない身分は「ない」と決めつけない（要確認）。外すのは、対象のどれにも
なりえないことが分かるときだけ。
"""

from functools import lru_cache

import numpy as np

from graph.model.resource import Resource
from graph.vocabulary.protocol import Vocabulary
from matching.ask import Ask, Fact
from matching.card import ResourceCard
from matching.criterion import Change, Criterion, Finding, Floats, Kind
from matching.example import Example
from matching.index.column import Label
from matching.index.rows import Rows
from matching.profile import Person
from matching.target import eligible_of, is_only, labels_of, situation


def _limited(card: ResourceCard) -> tuple[str, ...] | None:
    """The closed list of whom it is for; ``None`` = not limited, or not known to be."""
    eligible = eligible_of(card) if is_only(card) else None
    return _listed(eligible) if eligible else None


@lru_cache(maxsize=65536)
def _listed(eligible: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(eligible))


_LIMITED = Label("limited_to", _limited)


def _measure(rows: Rows, ask: Ask) -> Floats:
    people = (ask.person, *ask.family())
    hit = rows.holding("limited_to", frozenset().union(*(p.situations for p in people)))
    unlimited = rows.lookup("limited_to", "not limited", lambda limited: limited is None)
    possible = unlimited
    for age in {(person.age_low, person.age_high) for person in people}:
        possible = np.fmax(possible, _by_age(rows, age, ask.vocabulary))
    said = np.where(hit, 1.0, np.where(possible > 0, np.nan, 0.0))
    return np.where(unlimited > 0, np.nan, said)


def _by_age(rows: Rows, age: tuple[float | None, float | None], vocabulary: Vocabulary) -> Floats:
    """1 where somebody of an age may be in one of the situations it is limited to."""

    def look(limited: tuple[str, ...] | None) -> float:
        return float(any(_possible(key, age, vocabulary) for key in limited or ()))

    return rows.lookup("limited_to", ("possible", age, vocabulary.version), look)


def _possible(key: str, age: tuple[float | None, float | None], vocabulary: Vocabulary) -> bool:
    """Whether somebody may be in a situation, going by its usual ages."""
    found = situation(key, vocabulary)
    if found is None or age[0] is None or age[1] is None:
        return True
    low, high = (
        float(found.facts[name]) if name in found.facts else None for name in ("min_age", "max_age")
    )
    return (low is None or age[1] >= low) and (high is None or age[0] <= high)


def _explain(card: ResourceCard, ask: Ask, score: float | None) -> Finding:
    limited = _limited(card)
    asked = labels_of(ask.person.situations, ask.vocabulary)
    if limited is None:
        return Finding("対象を限る決まりは記録されていません。", asked)
    offered = labels_of(limited, ask.vocabulary)
    if score is None:
        return Finding(f"{offered}の人に限られます。当てはまるかは確かめます。", asked, offered)
    if score > 0:
        return Finding(f"限られた対象（{offered}）に当てはまります。", asked, offered)
    return Finding(f"対象（{offered}に限る）に当てはまりません。", asked, offered)


def _confirm(card: ResourceCard, ask: Ask) -> str | None:
    limited = _limited(card)
    if limited is None:
        return None
    return f"{labels_of(limited, ask.vocabulary)}に当てはまるか（手帳・診断・受給など）"


def _relax(card: ResourceCard, ask: Ask) -> Change:
    offered = labels_of(_limited(card) or (), ask.vocabulary) or ""
    asked = labels_of(ask.person.situations, ask.vocabulary) or "本人の状況"
    return Change(asked, f"{offered}に限る", f"対象を{offered}以外の人にも広げると", 1.0)


def _card(*eligible: str, only: bool | None = True) -> ResourceCard:
    return ResourceCard(resource=Resource(id="r", name="例", eligible=eligible, eligible_only=only))


CRITERION = Criterion(
    key="eligibility",
    label="限られた対象",
    question="限られた対象に当てはまるか",
    kind=Kind.GATE,
    order=30,
    columns=(_LIMITED,),
    reads=frozenset({Fact.AGE, Fact.SITUATIONS, Fact.FAMILY}),
    measure=_measure,
    explain=_explain,
    confirm=_confirm,
    relax=_relax,
    examples=(
        Example(
            says="当てはまります",
            card=_card("disability"),
            person=Person(id="m1", situations=frozenset({"disability"})),
            score=1,
        ),
        Example(says="確かめます", card=_card("disability"), score=None),
        Example(says="決まりは記録されていません", card=_card("disability", only=None), score=None),
        Example(
            says="当てはまりません",
            card=_card("elderly"),
            person=Person(id="m1", age_low=30, age_high=30),
            score=0,
        ),
    ),
)
