"""What the consultation screen shows, made from a case and its result."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from api.consult import OpenCase
from matching.case import Case, Member
from matching.intake import Intake
from matching.intake.model import Certainty
from matching.result import (
    Almost,
    Contribution,
    MatchResult,
    MemberResult,
    NeedResult,
    Outcome,
    Suggestion,
    Verdict,
)

#: Fields of a member's card, in the order they are asked.
SHOWN_FIELDS = ("attributes", "needs", "wishes", "strengths", "barriers", "can_give", "free")
#: A member, one of the needs, and how it is called.
_Wanted = tuple[MemberResult, NeedResult, str]
ALMOST = "almost"
TABS = ("fits", ALMOST, "excluded", "unmet")
_BAR = 1000
_STRONGEST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """One word of a card; ``said`` = the words of the memo that led to it, where they differ."""

    text: str
    said: str | None
    start: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One piece of the bar that adds up, in thousandths."""

    x: float
    width: float
    colour: int
    contribution: Contribution


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One suggestion as the list shows it."""

    place: int
    suggestion: Suggestion
    member: str
    need: str
    need_key: str
    urgent: bool
    also: tuple[str, ...]
    strongest: tuple[Contribution, ...]
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlmostEntry:
    """A resource one change away, and for whom."""

    almost: Almost
    member: str
    need: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedTab:
    """A need to narrow the list by."""

    key: str
    label: str
    member: str
    outcome: Outcome


def chips(opened: OpenCase, member: Member, name: str) -> list[Chip]:
    """The words of a field of a member, each with what the memo said."""
    said = _said(opened.intake, member.id, name)
    return [_chip(word, said.get(word)) for word in getattr(member, name)]


def _chip(word: str, found: tuple[str, int] | None) -> Chip:
    if found is None:
        return Chip(text=word, said=None, start=None)
    text, start = found
    return Chip(text=word, said=text if text != word else None, start=start)


def _said(intake: Intake | None, member: str, name: str) -> dict[str, tuple[str, int]]:
    if intake is None:
        return {}
    found: dict[str, tuple[str, int]] = {}
    for person in intake.members:
        if person.id != member:
            continue
        for finding in person.findings:
            offered = finding.certainty is Certainty.POSSIBLE
            if offered and name == "possible" and finding.field == "needs":
                found.setdefault(finding.label, (finding.text, finding.start))
            if finding.field == name and finding.taken:
                found.setdefault(finding.label, (finding.text, finding.start))
                found.setdefault(finding.text, (finding.text, finding.start))
    return found


def memo_pieces(opened: OpenCase) -> list[tuple[str, str | None]]:
    """The memo cut into pieces; a piece that led to something carries what it was read as."""
    intake = opened.intake
    text = intake.memo if intake is not None else (opened.case.memo or "")
    if intake is None:
        return [(text, None)]
    spans = sorted(
        (finding.start, finding.end, finding.label)
        for person in intake.members
        for finding in person.findings
        if finding.taken
    )
    return list(_cut(text, spans))


def masked_words(opened: OpenCase) -> str | None:
    """Kinds of personal data that were hidden in the memo, or ``None``."""
    if opened.intake is None or not opened.intake.masked:
        return None
    return "・".join(dict.fromkeys(item.label for item in opened.intake.masked))


def _cut(text: str, spans: Sequence[tuple[int, int, str]]) -> Iterator[tuple[str, str | None]]:
    at = 0
    for start, end, label in spans:
        if start < at:
            continue
        if start > at:
            yield text[at:start], None
        yield text[start:end], label
        at = end
    if at < len(text):
        yield text[at:], None


def age_text(member: Member) -> str:
    """The age as the form shows it."""
    if member.age is not None:
        return f"{member.age:g}"
    return member.age_band or ""


def who(member: MemberResult | Member) -> str:
    """How a member is called on screen."""
    return member.role or member.id


def need_tabs(result: MatchResult) -> list[NeedTab]:
    """Every need of the house."""
    return [
        NeedTab(
            key=f"{m.id}:{n.need}",
            label=label,
            member=who(m),
            outcome=n.outcome,
        )
        for m in result.members
        for n, label in m.called()
    ]


def entries(result: MatchResult, chosen: str | None) -> list[Entry]:
    """The list: the household's merged order, or the suggestions of one need."""
    by_key = {f"{m.id}:{n.need}": (m, n, c) for m in result.members for n, c in m.called()}
    if chosen in by_key:
        wanted = by_key[chosen or ""]
        return [_entry(i, s, wanted, ()) for i, s in enumerate(wanted[1].suggestions, start=1)]
    found: list[Entry] = []
    for ranked in result.ranking:
        wanted = by_key[f"{ranked.member}:{ranked.need}"]
        suggestion = next(
            (s for s in wanted[1].suggestions if s.resource_id == ranked.resource_id), None
        )
        if suggestion is not None:
            also = tuple(_label(by_key, key) for key in ranked.also)
            found.append(_entry(len(found) + 1, suggestion, wanted, also))
    return found


def unasked(case: Case) -> tuple[str, ...]:
    """Fields nobody of the house has told anything in."""
    return tuple(f for f in SHOWN_FIELDS if not any(getattr(m, f) for m in case.members))


def _label(by_key: dict[str, _Wanted], key: str) -> str:
    if key not in by_key:
        return key
    member, _, called = by_key[key]
    return f"{who(member)}の{called}"


def _entry(
    place: int,
    suggestion: Suggestion,
    wanted: _Wanted,
    also: tuple[str, ...],
) -> Entry:
    member, need, called = wanted
    known = [c for c in suggestion.contributions if c.verdict in {Verdict.FITS, Verdict.PARTLY}]
    strongest = sorted(known, key=lambda c: -c.points)[:_STRONGEST]
    return Entry(
        place=place,
        suggestion=suggestion,
        member=who(member),
        need=called,
        need_key=f"{member.id}:{need.need}",
        urgent=need.urgent,
        also=also,
        strongest=tuple(strongest),
        segments=tuple(segments(suggestion)),
    )


def segments(suggestion: Suggestion) -> Iterator[Segment]:
    """The bar: each criterion's points, side by side; what is missing to 1 stays empty."""
    at = 0.0
    for number, contribution in enumerate(suggestion.contributions):
        width = contribution.points * _BAR
        yield Segment(x=at, width=width, colour=number % 12, contribution=contribution)
        at += width


def almosts(result: MatchResult, chosen: str | None) -> list[AlmostEntry]:
    """Resources one change away, of the house or of one need; each once a need."""
    return [
        AlmostEntry(almost=almost, member=who(m), need=n.label)
        for m in result.members
        for n in m.needs
        if chosen is None or chosen == f"{m.id}:{n.need}"
        for almost in n.almost
    ]


def excluded(result: MatchResult, chosen: str | None) -> list[tuple[str, int]]:
    """How many resources each gate keeps away, most first."""
    counts: dict[str, int] = {}
    for member in result.members:
        for need in member.needs:
            if chosen is None or chosen == f"{member.id}:{need.need}":
                for gate, count in need.excluded.items():
                    counts[gate] = max(counts.get(gate, 0), count)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def link(token: str, **query: str | None) -> str:
    """Address of a state of the screen; holds no word of the case."""
    given = {key: value for key, value in query.items() if value}
    return f"/consult/{token}" + (f"?{urlencode(given)}" if given else "")
