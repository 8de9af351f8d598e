"""Labelled cases: files a welfare worker can read and write (docs/howto/add_case.md).

A label is an ordinary word of the vocabulary; 「A|B」 means that either will do. Everything wrong
with the files is gathered before it is complained about.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from graph.errors import InputError
from matching.case import Case, parse_case

TUNING = "tuning"
KEPT_OUT = "kept_out"
#: Cases that avoid the field's words on purpose (``style: indirect`` of a file): counted apart.
INDIRECT = "indirect_"
_PARTS = 3
_FIELDS = frozenset(
    [
        "id",
        "title",
        "group",
        "split",
        "memo",
        "area",
        "members",
        "expect",
        "must_rank",
        "first_five",
        "better",
        "must_not_suggest",
        "must_say",
        "outcome",
        "steps",
        "urgent",
        "not_now",
        "consent",
        "style",
    ]
)
_REQUIRED = ("id", "title", "group", "split", "memo", "expect", "must_rank")
_EXPECTED_FIELDS = frozenset({"who", "age", "age_band", "needs", "situations", "may"})

Either = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What intake should read of one person. ``may``: fine to find, fine to miss."""

    who: str
    age: float | None = None
    age_band: str | None = None
    needs: tuple[Either, ...] = ()
    situations: tuple[Either, ...] = ()
    may: tuple[Either, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A place of ``better`` has to stand before every place of ``worse``."""

    better: Either
    worse: Either


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledCase:
    """One case and what is right for it, by kinds of place, never by single places."""

    id: str
    title: str
    group: str
    split: str
    case: Case
    expect: tuple[Expected, ...]
    must_rank: tuple[Either, ...]
    first_five: tuple[Either, ...] = ()
    orders: tuple[Order, ...] = ()
    must_not_suggest: tuple[Either, ...] = ()
    must_say: tuple[str, ...] = ()
    outcome: Mapping[str, str]
    steps: tuple[Either, ...] = ()
    urgent: tuple[Either, ...] = ()
    not_now: tuple[str, ...] = ()
    indirect: bool = False

    @property
    def part(self) -> str:
        """What it is counted in: its split, apart from cases told without the usual words."""
        return f"{INDIRECT}{self.split}" if self.indirect else self.split


def split_of(case_id: str) -> str:
    """The part a case belongs to, by its id alone: about a third is kept out of tuning."""
    digest = hashlib.sha256(case_id.encode()).hexdigest()
    return KEPT_OUT if int(digest[:8], 16) % _PARTS == 0 else TUNING


def default_folder() -> Path:
    """The cases of the source tree."""
    return Path(__file__).resolve().parent.parent / "tests" / "cases"


def read_cases(folder: Path | None = None) -> tuple[LabelledCase, ...]:
    """Every case of a folder, ordered by id.

    Raises InputError that names every fault: a missing or unknown field, a case twice, a part
    that is not the one the id gives.
    """
    place = folder or default_folder()
    files = sorted(place.glob("*.yaml"))
    if not files:
        raise InputError(
            f"相談事例のファイルが見つかりません（{place.name}）。",
            hint="事例の入ったフォルダー（tests/cases など）を --cases で指定してください。",
        )
    faults: list[str] = []
    cases: dict[str, LabelledCase] = {}
    for path in files:
        for number, data in enumerate(_entries(path, faults), start=1):
            where = f"{path.name} {data.get('id') or f'{number}件目'}"
            problems = _problems(data, cases)
            faults.extend(f"{where}：{problem}" for problem in problems)
            if not problems:
                cases[str(data["id"])] = _case(data)
    if faults:
        raise InputError(
            "相談事例に直すところがあります。" + "／".join(faults),
            hint="docs/howto/add_case.md の書き方に合わせてください。",
            facts={"faults": faults},
        )
    return tuple(cases[key] for key in sorted(cases))


def _entries(path: Path, faults: list[str]) -> Iterable[dict[str, Any]]:
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        faults.append(f"{path.name}：YAMLとして読めません（{error.__class__.__name__}）")
        return []
    entries = data.get("cases") if isinstance(data, Mapping) else None
    if not isinstance(entries, list):
        faults.append(f"{path.name}：「cases:」の下に事例を並べてください")
        return []
    shared = {name: data[name] for name in ("area", "style") if name in data}
    return [{**shared, **entry} for entry in entries if isinstance(entry, Mapping)]


def _problems(data: Mapping[str, Any], known: Mapping[str, LabelledCase]) -> list[str]:
    found = [f"「{name}」がありません" for name in _REQUIRED if data.get(name) is None]
    found += [f"「{name}」という項目は使えません" for name in data if name not in _FIELDS]
    for person in data.get("expect") or []:
        extra = set(person) - _EXPECTED_FIELDS
        found += [f"expect の「{name}」という項目は使えません" for name in sorted(extra)]
        found += [] if person.get("who") else ["expect に「who」がありません"]
    found += [
        f"「{text}」は「先 > 後」の形で書いてください"
        for text in data.get("better") or []
        if str(text).count(">") != 1
    ]
    key = str(data.get("id"))
    if key in known:
        found.append("同じidの事例がもうあります")
    if data.get("split") and data["split"] != split_of(key):
        found.append(f"split は {split_of(key)} です（idから決まります）")
    return found


def _case(data: Mapping[str, Any]) -> LabelledCase:
    orders = [str(text).split(">") for text in data.get("better") or []]
    return LabelledCase(
        id=str(data["id"]),
        title=str(data["title"]),
        group=str(data["group"]),
        split=str(data["split"]),
        case=parse_case(
            {
                "case_id": data["id"],
                "area": data.get("area"),
                "memo": data["memo"],
                "members": data.get("members"),
                "consent": data.get("consent"),
            }
        ),
        expect=tuple(_expected(person) for person in data["expect"]),
        must_rank=_all(data["must_rank"]),
        first_five=_all(data.get("first_five")),
        orders=tuple(Order(better=_either(a), worse=_either(b)) for a, b in orders),
        must_not_suggest=_all(data.get("must_not_suggest")),
        must_say=tuple(map(str, data.get("must_say") or ())),
        outcome={str(k): str(v) for k, v in (data.get("outcome") or {}).items()},
        steps=_all(data.get("steps")),
        urgent=_all(data.get("urgent")),
        not_now=tuple(map(str, data.get("not_now") or ())),
        indirect=data.get("style") == "indirect",
    )


def _expected(person: Mapping[str, Any]) -> Expected:
    age = person.get("age")
    is_number = isinstance(age, int | float)
    return Expected(
        who=str(person["who"]),
        age=float(age) if is_number and age is not None else None,
        age_band=str(person.get("age_band") or age)
        if not is_number and (person.get("age_band") or age)
        else None,
        needs=_all(person.get("needs")),
        situations=_all(person.get("situations")),
        may=_all(person.get("may")),
    )


def _all(values: Sequence[object] | None) -> tuple[Either, ...]:
    return tuple(_either(value) for value in values or ())


def _either(value: object) -> Either:
    return tuple(word.strip() for word in str(value).split("|") if word.strip())
