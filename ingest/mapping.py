"""Mappings: which column means what, written as TOML so that no Python is needed.

A mapping file names the columns of one source layout and the ledger field each one fills. A value
is a column name, a list of them (the first that is filled counts) or a template such as
``"{利用可能曜日} {開始時間}〜{終了時間}"`` whose parts without a value are left out.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from graph.errors import InputError
from ingest.header import column_key
from ingest.rejects import OWN_COLUMNS
from ingest.schema import FIELDS, Kind

_FOLDER = Path(__file__).parent / "mappings"
_HOLE = re.compile(r"\{([^{}]+)\}")
_CUT = re.compile(r"\{([^{}:]+)(?::(\d+))?\}")
_JOIN = re.compile(r"[ 　]+")
_ABSENT = 1_000_000
_MADE_FOR_IT = 10.0
_ADDED = {column_key(name) for name in OWN_COLUMNS}


@dataclass(frozen=True)
class Mapping:
    """One source layout.

    ``required`` are column names a header must hold (each a tuple of spellings, one is enough);
    ``fields`` gives each ledger field its alternatives; ``fixed`` what every row of this source
    has; ``values`` rewrites words of a field; ``key`` the templates of the record key (the first
    that is filled whole); ``own_id`` says that the key is the resource's own id; ``header`` are all
    columns of the one list an office made it for: for that list it goes before every other.
    """

    key: str
    label: str
    kind: Kind
    required: tuple[tuple[str, ...], ...]
    fields: MappingType[str, tuple[str, ...]]
    fixed: MappingType[str, str] = field(default_factory=dict)
    values: MappingType[str, MappingType[str, str]] = field(default_factory=dict)
    record_key: tuple[str, ...] = ()
    own_id: bool = False
    dataset: str | None = None
    rank: int = 10
    sheets: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    blank: frozenset[str] = frozenset()
    no_name: str | None = None
    area_default: bool = True
    header: tuple[str, ...] = ()
    path: str | None = None

    def column_names(self) -> Sequence[str]:
        """Every column it knows of."""
        return tuple(self._known.values())

    @cached_property
    def _known(self) -> dict[str, str]:
        names = [name for group in self.required for name in group]
        templates = [t for alternatives in self.fields.values() for t in alternatives]
        names.extend(m[1] for m in _CUT.finditer(self.dataset or ""))
        for template in [*templates, *self.record_key]:
            names.extend(_HOLE.findall(template) or [template])
        return {column_key(name): name for name in [*names, *self.ignored]}

    def knows(self, column: str) -> bool:
        """Whether it reads or deliberately passes over the column."""
        return column_key(column) in self._known

    def fit(self, header: Sequence[str], *, sheet: str | None = None, name: str = "") -> float:
        """How well it suits a header: 0 when a required column lacks, else above 0, at most 10."""
        # 却下一覧に足した列は、元の一覧の見出しではない。
        keys = {column_key(column) for column in header} - _ADDED
        if self.header and keys == {column_key(column) for column in self.header}:
            return _MADE_FOR_IT
        if any(column_key(column) in keys for column in self.forbidden):
            return 0.0
        if not all(any(column_key(n) in keys for n in group) for group in self.required):
            return 0.0
        if self.files and not any(word in name for word in self.files):
            return 0.0
        covered = sum(column in self._known for column in keys) / max(len(keys), 1)
        special = 0.02 * len(self.required) + (0.5 if self.files else 0.0)
        return covered + special + (1.0 if sheet is not None and sheet in self.sheets else 0.0)


@dataclass(frozen=True)
class Template:
    """A column or a joined template, compiled to the places of one header."""

    parts: tuple[tuple[str, tuple[int, ...]], ...]

    def render(self, cells: Sequence[str], blank: frozenset[str]) -> str:
        """The text for one row; parts of which no hole is filled are left out."""
        if len(self.parts) == 1 and self.parts[0][0] == "{}":
            return _cell(cells, self.parts[0][1][0], blank)
        shown: list[str] = []
        for pattern, places in self.parts:
            values = [_cell(cells, place, blank) for place in places]
            if not places or any(values):
                shown.append(pattern.format(*values))
        return " ".join(shown) if any(places for _, places in self.parts) else ""

    def filled(self, cells: Sequence[str], blank: frozenset[str]) -> bool:
        """Whether every hole has a value."""
        return all(_cell(cells, p, blank) for _, places in self.parts for p in places)


@dataclass(frozen=True)
class Bound:
    """A mapping bound to one header: what is done for every row."""

    mapping: Mapping
    header: tuple[str, ...]
    fields: tuple[tuple[str, tuple[Template, ...]], ...]
    keys: tuple[Template, ...]
    extra: tuple[tuple[int, str], ...]
    scope: tuple[tuple[str, int, int | None], ...] = ()

    def dataset(self, cells: Sequence[str]) -> str | None:
        """Name of the source this row belongs to, where the mapping names it.

        ``{列}`` is the value of a column, ``{列:6}`` its first six characters: one file may hold
        several sources (municipalities, services) that are re-imported each on its own.
        """
        if self.mapping.dataset is None:
            return None
        return "".join(
            text if place < 0 else text + _cell(cells, place, frozenset())[:length]
            for text, place, length in self.scope
        )

    def read(self, cells: Sequence[str]) -> dict[str, str]:
        """The ledger fields of a row as text; only those that are filled."""
        mapping = self.mapping
        found: dict[str, str] = {}
        for name, templates in self.fields:
            for template in templates:
                text = template.render(cells, mapping.blank)
                if text:
                    found[name] = mapping.values.get(name, {}).get(text, text)
                    break
        for name, text in mapping.fixed.items():
            found.setdefault(name, text)
        return {name: text for name, text in found.items() if text}

    def record_key(self, cells: Sequence[str]) -> str | None:
        """The row's own key in its source, if it has one."""
        for template in self.keys:
            if template.filled(cells, self.mapping.blank):
                return template.render(cells, self.mapping.blank)
        return None

    def extras(self, cells: Sequence[str]) -> dict[str, str]:
        """Filled columns the mapping doesn't know: kept as they are."""
        return {
            name: text for place, name in self.extra if (text := _cell(cells, place, frozenset()))
        }


