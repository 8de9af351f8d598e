"""The question for one need, and its list, as they travel.

The models describe and check the list; it is written as text straight from the numbers, since
twenty places with ten criteria each take longer through models than to find.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from json.encoder import encode_basestring as quoted
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.wire.case import CaseIn
from graph.errors import InputError
from matching.case import MAX_TEXT
from matching.criterion import preferences
from matching.explain import SHOWN, levelled, points_of
from matching.index.search import Hit
from matching.one_need import Wanted

Member = Annotated[str | None, Field(description="だれの（members の id）。一人だけなら省ける")]
Need = Annotated[
    str | None, Field(description="どの困りごとの（ふだんの言葉）。一つだけなら省ける")
]


class QuestionIn(CaseIn):
    """A case, and whose and which need the list is for."""

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={
            "examples": [
                {
                    "area": "川辺区",
                    "members": [{"id": "m1", "age": 62, "attributes": ["ひきこもり"]}],
                    "member": "m1",
                    "need": "日中の居場所",
                }
            ]
        },
    )

    member: Member = None
    need: Need = None


class ListQuery(BaseModel):
    """How the list is to be made."""

    top: Annotated[int, Field(ge=1, le=1000, description="候補の数の上限")] = 20
    on: Annotated[
        date | None, Field(description="いつの時点で見るか（既定は相談の日付か今日）")
    ] = None
    profile: Annotated[str | None, Field(max_length=100, description="重みの組の名前")] = None
    names: Annotated[bool, Field(description="資源の名前も読む")] = True


def wanted_of(data: object) -> Wanted:
    """Whose and which need a body asks for. Raises InputError for what is no word."""
    given = data if isinstance(data, Mapping) else {}
    return Wanted(member=_word(given, "member"), need=_word(given, "need"))


def _word(given: Mapping[str, object], name: str) -> str | None:
    value = given.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise InputError(
            f"「{name}」の形がちがいます。",
            hint=f"「{name}」には、言葉を一つだけ書いてください。",
        )
    return value.strip()[:MAX_TEXT] or None


class UnreadWord(BaseModel):
    """Something given that was not understood: whose, in which field, which word."""

    model_config = ConfigDict(extra="forbid")

    member: str | None
    field: str
    text: str


class Candidate(BaseModel):
    """A place. ``scores`` and ``points`` are in the order of ``criteria``.

    A score null = not known, counted at its neutral value. The points sum to ``score``.
    """

    model_config = ConfigDict(extra="forbid")

    resource_id: str
    name: str | None = Field(description="names=false のときは null")
    category: str | None
    category_label: str | None
    score: float
    score_low: float
    score_high: float
    scores: list[float | None]
    points: list[float]


class Counted(BaseModel):
    """A criterion that counts for this person, with its weight."""

    model_config = ConfigDict(extra="forbid")

    criterion: str
    label: str
    weight: float


class Candidates(BaseModel):
    """The list for one need, best first. ``need`` null = it could not be read (``unresolved``)."""

    model_config = ConfigDict(extra="forbid")

    case_id: str | None
    as_of: str
    data_version: str
    rules_version: str
    unresolved: list[UnreadWord]
    emergencies: list[str] = Field(description="世帯の急ぎの困りごと")
    member: str
    stage: str
    stage_reason: str
    need: str | None
    label: str | None
    not_now: bool = Field(description="この困りごとは、いまは場につながない（stage_reason）")
    eligible: int = Field(description="条件をすべて通った資源の数")
    excluded: dict[str, int] = Field(description="条件ごとの、外れた資源の数")
    criteria: list[Counted]
    candidates: list[Candidate]


_number = float.__repr__
_encoded = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

#: Different values of one criterion that are remembered as text.
_VALUES = 4096


class Writer:
    """Writes lists in which the same criteria count with the same weights."""

    def __init__(self, weights: Sequence[tuple[str, float]]) -> None:
        held = {criterion.key: criterion for criterion in preferences()}
        whole = sum(weight for _, weight in weights)
        self._bars = [_Bar(held[key].neutral, weight, whole) for key, weight in weights]
        self._criteria = _encoded(
            [{"criterion": k, "label": held[k].label, "weight": w} for k, w in weights]
        )

    def written(self, head: Mapping[str, object], places: Iterable[str]) -> bytes:
        """The whole answer: the head, the criteria that count, and the places."""
        for bar in self._bars:
            bar.tidy()
        text = (
            f'{_encoded(head)[:-1]},"criteria":{self._criteria},"candidates":[{",".join(places)}]}}'
        )
        return text.encode()

    def place(self, hit: Hit, name: str | None, category: str) -> str:
        """One place. Points and score are those of :func:`matching.explain.contributions`."""
        found = [bar[value] for bar, value in zip(self._bars, hit.parts.values(), strict=True)]
        scores: Sequence[str]
        points: Sequence[str]
        exact, shown, scores, points = zip(*found, strict=True) if found else ((), (), (), ())
        total = 0.0
        if shown:
            total, largest, level = levelled(exact, shown)
            if level != shown[largest]:
                points = [*points[:largest], _number(level), *points[largest + 1 :]]
        return (
            f'{{"resource_id":{quoted(hit.resource_id)},"name":{_text(name)},{category}'
            f',"score":{_number(total)}'
            f',"score_low":{_number(round(hit.score_low, SHOWN))}'
            f',"score_high":{_number(round(hit.score_high, SHOWN))}'
            f',"scores":[{",".join(scores)}],"points":[{",".join(points)}]}}'
        )


class _Bar(dict[float, tuple[float, float, str, str]]):
    """One criterion of a list: for each value its points, as shown, and both as text."""

    def __init__(self, neutral: float, weight: float, whole: float) -> None:
        super().__init__()
        self._neutral = neutral
        self._weight = weight
        self._whole = whole
        self._unknown = self._made(math.nan)

    def __missing__(self, value: float) -> tuple[float, float, str, str]:
        if math.isnan(value):
            return self._unknown
        made = self[value] = self._made(value)
        return made

    def tidy(self) -> None:
        """Forget what was written, where it has become much."""
        if len(self) > _VALUES:
            self.clear()

    def _made(self, value: float) -> tuple[float, float, str, str]:
        exact = points_of(value, self._neutral, self._weight, self._whole)
        points = round(exact, SHOWN)
        score = "null" if math.isnan(value) else _number(round(value, SHOWN))
        return exact, points, score, _number(points)


def category_text(key: str | None, label: str | None) -> str:
    """The kind of a place, as :meth:`Writer.place` takes it."""
    return f'"category":{_text(key)},"category_label":{_text(label)}'


def _text(value: str | None) -> str:
    return "null" if value is None else quoted(value)
