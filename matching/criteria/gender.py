"""性別：女性だけ・男性だけの場か。"""

from graph.model.resource import Resource
from matching.ask import Ask, Fact
from matching.card import ResourceCard
from matching.criterion import Change, Criterion, Finding, Floats, Kind
from matching.example import Example
from matching.index.column import Label
from matching.index.rows import Rows
from matching.profile import Person

_WORDS = {"female": "女性", "male": "男性"}
_SETTINGS = {"women_only": "female", "men_only": "male"}


def _only(card: ResourceCard) -> str | None:
    for setting in card.resource.settings or ():
        if setting in _SETTINGS:
            return _SETTINGS[setting]
    fact = card.fact("gender")
    return fact if fact in _WORDS else None


_ONLY = Label("gender_only", _only)


def _measure(rows: Rows, ask: Ask) -> Floats:
    gender = ask.person.gender

    def look(only: str | None) -> float | None:
        if only is None or gender is None:
            return None
        return float(only == gender)

    return rows.map("gender_only", look)


def _explain(card: ResourceCard, ask: Ask, score: float | None) -> Finding:
    only = _only(card)
    if only is None:
        return Finding("性別を限る記録はありません。")
    offered, asked = f"{_WORDS[only]}だけ", _WORDS.get(ask.person.gender or "")
    if score is None:
        return Finding(f"{offered}の場です。本人の性別を確かめます。", asked, offered)
    if score:
        return Finding(f"{offered}の場で、本人が当てはまります。", asked, offered)
    return Finding(f"{offered}の場です（本人は{asked}）。", asked, offered)


def _confirm(card: ResourceCard, _ask: Ask) -> str | None:
    only = _only(card)
    return f"{_WORDS[only]}だけの場でよいか" if only else None


def _relax(card: ResourceCard, ask: Ask) -> Change:
    only = _WORDS[_only(card) or "female"]
    asked = _WORDS.get(ask.person.gender or "", "")
    return Change(asked, f"{only}だけ", f"{asked}も使える日を設けると", 1.0)


def _card(*settings: str) -> ResourceCard:
    return ResourceCard(resource=Resource(id="r", name="例", settings=settings))


CRITERION = Criterion(
    key="gender",
    label="性別",
    question="性別の限りに当てはまるか",
    kind=Kind.GATE,
    order=40,
    columns=(_ONLY,),
    reads=frozenset({Fact.GENDER}),
    measure=_measure,
    explain=_explain,
    confirm=_confirm,
    relax=_relax,
    examples=(
        Example(
            says="本人は男性",
            card=_card("women_only"),
            person=Person(id="m1", gender="male"),
            score=0,
        ),
        Example(
            says="当てはまります",
            card=_card("women_only"),
            person=Person(id="m1", gender="female"),
            score=1,
        ),
        Example(says="確かめます", card=_card("women_only"), score=None),
        Example(
            says="記録はありません", card=_card(), person=Person(id="m1", gender="male"), score=None
        ),
    ),
)
