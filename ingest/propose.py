"""Proposes a mapping for a layout nobody has described yet.

Each column gets the field its heading resembles most and, where the heading says little, the one
its values look like: telephone numbers, dates, coordinates, addresses, web addresses. A person
corrects it; saved as TOML it is used from then on.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

from graph.hours import read_hours
from graph.text import similarity
from ingest.clean.addresses import read_address
from ingest.clean.ages import read_ages
from ingest.clean.blanks import is_unknown
from ingest.clean.codes import read_legal_entity_number, read_postal_code
from ingest.clean.eras import read_date
from ingest.clean.fees import read_fee
from ingest.clean.phones import read_phones
from ingest.clean.points import read_degrees
from ingest.header import column_key
from ingest.mapping import Mapping as ColumnMapping
from ingest.mapping import shipped_mappings
from ingest.reader import Table
from ingest.schema import FIELDS, Kind
from ingest.typed import read_email, read_web

SAMPLE_ROWS = 200
_LIKE, _MOSTLY = 0.72, 0.6
_LONG = 200
_CODE = re.compile(r"ID|番号|コード|No|№|日付?$|年月", re.IGNORECASE)
#: 見出しに付いた断り書き（「名称（正式名称）」「所在地※番地まで」）。
_REMARK = re.compile(r"\([^()]*\)|※.*$")
_ADDRESS_PART = re.compile(
    r"都道府県名?|市区町村名?|市町村名?|区名?|町名|町字名?|町丁目|大字名?|字|丁目|番地(?:以下|等)?|番地・?号"
)
_STREET_PART = re.compile(r"町|字|丁目")
_NO_HOLE = re.compile(r"[{}\s]")
_NAME_ENDING = re.compile(r"(?:名|名称|名前)$")
#: 「名」で終わっても、資源の名ではない見出し。
_OTHER_NAMES = re.compile(
    r"(?:氏|姓|法人|代表者?|担当者?|責任者|都道府県|県|市町?村|市|区|町|字|地区|圏域|学区|会場|場所|建物|ビル|階|路線|駅|停|サービス|事業|区分|種別|分類|曜日|科目?|部署|課|所属|職|著者|品|商品|行事|ファイル|シート|カナ|英字|略称|旧)の?(?:名|名称|名前)$"
)
_GROUP_NAMES = re.compile(r"団体|グループ|サークル|会")
_ENDING_NAME, _WEAK_NAME = 0.85, 0.8
_JAPAN_LAT, _JAPAN_LON = (20.0, 46.0), (122.0, 154.5)
#: 見出しによくある言い方。対応表の見出しに加えて比べる。
_SPOKEN: Mapping[str, tuple[str, ...]] = {
    "name": ("名称", "施設名", "事業所名", "団体名称", "サロン名", "活動名", "会の名前", "教室名", "店名", "場所の名前", "居場所名", "窓口名"),
    "address": ("住所", "所在地", "開催場所", "会場住所", "活動場所"),
    "phone": ("電話", "電話番号", "TEL", "連絡先", "問い合わせ先", "問合せ先"),
    "schedule": ("開催日時", "活動日時", "日時", "曜日・時間", "開所時間", "営業時間", "開館時間", "活動日"),
    "open_days": ("開設日", "利用日", "実施日", "配達日", "営業日", "活動曜日", "開催曜日", "曜日"),
    "start_time": ("利用時間", "開設時間", "開所時間", "営業時間", "開館時間", "実施時間", "受付時間", "活動時間", "時間"),
    "facility_name": ("会場", "会場名", "活動場所", "開催場所", "場所", "建物名"),
    "hours_monday": ("月", "月曜", "月曜日"),
    "hours_tuesday": ("火", "火曜", "火曜日"),
    "hours_wednesday": ("水", "水曜", "水曜日"),
    "hours_thursday": ("木", "木曜", "木曜日"),
    "hours_friday": ("金", "金曜", "金曜日"),
    "hours_saturday": ("土", "土曜", "土曜日"),
    "hours_sunday": ("日", "日曜", "日曜日"),
    "hours_holidays": ("祝", "祝日"),
    "closed_days": ("定休日", "休館日", "休業日", "休み"),
    "eligibility": ("対象者", "対象", "対象年齢", "参加できる方", "利用できる方"),
    "cost": ("費用", "料金", "参加費", "利用料", "会費"),
    "description": ("概要", "内容", "活動内容", "紹介文", "説明", "事業内容"),
    "category": ("分類", "種別", "区分", "カテゴリ", "ジャンル"),
    "organization": ("運営主体", "運営団体", "実施主体", "主催", "法人名", "代表団体"),
    "area": ("利用できる区域", "対象地区", "圏域", "エリア"),
    "capacity": ("定員", "人数", "受入人数"),
    "url": ("URL", "ホームページ", "HP", "ウェブサイト"),
    "email": ("メール", "メールアドレス", "E-mail"),
    "note": ("備考", "その他", "特記事項", "メモ"),
    "assured_date": ("最終確認日", "確認日"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Guess:
    """One column, the field proposed for it, how sure (0–1) and why (Japanese)."""

    column: str
    field: str
    score: float
    why: str


def propose_mapping(table: Table, name: str) -> tuple[ColumnMapping | None, tuple[Guess, ...]]:
    """A mapping for resources, or ``None`` when no column could be the name.

    ``name`` (of the file) becomes key and label.
    """
    values = _values(table)
    order = {column: place for place, column in enumerate(table.header)}
    ranked = sorted(_guesses(table.header, values), key=lambda g: (-g.score, order[g.column]))
    taken: dict[str, Guess] = {}
    used: set[str] = set()
    for guess in ranked:
        if guess.field not in taken and guess.column not in used:
            taken[guess.field] = guess
            used.add(guess.column)
    if "name" not in taken:
        _name_over_group(ranked, taken)
    if "name" not in taken and (found := _name_by_values(table.header, values, used)):
        taken["name"] = found
    guesses = tuple(taken.values())
    if "name" not in taken:
        return None, guesses
    fields = {guess.field: (guess.column,) for guess in guesses}
    if "address" not in fields and (parts := _address_parts(table.header)):
        fields["address"] = ("".join(f"{{{column}}}" for column in parts),)
    required = tuple((g.column,) for g in guesses if g.field in ("name", "address", "phone"))
    mapping = ColumnMapping(
        key=f"own-{name}", label=name, kind=Kind.RESOURCES, required=required, fields=fields
    )
    return mapping, guesses


def _address_parts(header: Sequence[str]) -> Sequence[str]:
    """Columns that make an address together (区・町名・番地), in the order of the table."""
    found = [c for c in header if _ADDRESS_PART.fullmatch(column_key(c)) and not _NO_HOLE.search(c)]
    return found if any(_STREET_PART.search(column_key(c)) for c in found) else ()


def _name_over_group(ranked: Sequence[Guess], taken: dict[str, Guess]) -> None:
    """A list of groups has only 「団体名」: it is the name, not the operator of something unnamed."""
    found = next((guess for guess in ranked if guess.field == "name"), None)
    if found is not None:
        for other in [name for name, guess in taken.items() if guess.column == found.column]:
            del taken[other]
        taken["name"] = found


def mapping_toml(mapping: ColumnMapping) -> str:
    """The mapping as a TOML file that a person may correct.

    >>> m = ColumnMapping(key="k", label="会", kind=Kind.RESOURCES, required=(("会の名",),), fields={"name": ("会の名",)})
    >>> print(mapping_toml(m).splitlines()[1])
    label = "会"
    """
    lines = [
        f"key = {_quoted(mapping.key)}",
        f"label = {_quoted(mapping.label)}",
        f"kind = {_quoted(mapping.kind.value)}",
        *([f"ignored = {_list(mapping.ignored)}"] if mapping.ignored else []),
        "",
        "[match]",
        "required = [" + ", ".join(_list(group) for group in mapping.required) + "]",
        *([f"header = {_list(mapping.header)}"] if mapping.header else []),
        "",
        "[fields]",
        *(f"{name} = {_list(columns)}" for name, columns in mapping.fields.items()),
    ]
    if mapping.fixed:
        lines += ["", "[fixed]", *(f"{n} = {_quoted(t)}" for n, t in mapping.fixed.items())]
    return "\n".join(lines) + "\n"


def guess_columns(table: Table) -> tuple[Guess, ...]:
    """For every column its best guess, however weak; a field may be guessed for several columns."""
    best: dict[str, Guess] = {}
    for guess in _guesses(table.header, _values(table)):
        held = best.get(guess.column)
        if held is None or guess.score > held.score:
            best[guess.column] = guess
    return tuple(best.values())


def guess_all(table: Table) -> tuple[Guess, ...]:
    """Every guess for every column."""
    return tuple(_guesses(table.header, _values(table)))


def sure_enough(guesses: Sequence[Guess]) -> bool:
    """Whether it may be used without being asked: a name, and where, when or how to reach it."""
    found = {guess.field: guess.score for guess in guesses}
    telling = sum(name in found for name in ("address", "phone", "lat", "schedule"))
    # 見出しから名称と分かるときは一つ、並びから推したときは二つの手がかりを求める。
    return telling >= (1 if found.get("name", 0.0) >= _LIKE else 2)


def _guesses(header: Sequence[str], values: Mapping[str, Sequence[str]]) -> Iterator[Guess]:
    for column in header:
        filled = [v for v in values[column] if v and not is_unknown(v)]
        yield from _by_heading(column, filled)
        yield from _by_ending(column, filled)
        yield from _by_values(column, filled)


def _by_heading(column: str, filled: Sequence[str]) -> Iterator[Guess]:
    key = column_key(column)
    for field, names in _names().items():
        best, score = max(((n, _heading_likeness(key, n)) for n in names), key=lambda pair: pair[1])
        if score >= _LIKE and _plausible(field, filled):
            yield Guess(column, field, score, f"見出しが「{best}」に近い")


def _by_ending(column: str, filled: Sequence[str]) -> Iterator[Guess]:
    """「〇〇名」 is mostly the name of the thing, unless it names a person, place or operator."""
    key = column_key(column)
    if not _NAME_ENDING.search(key) or _OTHER_NAMES.search(key) or not filled:
        return
    if len(set(filled)) / len(filled) >= _MOSTLY:
        score = _WEAK_NAME if _GROUP_NAMES.search(key) else _ENDING_NAME
        yield Guess(column, "name", score, "見出しが「名」で終わり、行ごとに違う言葉が並ぶ")


def _by_values(column: str, filled: Sequence[str]) -> Iterator[Guess]:
    if not filled:
        return
    for field, looks, said in _LOOKS:
        share = sum(looks(value) for value in filled) / len(filled)
        if share >= _MOSTLY:
            yield Guess(column, field, 0.7 * share, f"値の{share:.0%}が{said}の形")


def _name_by_values(
    header: Sequence[str], values: Mapping[str, Sequence[str]], used: set[str]
) -> Guess | None:
    """The first column of short, different words that nothing else claims."""
    for column in header:
        filled = [v for v in values[column] if v]
        if column in used or _CODE.search(column) or len(filled) < 2:  # noqa: PLR2004 - 一つでは違いが分からない
            continue
        short = sum(1 < len(v) <= 40 and not v.isdigit() for v in filled) / len(filled)  # noqa: PLR2004 - 名称の長さ
        if short > 0.9 and len(set(filled)) / len(filled) > 0.9:  # noqa: PLR2004 - ほぼすべて
            return Guess(column, "name", 0.4, "短く、行ごとに違う言葉が並ぶ最初の列")
    return None


def _plausible(field: str, filled: Sequence[str]) -> bool:
    looks = next((test for name, test, _ in _LOOKS if name == field), None)
    if looks is None or not filled:
        return True
    return sum(looks(value) for value in filled) / len(filled) > 0.2  # noqa: PLR2004 - 形の合わない列は見出しが似ていても採らない


def _heading_likeness(key: str, name: str) -> float:
    """Also of 「開催日時_曜日」, a heading over several columns: its own part says most."""
    _, _, own = key.rpartition("_")
    bare = _REMARK.sub("", key) or key
    forms = ((key, 1.0), (own, 0.97), (bare, 0.98))
    return max(weight * _likeness(form, name) for form, weight in dict(forms).items())


def _likeness(key: str, name: str) -> float:
    other = column_key(name)
    if key == other:
        return 1.0
    if len(other) > 1 and (other in key or key in other) and min(len(key), len(other)) > 1:
        return 0.75 + 0.2 * min(len(key), len(other)) / max(len(key), len(other))
    return 0.98 * similarity(key, other)


def _values(table: Table) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {column: [] for column in table.header}
    for row in islice(table.rows(), SAMPLE_ROWS):
        for column, cell in zip(table.header, row.cells, strict=False):
            values[column].append(cell.strip()[:300])
    return values


@cache
def _names() -> Mapping[str, tuple[str, ...]]:
    names: dict[str, dict[str, None]] = {f: dict.fromkeys(w) for f, w in _SPOKEN.items()}
    for name, label in FIELDS[Kind.RESOURCES].items():
        names.setdefault(name, {})[label] = None
    for mapping in shipped_mappings():
        if mapping.kind is Kind.RESOURCES:
            for name, columns in mapping.fields.items():
                for column in columns:
                    if "{" not in column and not column.isascii():
                        names.setdefault(name, {})[column] = None
    return {name: tuple(words) for name, words in names.items()}


def _degrees(low: float, high: float) -> Callable[[str], bool]:
    def test(text: str) -> bool:
        value = read_degrees(text) if "." in text else None
        return value is not None and low <= value <= high

    return test


def _is_sum(text: str) -> bool:
    return ("円" in text or "無料" in text) and read_fee(text) is not None


def _is_address(text: str) -> bool:
    found = read_address(text) if len(text) < 80 else None  # noqa: PLR2004 - 住所の長さ
    return found is not None and bool(found.city or found.ward) and bool(found.town)


def _is_age(text: str) -> bool:
    ages = read_ages(text) if len(text) < _LONG else None
    return ages is not None and (ages.minimum is not None or ages.maximum is not None)


_LOOKS: tuple[tuple[str, Callable[[str], bool], str], ...] = (
    ("lat", _degrees(*_JAPAN_LAT), "緯度"),
    ("lon", _degrees(*_JAPAN_LON), "経度"),
    ("url", lambda text: text.startswith("http") and read_web(text) is not None, "ウェブの番地"),
    ("email", lambda text: read_email(text) is not None, "メール"),
    ("phone", lambda text: bool(read_phones(text)), "電話番号"),
    ("postal_code", lambda text: read_postal_code(text) is not None, "郵便番号"),
    ("legal_entity_number", lambda text: read_legal_entity_number(text) is not None, "法人番号"),
    ("address", _is_address, "住所"),
    ("cost", lambda text: len(text) < _LONG and _is_sum(text), "費用"),
    ("eligibility", _is_age, "対象年齢"),
    ("schedule", lambda text: len(text) < _LONG and bool(read_hours(text).slots), "曜日と時間"),
    (
        "assured_date",
        lambda text: bool(re.search(r"[年/.\-]", text)) and read_date(text) is not None,
        "日付",
    ),
)


def _quoted(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f]", " ", plain) + '"'


def _list(texts: Sequence[str]) -> str:
    return "[" + ", ".join(_quoted(text) for text in texts) + "]"