def bind(mapping: Mapping, header: Sequence[str]) -> Bound:
    """Find the mapping's columns in a header."""
    places: dict[str, int] = {}
    for place, column in enumerate(header):
        places.setdefault(column_key(column), place)
    fields = tuple(
        (name, tuple(t for text in alternatives if (t := _compile(text, places)) is not None))
        for name, alternatives in mapping.fields.items()
    )
    keys = tuple(
        t for text in mapping.record_key if (t := _compile(text, places, whole=True)) is not None
    )
    extra = tuple((i, column) for i, column in enumerate(header) if not mapping.knows(column))
    bound = tuple(f for f in fields if f[1])
    return Bound(mapping, tuple(header), bound, keys, extra, tuple(_scope(mapping, places)))


def _scope(mapping: Mapping, places: dict[str, int]) -> Iterator[tuple[str, int, int | None]]:
    text, end = mapping.dataset or "", 0
    for match in _CUT.finditer(text):
        length = int(match[2]) if match[2] else None
        yield text[end : match.start()], places.get(column_key(match[1]), _ABSENT), length
        end = match.end()
    yield text[end:], -1, None


def choose_mapping(
    header: Sequence[str], mappings: Sequence[Mapping], *, sheet: str | None = None, name: str = ""
) -> Mapping | None:
    """The mapping that suits the header best, or ``None`` when none has its required columns."""
    ranked = [(m.fit(header, sheet=sheet, name=name), m) for m in mappings]
    best = max(ranked, key=lambda pair: pair[0], default=(0.0, None))
    return best[1] if best[0] > 0 else None


@cache
def shipped_mappings() -> tuple[Mapping, ...]:
    """All mappings that come with the product, ordered by key. Raises InputError naming faults."""
    return load_mappings(_FOLDER)


