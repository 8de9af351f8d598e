"""A case as an office writes it (interfaces §4): ordinary words, almost everything optional.

A case has a number, never a name. Nothing here is logged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, cast

from graph.errors import InputError
from graph.model.values import Point

MAX_MEMBERS = 60
MAX_LABELS = 400
MAX_TEXT = 20_000
MAX_AGE = 130


class Consent(StrEnum):
    """Consent regime of a case (casework §1)."""

    AGREED = "agreed"
    SUPPORT_CONFERENCE = "support_conference"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Travel:
    """How a household gets about. Empty ``modes`` = not known."""

    modes: tuple[str, ...] = ()
    max_minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One person of the household; every label is a word as written.

    ``possible``: needs a memo may be about though nobody said so; places for them are shown after
    those for ``needs``, and they count neither as asked for nor as unmet.
    """

    id: str
    role: str | None = None
    age: float | None = None
    age_band: str | None = None
    attributes: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    wishes: tuple[str, ...] = ()
    strengths: tuple[str, ...] = ()
    barriers: tuple[str, ...] = ()
    can_give: tuple[str, ...] = ()
    free: tuple[str, ...] = ()
    readiness: str | None = None
    gender: str | None = None
    possible: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A household. ``notes`` holds what could not be understood, for ``unresolved``."""

    case_id: str | None = None
    on: date | None = None
    area: str | None = None
    point: Point | None = None
    consent: Consent | None = None
    memo: str | None = None
    travel: Travel = field(default_factory=Travel)
    members: tuple[Member, ...] = ()
    already: tuple[str, ...] = ()
    notes: tuple["Unresolved", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unresolved:
    """Something given that was not understood; returned, never dropped."""

    member: str | None
    field: str
    text: str


_LISTS = ("attributes", "needs", "wishes", "strengths", "barriers", "can_give", "free", "possible")


def parse_case(data: object) -> Case:
    """Read the JSON of interfaces §4.

    Raises InputError when it has neither members nor memo, or is no object. A single value that
    can't be read (an age of 「八十」, a point in words) is kept in ``notes`` and left unknown.
    """
    if not isinstance(data, Mapping):
        raise InputError(
            "相談票の形がちがいます。",
            hint="「members」か「memo」を持つJSONの組（{ … }）にしてください。例は docs/reference/case.md にあります。",
        )
    notes: list[Unresolved] = []
    members = _members(data.get("members"), notes)
    memo = _text(data.get("memo"))
    if not members and memo is None:
        raise InputError(
            "相談票に世帯員も相談メモもありません。",
            hint="「members」に一人以上を書くか、「memo」に相談の内容を書いてください。",
        )
    return Case(
        case_id=_text(data.get("case_id")),
        on=_date(data.get("on"), notes),
        area=_text(data.get("area")),
        point=_point(data.get("point"), notes),
        consent=_consent(data.get("consent"), notes),
        memo=memo,
        travel=_travel(data.get("travel"), notes),
        members=members,
        already=_labels(data.get("already"), None, "already", notes),
        notes=tuple(notes),
    )


def _members(value: object, notes: list[Unresolved]) -> tuple[Member, ...]:
    if value is None:
        return ()
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise InputError(
            "世帯員（members）の形がちがいます。",
            hint="一人ずつの組の並び（[ {…}, {…} ]）にしてください。",
        )
    if len(value) > MAX_MEMBERS:
        raise InputError(
            f"世帯員が{len(value)}人あります。",
            hint=f"一度に照らし合わせられるのは{MAX_MEMBERS}人までです。世帯を分けて入力してください。",
        )
    members: list[Member] = []
    seen: set[str] = set()
    for number, item in enumerate(value, start=1):
        if not isinstance(item, Mapping):
            raise InputError(
                f"{number}人目の世帯員の形がちがいます。",
                hint="年齢や困りごとを持つ組（{ … }）にしてください。",
            )
        member = _member(cast("Mapping[str, Any]", item), f"m{number}", seen, notes)
        seen.add(member.id)
        members.append(member)
    return tuple(members)


def _member(
    item: Mapping[str, Any], fallback: str, seen: set[str], notes: list[Unresolved]
) -> Member:
    key = _text(item.get("id")) or fallback
    if key in seen:
        key = f"{key}-{fallback}"
    lists = {name: _labels(item.get(name), key, name, notes) for name in _LISTS}
    return Member(
        id=key,
        role=_text(item.get("role")),
        age=_age(item.get("age"), key, notes),
        age_band=_text(item.get("age_band")),
        readiness=_text(item.get("readiness")),
        gender=_text(item.get("gender")),
        **lists,
    )


def _text(value: object) -> str | None:
    if value is None or isinstance(value, Mapping | list | tuple):
        return None
    return str(value)[:MAX_TEXT].strip() or None


def _labels(
    value: object, member: str | None, name: str, notes: list[Unresolved]
) -> tuple[str, ...]:
    if value is None:
        return ()
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, Sequence):
        notes.append(Unresolved(member=member, field=name, text=str(value)[:200]))
        return ()
    words = [text for item in items[:MAX_LABELS] if (text := _text(item))]
    notes.extend(
        Unresolved(member=member, field=name, text=text)
        for item in items[MAX_LABELS:]
        if (text := _text(item))
    )
    return tuple(dict.fromkeys(words))


def _age(value: object, member: str, notes: list[Unresolved]) -> float | None:
    if value is None or value == "":
        return None
    try:
        age = float(str(value).removesuffix("歳").removesuffix("才"))
    except ValueError:
        age = -1.0
    if 0 <= age <= MAX_AGE:
        return age
    notes.append(Unresolved(member=member, field="age", text=str(value)[:40]))
    return None


def _date(value: object, notes: list[Unresolved]) -> date | None:
    text = _text(value)
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        notes.append(Unresolved(member=None, field="on", text=text))
        return None


def _point(value: object, notes: list[Unresolved]) -> Point | None:
    if value is None:
        return None
    try:
        data = cast("Mapping[str, Any]", value)
        point = Point(float(data["lat"]), float(data["lon"]))
    except (TypeError, KeyError, ValueError):
        notes.append(Unresolved(member=None, field="point", text=str(value)[:80]))
        return None
    if -90 <= point.lat <= 90 and -180 <= point.lon <= 180:  # noqa: PLR2004 - degrees
        return point
    notes.append(Unresolved(member=None, field="point", text=str(value)[:80]))
    return None


def _consent(value: object, notes: list[Unresolved]) -> Consent | None:
    text = _text(value)
    if text is None:
        return None
    try:
        return Consent(text)
    except ValueError:
        notes.append(Unresolved(member=None, field="consent", text=text))
        return None


def _travel(value: object, notes: list[Unresolved]) -> Travel:
    if not isinstance(value, Mapping):
        return Travel()
    minutes = _text(value.get("max_minutes"))
    limit: int | None = None
    if minutes is not None:
        try:
            limit = max(0, int(float(minutes)))
        except (ValueError, OverflowError):
            notes.append(Unresolved(member=None, field="travel.max_minutes", text=minutes))
    return Travel(modes=_labels(value.get("modes"), None, "travel.modes", notes), max_minutes=limit)
