"""A case as form fields and back. The form is the case: without JavaScript nothing is lost.

Names: ``area``, ``m.0.needs`` (one hidden field a chip) and ``m.0.needs+`` (words being added);
``do`` says which button was pressed: ``update``, ``remove|m.0.needs|2``,
``sure|m.0.possible|0``, ``member``, ``leave|0``, ``answer|m1.free|平日の昼``.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import FormData

from matching.case import Case, parse_case

LIST_FIELDS = (
    "attributes",
    "needs",
    "wishes",
    "strengths",
    "barriers",
    "can_give",
    "free",
    "possible",
)
_TEXT_FIELDS = ("id", "role", "age", "gender", "readiness")
_CASE_TEXTS = ("case_id", "on", "area", "consent", "memo")
_SPLIT = re.compile(r"[;；、，,\n]+")
_NUMBER = re.compile(r"^(\d{1,3}(?:\.\d+)?)\s*(?:歳|才)?$")
_MINUTES = {"15分まで": 15, "30分まで": 30, "1時間まで": 60}
_MAX_MEMBERS = 60


@dataclass(slots=True)
class CaseForm:
    """The JSON form of a case while it is edited."""

    data: dict[str, Any] = field(default_factory=dict)

    @property
    def members(self) -> list[dict[str, Any]]:
        """Members in order."""
        found: list[dict[str, Any]] = self.data.setdefault("members", [])
        return found

    def case(self) -> Case:
        """The case; a member nobody wrote anything about stays."""
        return parse_case(self.data)


def read_form(form: FormData) -> CaseForm:
    """What a form says, with the pressed button's change made."""
    read = CaseForm()
    for name in _CASE_TEXTS:
        if text := _one(form, name):
            read.data[name] = text
    read.data["travel"] = {"modes": _many(form, "modes"), "max_minutes": _one(form, "max_minutes")}
    read.data["already"] = _many(form, "already")
    lat, lon = _one(form, "lat"), _one(form, "lon")
    if lat and lon:
        read.data["point"] = {"lat": lat, "lon": lon}
    for number in range(_MAX_MEMBERS):
        if f"m.{number}.id" in form:
            read.members.append(_member(form, number))
    _press(read, _one(form, "do") or "update")
    return read


def _member(form: FormData, number: int) -> dict[str, Any]:
    member: dict[str, Any] = {}
    for name in _TEXT_FIELDS:
        text = _one(form, f"m.{number}.{name}")
        if text is None:
            continue
        known = _NUMBER.match(text) if name == "age" else None
        if name == "age" and known is None:
            member["age_band"] = text
        else:
            member[name] = known.group(1) if known else text
    for name in LIST_FIELDS:
        member[name] = _many(form, f"m.{number}.{name}")
    return member


def _press(read: CaseForm, pressed: str) -> None:
    action, _, rest = pressed.partition("|")
    change = _ACTIONS.get(action)
    if change is not None:
        change(read, rest)


def _remove(read: CaseForm, rest: str) -> None:
    path, _, index = rest.rpartition("|")
    words = _list_at(read, path)
    if words is not None and index.isdecimal() and int(index) < len(words):
        del words[int(index)]


def _sure(read: CaseForm, rest: str) -> None:
    """「もしかすると」 is confirmed: the word becomes a need that was told."""
    path, _, index = rest.rpartition("|")
    words = _list_at(read, path)
    if words is None or not path.endswith(".possible") or not index.isdecimal():
        return
    told = _list_at(read, f"{path.removesuffix('possible')}needs")
    if told is not None and int(index) < len(words):
        told.append(words.pop(int(index)))


def _list_at(read: CaseForm, path: str) -> list[str] | None:
    if path == "already":
        found: list[str] = read.data["already"]
        return found
    if path == "modes":
        modes: list[str] = read.data["travel"]["modes"]
        return modes
    parts = path.split(".")
    if len(parts) != 3 or not parts[1].isdecimal() or int(parts[1]) >= len(read.members):  # noqa: PLR2004 - m.NUMBER.FIELD
        return None
    words: list[str] | None = read.members[int(parts[1])].get(parts[2])
    return words if parts[2] in LIST_FIELDS else None


def _add_member(read: CaseForm, _rest: str) -> None:
    taken = {member.get("id") for member in read.members}
    number = len(read.members) + 1
    while f"m{number}" in taken:
        number += 1
    read.members.append({"id": f"m{number}"})


def _leave(read: CaseForm, rest: str) -> None:
    if rest.isdecimal() and int(rest) < len(read.members):
        del read.members[int(rest)]


def _answer(read: CaseForm, rest: str) -> None:
    """Write the answer of 次に聞くこと where it belongs."""
    path, _, answer = rest.partition("|")
    if path == "travel.max_minutes":
        read.data["travel"]["max_minutes"] = _MINUTES.get(answer, answer)
        return
    key, _, name = path.rpartition(".")
    for member in read.members:
        if member.get("id") != key:
            continue
        if name == "age":
            member.pop("age", None)
            member["age_band"] = answer
        elif name in LIST_FIELDS:
            member.setdefault(name, []).append(answer)


_ACTIONS: Mapping[str, Callable[[CaseForm, str], None]] = {
    "remove": _remove,
    "sure": _sure,
    "member": _add_member,
    "leave": _leave,
    "answer": _answer,
}


def _one(form: FormData, name: str) -> str | None:
    value = form.get(name)
    return (value.strip() or None) if isinstance(value, str) else None


def _many(form: FormData, name: str) -> list[str]:
    """The chips of a field, then the words just typed, split at 「、」 and 「;」."""
    chips = [value for value in form.getlist(name) if isinstance(value, str)]
    typed = form.get(f"{name}+")
    added = _SPLIT.split(typed) if isinstance(typed, str) else []
    return list(dict.fromkeys(word.strip() for word in (*chips, *added) if word.strip()))


def case_data(case: Case) -> dict[str, Any]:
    """The JSON form of a case (interfaces §4), for changing one thing in it."""
    data: dict[str, Any] = {
        "case_id": case.case_id,
        "on": case.on.isoformat() if case.on else None,
        "area": case.area,
        "consent": str(case.consent) if case.consent else None,
        "memo": case.memo,
        "point": {"lat": case.point.lat, "lon": case.point.lon} if case.point else None,
        "travel": {"modes": list(case.travel.modes), "max_minutes": case.travel.max_minutes},
        "already": list(case.already),
        "members": [
            {
                **{name: getattr(member, name) for name in (*_TEXT_FIELDS, "age_band")},
                **{name: list(getattr(member, name)) for name in LIST_FIELDS},
            }
            for member in case.members
        ],
    }
    return {key: value for key, value in data.items() if value is not None}


def answered(case: Case, given: str) -> Case:
    """The case with one answer of 次に聞くこと (``m1.free|平日の昼``) written into it."""
    read = CaseForm(data=case_data(case))
    _answer(read, given)
    return read.case()