def load_mappings(folder: Path) -> tuple[Mapping, ...]:
    """All ``*.toml`` of a folder, ordered by key."""
    return tuple(
        sorted((read_mapping(path) for path in folder.glob("*.toml")), key=lambda m: m.key)
    )


def read_mapping(path: Path) -> Mapping:
    """Read one mapping file. Raises InputError that names the file and every fault."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise InputError(
            f"対応表「{path.name}」を読めません（{fault}）。",
            hint="TOMLの書き方を確かめてください。書き方は docs/howto/add_mapping.md にあります。",
            code="bad_mapping",
        ) from fault
    return mapping_from(data, path.stem, str(path))


def mapping_from(data: dict[str, Any], stem: str, path: str | None = None) -> Mapping:
    """Make a mapping from parsed TOML. Raises InputError that lists every fault."""
    kind = Kind.__members__.get(str(data.get("kind", "resources")).upper())
    faults = list(_faults(data, kind))
    if faults or kind is None:
        raise InputError(
            f"対応表「{stem}」に誤りがあります。" + "／".join(faults),
            hint="docs/howto/add_mapping.md の手順に沿って直してください。",
            code="bad_mapping",
            facts={"faults": faults},
        )
    match, record = data.get("match", {}), data.get("record", {})
    return Mapping(
        key=str(data.get("key", stem)),
        label=str(data["label"]),
        kind=kind,
        required=tuple(_texts(item) for item in match.get("required", ())),
        fields={name: _texts(value) for name, value in data["fields"].items()},
        fixed={name: str(value) for name, value in data.get("fixed", {}).items()},
        values={name: dict(words) for name, words in data.get("values", {}).items()},
        record_key=_texts(record.get("key", ())),
        own_id=bool(record.get("own_id", False)),
        dataset=data.get("dataset"),
        rank=int(data.get("rank", 10)),
        sheets=_texts(match.get("sheets", ())),
        files=_texts(match.get("files", ())),
        forbidden=_texts(match.get("forbidden", ())),
        ignored=_texts(data.get("ignored", ())),
        header=_texts(match.get("header", ())),
        no_name=data.get("no_name"),
        blank=frozenset(_texts(data.get("blank", ()))),
        area_default=bool(data.get("area_default", True)),
        path=path,
    )


def _faults(data: dict[str, Any], kind: Kind | None) -> Sequence[str]:
    faults: list[str] = []
    if kind is None:
        faults.append(
            f"kind「{data.get('kind')}」は {'・'.join(k.value for k in Kind)} のどれかです"
        )
        return faults
    if not data.get("label"):
        faults.append("label（人に見せる名前）がありません")
    if not data.get("fields"):
        faults.append("[fields] がありません")
    known = FIELDS[kind]
    faults.extend(
        f"[{part}] の {name} は項目にありません"
        for part in ("fields", "fixed", "values")
        for name in data.get(part, {})
        if name not in known
    )
    return faults


def _texts(value: str | Sequence[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(str(item) for item in value)


def _compile(text: str, places: dict[str, int], *, whole: bool = False) -> Template | None:
    holes = _HOLE.findall(text)
    if not holes:
        place = places.get(column_key(text))
        return None if place is None else Template((("{}", (place,)),))
    present = [places.get(column_key(hole)) for hole in holes]
    if all(p is None for p in present) or (whole and None in present):
        return None
    parts: list[tuple[str, tuple[int, ...]]] = []
    for piece in _JOIN.split(text):
        names = _HOLE.findall(piece)
        spots = tuple(places.get(column_key(name), -1) for name in names)
        if names and all(spot < 0 for spot in spots):
            continue
        parts.append((_HOLE.sub("{}", piece), spots))
    return Template(tuple(parts))


def _cell(cells: Sequence[str], place: int, blank: frozenset[str]) -> str:
    if place < 0 or place >= len(cells):
        return ""
    text = cells[place].replace("\r\n", "\n").strip()
    return "" if text in blank else text
