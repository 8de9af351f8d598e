"""From a row's numbers to bars and sentences that add up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum, isnan, nan
from typing import NamedTuple

from graph.model.quick import quick
from matching.ask import Ask
from matching.card import ResourceCard
from matching.criteria.cost import fee_text
from matching.criterion import Criterion, gates
from matching.distance import metres_to
from matching.index.search import Heard, Hit
from matching.nextopen import next_open
from matching.result import (
    Confirm,
    Contribution,
    Hop,
    Missing,
    Suggestion,
    Verdict,
    contribution,
)

#: Decimals of scores and points as they are given out.
SHOWN = 6
_suggestion, _confirm = quick(Suggestion), quick(Confirm)
#: More questions than this are not asked before a first call.
CONFIRM_AT_MOST = 5


class Teller:
    """Tells of the resources of one list; what all of them share is worked out once.

    ``ask``: the question. ``heard``: the preferences that count, with their weights. ``rounded``:
    what the lists of one house share; numbers come again in the next list.
    """

    def __init__(self, ask: Ask, heard: Heard, rounded: "Rounded | None" = None) -> None:
        self._ask = ask
        rounded = Rounded() if rounded is None else rounded
        whole = sum(weight for _, weight in heard)
        self._weighed = [
            (criterion.key, rounded.of(criterion, weight, whole)) for criterion, weight in heard
        ]
        self._told = [(c.key, c.label, weight, c.explain) for c, weight in heard]
        self._gates = [(gate.key, gate) for gate in gates() if gate.is_asked_about]
        heaviest_first = [criterion for criterion, _ in sorted(heard, key=lambda h: -h[1])]
        self._heaviest_first = [(c.key, c) for c in heaviest_first if c.is_asked_about]

    def suggestion(
        self, card: ResourceCard, hit: Hit, introduction: Sequence[Hop] = ()
    ) -> Suggestion:
        """Everything a counsellor needs to defend one line in a meeting."""
        resource, ask = card.resource, self._ask
        metres = metres_to(card, ask)
        score, bars = self.bars(card, hit.parts)
        return _suggestion(
            resource_id=resource.id,
            name=resource.name,
            category=resource.category,
            category_label=card.category.label if card.category else resource.category_text,
            score=score,
            score_low=round(hit.score_low, SHOWN),
            score_high=round(hit.score_high, SHOWN),
            contributions=bars,
            confirm=self.confirms(card, hit),
            introduction=tuple(introduction),
            distance_m=None if metres is None else round(metres),
            minutes=None if metres is None else round(ask.travelling.fastest(metres)[0]),
            next_open=next_open(resource, ask.on),
            cost=fee_text(card),
            area=resource.area_text,
            phone=card.phone,
            assured_date=resource.assured_date,
        )

    def bars(
        self, card: ResourceCard, parts: Mapping[str, float]
    ) -> tuple[float, tuple[Contribution, ...]]:
        """The score, and a bar for each preference; their points sum to it (to :data:`SHOWN`)."""
        if not self._weighed:
            return 0.0, ()
        ask = self._ask
        scores, shown, verdicts, points, rounded = zip(
            *[values[parts[key]] for key, values in self._weighed], strict=True
        )
        total, largest, levelling = levelled(points, rounded)
        given = [*rounded[:largest], levelling, *rounded[largest + 1 :]]
        bars = []
        for (key, label, weight, explain), verdict, seen, point, score in zip(
            self._told, verdicts, shown, given, scores, strict=True
        ):
            reason, asked, offered = explain(card, ask, score)
            bars.append(
                contribution(key, label, verdict, weight, seen, point, reason, asked, offered)
            )
        return total, tuple(bars)

    def confirms(self, card: ResourceCard, hit: Hit) -> tuple[Confirm, ...]:
        """What to ask by phone: unknown gates first, then unknown preferences, heaviest first."""
        passed, parts = hit.gates, hit.parts
        unknown = [gate for key, gate in self._gates if isnan(passed[key])]
        unknown += [c for key, c in self._heaviest_first if isnan(parts[key])]
        found: list[Confirm] = []
        phone = card.phone
        for criterion in unknown:
            text = criterion.confirm(card, self._ask)
            if text:
                found.append(_confirm(criterion.key, text, phone))
                if len(found) == CONFIRM_AT_MOST:
                    break
        return tuple(found)


def levelled(points: Sequence[float], shown: Sequence[float]) -> tuple[float, int, float]:
    """The rounded total of some points, and what makes the rounded ones sum to it.

    That is the place of the greatest, and the points it is given instead.
    """
    total = round(fsum(points), SHOWN)
    # 丸めの端数は、いちばん大きい棒に寄せて和を合わせる。
    largest = shown.index(max(shown))
    return total, largest, round(shown[largest] + total - fsum(shown), SHOWN)


def points_of(value: float, neutral: float, weight: float, whole: float) -> float:
    """What a preference adds to the score; not known (NaN) counts as its neutral value."""
    return (neutral if isnan(value) else value) * weight / whole


class _Value(NamedTuple):
    """What a number of the index comes to: for the sentence, for the bar, and in points."""

    score: float | None
    shown: float | None
    verdict: Verdict
    points: float
    shown_points: float


class Rounded:
    """The numbers of some lists as they are given out, by criterion and what it weighs."""

    def __init__(self) -> None:
        self._of: dict[tuple[str, float, float], _Weighed] = {}

    def of(self, criterion: Criterion, weight: float, whole: float) -> "_Weighed":
        """Those of one preference that weighs so much of the whole."""
        key = (criterion.key, weight, whole)
        known = self._of.get(key)
        if known is None:
            known = self._of[key] = _Weighed(criterion, weight, whole)
        return known


class _Weighed(dict[float, _Value]):
    """One preference with its weight; the few numbers it gives are rounded once each."""

    def __init__(self, criterion: Criterion, weight: float, whole: float) -> None:
        super().__init__()
        self._criterion = criterion
        self._weight = weight
        self._whole = whole
        self._unknown = self._value(nan)

    def __missing__(self, value: float) -> _Value:
        if isnan(value):
            return self._unknown
        found = self[value] = self._value(value)
        return found

    def _value(self, value: float) -> _Value:
        score = _known(value)
        points = points_of(value, self._criterion.neutral, self._weight, self._whole)
        shown = None if score is None else round(value, SHOWN)
        return _Value(score, shown, self._criterion.verdict(score), points, round(points, SHOWN))


def suggestion(
    card: ResourceCard, ask: Ask, hit: Hit, heard: Heard, introduction: Sequence[Hop] = ()
) -> Suggestion:
    """As :meth:`Teller.suggestion`, for one resource alone."""
    return Teller(ask, heard).suggestion(card, hit, introduction)


def contributions(
    card: ResourceCard, ask: Ask, parts: Mapping[str, float], heard: Heard
) -> tuple[Contribution, ...]:
    """As :meth:`Teller.bars`, for one resource alone."""
    return Teller(ask, heard).bars(card, parts)[1]


def gate_findings(
    card: ResourceCard, ask: Ask, values: Mapping[str, float]
) -> tuple[Contribution, ...]:
    """What each gate says; gates carry no points."""
    found = []
    for gate in gates():
        score = _known(values[gate.key])
        bar, finding = read(gate, score), gate.explain(card, ask, score)
        found.append(contribution(gate.key, gate.label, bar.verdict, 0.0, bar.score, 0.0, *finding))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Read:
    """A number of the index as it is given out: what outcomes are decided by."""

    criterion: str
    score: float | None
    verdict: Verdict


def read(criterion: Criterion, value: float | None) -> Read:
    """The score (NaN = not known) rounded as it is shown, and the word for it."""
    if value is None or isnan(value):
        return Read(criterion.key, None, criterion.verdict(None))
    return Read(criterion.key, round(value, SHOWN), criterion.verdict(value))


def _known(value: float) -> float | None:
    return None if isnan(value) else value


def missing(criterion: Criterion, card: ResourceCard, ask: Ask) -> Missing | None:
    """The one change that would open the resource; ``None`` where none is known."""
    change = criterion.relax(card, ask)
    if change is None:
        return None
    return Missing(
        criterion=criterion.key,
        label=criterion.label,
        wanted=change.wanted,
        offered=change.offered,
        change=change.change,
        amount=round(change.amount, SHOWN),
        side=change.side,
    )


def is_miss(bar: Contribution) -> bool:
    """Whether a bar says no."""
    return bar.verdict is Verdict.MISSES
