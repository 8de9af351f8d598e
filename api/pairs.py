"""A possible duplicate side by side: both records, what agrees and what does not, who shares."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from api.catalogue import Catalogue
from api.office import Office
from api.resources import source_name
from api.waiting import Waiting
from graph.errors import NotFoundError
from graph.geo import distance_m
from graph.model.codec import from_node
from graph.model.element import EdgeKind, NodeKind, Ref
from graph.model.place import Facility, Precision
from graph.model.provenance import Decision, Judgement, SourceRecord
from graph.model.resource import Publication
from graph.store import Direction, View
from graph.text import normalise
from ingest.change import OWN_ID, records_of
from ingest.clean.addresses import read_address
from ingest.clean.choices import read_publication
from ingest.clean.points import read_degrees
from ingest.decisions import get_decision
from ingest.differences import PLACE_FIELDS
from ingest.duplicates import Reason, score_pair
from ingest.duplicates.find import count_rarity
from ingest.pairs import RULE, duplicate_keys
from ingest.records import Merged, merge_records
from ingest.schema import FIELDS, Kind

_FIELDS = {name: label for name, label in FIELDS[Kind.RESOURCES].items() if name != "id"}
_NAMED = 5
#: 度。およそ数十メートルまでは同じ場所の書き方の違いとみる。
_SAME_SPOT = 0.0005
_HIDDEN = "（所在地非公開）"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRow:
    """One field of both records; ``verdict``: ``same``, ``differs`` or ``one``."""

    label: str
    left: str
    right: str
    joined: str
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two: its id, name, where it is known from, when it was last seen."""

    id: str
    name: str
    stands: bool
    sources: tuple[str, ...]
    seen_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PairView:
    """A pair with all that a person needs to judge it. ``shared``: hints on who else is there."""

    decision: Decision
    left: Side
    right: Side
    rows: tuple[FieldRow, ...]
    reasons: tuple[Reason, ...]
    told: tuple[str, ...]
    distance: str | None
    shared: tuple[str, ...]

    @property
    def speaking(self) -> Sequence[Reason]:
        """What speaks for one thing."""
        return [reason for reason in self.reasons if reason.points > 0]

    @property
    def against(self) -> Sequence[Reason]:
        """What speaks for two."""
        return [reason for reason in self.reasons if reason.points < 0]

    @property
    def neither(self) -> Sequence[Reason]:
        """What was looked at and proves nothing."""
        return [reason for reason in self.reasons if reason.points == 0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision in the list. ``left`` and ``right`` are names; ``by_rule`` = nobody was asked."""

    key: str
    left: str
    right: str
    left_id: str
    same: bool
    by: str
    by_rule: bool
    at: datetime | None
    note: str | None


def read_pair(office: Office, catalogue: Catalogue, waiting: Waiting, key: str) -> PairView:
    """Read a pair, waiting or decided. Raises NotFoundError."""
    asked = waiting.pair(key)
    with office.view() as view:
        decision = get_decision(view, key)
        left, right = (asked.left, asked.right) if asked else (decision.left, decision.right)
        held = _records(view, decision, left, right)
        merged = {side: merge_records(records) for side, records in held.items() if records}
        if left not in merged or right not in merged:
            raise _gone()
        reasons = tuple(_reasons(view, catalogue, left, right)) if asked else ()
        distance = _distance(view, left, right)
    both = merge_records([*held[left], *held[right]])
    return PairView(
        decision=decision,
        left=_side(left, merged[left], held[left], stands=True),
        right=_side(
            right, merged[right], held[right], stands=decision.judgement is not Judgement.SAME
        ),
        rows=tuple(_rows(merged[left], merged[right], both)),
        reasons=reasons,
        told=() if reasons else decision.reasons,
        distance=distance,
        shared=tuple(_shared(catalogue, merged[left], merged[right], {left, right})),
    )


def decided(view: View) -> list[Decision]:
    """All decisions that were made, newest first."""
    found = [from_node(node, Decision) for node in view.nodes(NodeKind.DECISION)]
    made = [d for d in found if d.judgement is not Judgement.REVIEW]
    return sorted(made, key=_when, reverse=True)


def in_words(view: View, decisions: Sequence[Decision]) -> list[Decided]:
    """Decisions with the names of both, also of what was merged."""
    ids = {key for d in decisions for key in (d.left, d.right)}
    names = {
        node.id: str(node.props.get("name", "")) for node in view.get_many(NodeKind.RESOURCE, ids)
    }
    joined = [d for d in decisions if d.judgement is Judgement.SAME]
    for decision in joined:
        _, own = _split(view, decision.left, decision.right)
        if own:
            names[decision.right] = merge_records(own).cells.get("name", "")
    return [
        Decided(
            key=d.id,
            left=names.get(d.left, "（いまはありません）"),
            right=names.get(d.right, "（いまはありません）"),
            left_id=d.left if d.left in names else "",
            same=d.judgement is Judgement.SAME,
            by="自動（規則）" if d.by == RULE else d.by,
            by_rule=d.by == RULE,
            at=d.decided_at,
            note=d.note,
        )
        for d in decisions
    ]


def _when(decision: Decision) -> tuple[str, str]:
    at = decision.decided_at
    return (at.isoformat() if at else "", decision.id)


def _records(
    view: View, decision: Decision, left: str, right: str
) -> Mapping[str, list[SourceRecord]]:
    if decision.judgement is Judgement.SAME:
        stay, own = _split(view, left, right)
        return {left: stay, right: own}
    refs = [Ref(NodeKind.RESOURCE, key) for key in (left, right)]
    return {ref.id: records for ref, records in records_of(view, refs).items()}


def _split(view: View, left: str, right: str) -> tuple[list[SourceRecord], list[SourceRecord]]:
    """The records of what stays, and those that came with what was merged into it."""
    stay: list[SourceRecord] = []
    own: list[SourceRecord] = []
    ref = Ref(NodeKind.RESOURCE, left)
    for edge, node in view.neighbours([ref], (EdgeKind.ASSERTS,), Direction.IN):
        (own if edge.props.get(OWN_ID) == right else stay).append(from_node(node, SourceRecord))
    return stay, own


def _side(key: str, merged: Merged, records: Sequence[SourceRecord], *, stands: bool) -> Side:
    return Side(
        id=key,
        name=merged.cells.get("name", ""),
        stands=stands,
        sources=tuple(dict.fromkeys(source_name(record) for record in records)),
        seen_at=merged.seen_at,
    )


def _rows(left: Merged, right: Merged, both: Merged) -> list[FieldRow]:
    rows = []
    for name, label in _FIELDS.items():
        texts = [_shown(merged, name) for merged in (left, right, both)]
        if not texts[0] and not texts[1]:
            continue
        both_told = all(text and text != _HIDDEN for text in texts[:2])
        verdict = _verdict(name, texts[0], texts[1]) if both_told else "one"
        rows.append(
            FieldRow(label=label, left=texts[0], right=texts[1], joined=texts[2], verdict=verdict)
        )
    return rows


def _shown(merged: Merged, name: str) -> str:
    text = merged.cells.get(name, "")
    if text and name in PLACE_FIELDS:
        said = read_publication(merged.cells.get("publication", ""))
        return _HIDDEN if said is Publication.CONFIDENTIAL_LOCATION else text
    return text


def _verdict(name: str, left: str, right: str) -> str:
    if name == "phone":
        return "same" if _digits(left) == _digits(right) else "differs"
    if name == "address" and _place(left) == _place(right) is not None:
        return "same"
    if name in {"lat", "lon"}:
        return "same" if _near(left, right) else "differs"
    return "same" if normalise(left) == normalise(right) else "differs"


def _place(text: str) -> tuple[object, ...] | None:
    """The parts of an address that tell places apart; ``None`` where it names no town."""
    found = read_address(text)
    if found is None or not found.town:
        return None
    return (found.city, found.ward, found.town, found.chome, found.numbers, found.building)


def _near(left: str, right: str) -> bool:
    first, second = read_degrees(left), read_degrees(right)
    return first is not None and second is not None and abs(first - second) < _SAME_SPOT


def _digits(text: str) -> str:
    return re.sub(r"\D", "", normalise(text))


def _reasons(view: View, catalogue: Catalogue, left: str, right: str) -> Sequence[Reason]:
    rows = {row.id: row for row in catalogue.rows()}
    pair = [rows[key] for key in (left, right) if key in rows]
    phones = {_digits(row.phone) for row in pair if row.phone}
    names = {normalise(row.name) for row in pair}
    places = {normalise(row.address) for row in pair if row.address}
    near = [
        row.id
        for row in rows.values()
        if (row.phone and _digits(row.phone) in phones)
        or normalise(row.name) in names
        or (row.address and normalise(row.address) in places)
    ]
    keys = {key.id: key for key in duplicate_keys(view, {left, right, *near})}
    if left not in keys or right not in keys:
        return ()
    found = score_pair(keys[left], keys[right], count_rarity(list(keys.values())))
    return sorted(found.reasons, key=lambda reason: -abs(reason.points))


def _distance(view: View, left: str, right: str) -> str | None:
    places: dict[str, Facility] = {}
    refs = [Ref(NodeKind.RESOURCE, key) for key in (left, right)]
    for edge, node in view.neighbours(refs, (EdgeKind.LOCATED_AT,), Direction.OUT):
        places[edge.source.id] = from_node(node, Facility)
    points = [
        (place, place.point) for place in places.values() if place.point and not place.point_doubt
    ]
    if len(points) < len(refs):
        return None
    metres = distance_m(points[0][1], points[1][1])
    rough = any(place.precision is not Precision.GIVEN for place, _ in points)
    said = f"約{metres:.0f}m" if metres < 1000 else f"約{metres / 1000:.1f}km"  # noqa: PLR2004 - 1km
    return said + ("（住所から求めた位置のため目安）" if rough else "")


def _shared(catalogue: Catalogue, left: Merged, right: Merged, pair: set[str]) -> Sequence[str]:
    hints: list[str] = []
    phone = _digits(left.cells.get("phone", ""))
    if phone and phone == _digits(right.cells.get("phone", "")):
        others = [
            r.name
            for r in catalogue.rows()
            if r.phone and _digits(r.phone) == phone and r.id not in pair
        ]
        if others:
            hints.append(
                f"この電話番号は、ほかに{len(others)}件も使っています（{_some(others)}）。代表番号かもしれません。"
            )
    address, other = (normalise(_shown(merged, "address")) for merged in (left, right))
    if address and address == other and address != normalise(_HIDDEN):
        others = [
            r.name
            for r in catalogue.rows()
            if r.address and normalise(r.address).endswith(address) and r.id not in pair
        ]
        if others:
            hints.append(
                f"同じ住所に、ほかに{len(others)}件あります（{_some(others)}）。大勢が使う場所かもしれません。"
            )
    return hints


def _some(names: Sequence[str]) -> str:
    shown = "、".join(names[:_NAMED])
    return shown + ("など" if len(names) > _NAMED else "")


def _gone() -> NotFoundError:
    return NotFoundError(
        "この組の一方は、もうありません。",
        hint="重複の一覧に戻ってください。取込の取り消しで消えたか、ほかのものとまとめられています。",
    )
