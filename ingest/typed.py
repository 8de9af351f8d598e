"""The seam to the cleaning parsers: text of a cell → value, or ``None`` where it can't be read."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from graph.hours import Hours
from graph.model.resource import CostKind, Opening
from ingest.clean.ages import read_age_limit, read_ages
from ingest.clean.blanks import is_unknown, tidy
from ingest.clean.capacity import read_capacity
from ingest.clean.codes import (
    read_legal_entity_number,
    read_local_government_code,
    read_postal_code,
    read_provider_number,
)
from ingest.clean.eras import read_date
from ingest.clean.fees import read_fee
from ingest.clean.hours import read_closed_days, read_day_columns, read_hour_columns, read_hours
from ingest.clean.marks import read_mark
from ingest.clean.phones import PhoneKind, read_phones
from ingest.clean.points import read_point
from ingest.clean.prefectures import PREFECTURES

__all__ = [
    "hours_of",
    "hours_text",
    "is_unknown",
    "read_age_limit",
    "read_ages",
    "read_capacity",
    "read_count",
    "read_date",
    "read_email",
    "read_fee_of",
    "read_government_code",
    "read_legal_entity_number",
    "read_mark",
    "read_phone",
    "read_point",
    "read_postal_code",
    "read_provider_number",
    "read_web",
]

_EMAIL = re.compile(r"[\w.+\-/]+@[\w\-]+(?:\.[\w\-]+)+")
_WEB = re.compile(r"https?://[^\s、，]+", re.IGNORECASE)
_PARTIAL = re.compile(r"[△▲]")
_BOTH = re.compile(r"\d.*[~〜～\-－―ー]\s*\D{0,3}\d|から")
_BARE_WEB = re.compile(r"(?:www\.)?[\w\-]+(?:\.[\w\-]+)+(?:/\S*)?", re.ASCII)
_DAY_FIELDS: Mapping[str, int | str] = {
    "hours_weekdays": "weekdays",
    "hours_monday": 0,
    "hours_tuesday": 1,
    "hours_wednesday": 2,
    "hours_thursday": 3,
    "hours_friday": 4,
    "hours_saturday": 5,
    "hours_sunday": 6,
    "hours_holidays": "holidays",
}
_DAY_LABELS = dict(
    zip(_DAY_FIELDS, ("平日", "月", "火", "水", "木", "金", "土", "日", "祝日"), strict=True)
)
#: 開催日時のもとになる列。これらがあるときは、開催日時の文はここから組み立てる。
SCHEDULE_PARTS = ("open_days", "start_time", "end_time", *_DAY_FIELDS, "closed_days", "hours_note")


def read_email(text: str) -> str | None:
    """The first mail address of a cell (full width is common).

    >>> read_email("ｙ-tosho＠city.example.jp"), read_email("電話で")
    ('y-tosho@city.example.jp', None)
    """
    match = _EMAIL.search(unicodedata.normalize("NFKC", text))
    return match[0] if match else None


def read_web(text: str) -> str | None:
    """The first web address of a cell.

    >>> read_web("https://a.example.jp/x 参照"), read_web("www.example.jp"), read_web("なし")
    ('https://a.example.jp/x', 'http://www.example.jp', None)
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    match = _WEB.search(plain)
    if match:
        return match[0]
    return f"http://{plain}" if _BARE_WEB.fullmatch(plain) else None


def read_phone(text: str) -> str | None:
    """The first number of a cell that people answer."""
    found = read_phones(text)
    voice = next((p for p in found if p.kind is PhoneKind.VOICE), None)
    if voice is None:
        return None
    return f"{voice.number}（内線{voice.extension}）" if voice.extension else voice.number


def read_count(text: str) -> int | None:
    """A number of people or households.

    >>> read_count("1,436"), read_count("７４４人"), read_count("402.0"), read_count("X")
    (1436, 744, 402, None)
    """
    match = re.fullmatch(r"(\d[\d,]*)(?:\.0+)?(?:人|世帯)?", tidy(text))
    return int(match[1].replace(",", "")) if match else None


def read_day(text: str) -> date | None:
    """A single date."""
    return read_date(text)


def read_fee_of(text: str) -> tuple[CostKind | None, int | None]:
    """Kind and sum of a 費用 text."""
    fee = read_fee(text)
    return (fee.kind, fee.yen) if fee else (None, None)


def read_government_code(text: str, prefecture: str | None = None) -> str | None:
    """市区町村コード with six digits.

    Five digits that could be two places are read without a lost zero: 12106 is 千葉市緑区.

    >>> read_government_code("12106"), read_government_code("11011", "北海道")
    ('121061', '011011')
    """
    found = read_local_government_code(text, prefecture=prefecture)
    if found is not None:
        return found
    digits = re.sub(r"\.0$", "", tidy(text))
    if re.fullmatch(r"\d{5}", digits):
        number = int(digits[:2])
        if 1 <= number <= len(PREFECTURES):
            return read_local_government_code(digits, prefecture=PREFECTURES[number - 1])
    return None


def hours_text(cells: Mapping[str, str]) -> str | None:
    """The text of the columns that say when it is open, for people to read."""
    parts: list[str] = []
    if cells.get("open_days"):
        parts.append(cells["open_days"].replace("|", "・").replace(",", "・"))
    times = [cells.get("start_time", ""), cells.get("end_time", "")]
    if any(times):
        # 終わりの列がなく、始まりの列に「10時〜12時」と書かれていれば、そのまま見せる。
        parts.append("〜".join(times) if all(times) or not _BOTH.search(times[0]) else times[0])
    parts[:0] = _days_text(cells)
    if cells.get("closed_days"):
        parts.append(f"定休日：{cells['closed_days']}")
    if cells.get("hours_note"):
        parts.append(cells["hours_note"])
    return " ".join(parts) or None


def _days_text(cells: Mapping[str, str]) -> list[str]:
    told = {label: cells[name] for name, label in _DAY_LABELS.items() if cells.get(name)}
    open_on = [label for label, cell in told.items() if read_mark(cell)]
    rest = [f"{label} {cell}" for label, cell in told.items() if read_mark(cell) is None]
    shut = [f"{label} {cell}" for label, cell in told.items() if read_mark(cell) is False]
    return [*(["・".join(open_on)] if open_on else []), *rest, *([] if open_on else shut)]


def hours_of(cells: Mapping[str, str]) -> Hours | None:
    """Opening hours from the free text, or from the columns; ``None`` when neither is given."""
    text = cells.get("schedule")
    if text is not None and not is_unknown(text):
        told = _timed(read_hours(text), cells)
        return told if told.slots else _beside(text, cells) or told
    days = {_DAY_FIELDS[name]: cells[name] for name in _DAY_FIELDS if cells.get(name)}
    note, closed = cells.get("hours_note", ""), cells.get("closed_days", "")
    found: Hours | None = None
    if days:
        found = _marked(cells, cells.get("start_time", "")) or read_day_columns(days)
    if (found is None or not found.slots) and (cells.get("open_days") or cells.get("start_time")):
        found = read_hour_columns(
            cells.get("open_days", ""), cells.get("start_time", ""), cells.get("end_time", ""), note
        )
    if (found is None or not found.slots) and note:
        found = read_hours(note)
    if (found is None or not found.slots) and closed:
        times = "〜".join(t for t in (cells.get("start_time"), cells.get("end_time")) if t)
        found = (_beside(times, cells) if times else None) or read_closed_days(closed)
    return found


def _beside(text: str, cells: Mapping[str, str]) -> Hours | None:
    """Times alone (9:30～17:30), with the days that stand beside them: marked, or those shut."""
    marked = _marked(cells, text)
    if marked is None and cells.get("closed_days"):
        marked = read_hours(f"{text} 休館日：{cells['closed_days']}")
    return marked if marked is not None and marked.slots else None


def _marked(cells: Mapping[str, str], times: str) -> Hours | None:
    """A column for each weekday with ○ in it, and the times elsewhere; ``None`` if there are none.

    >>> marked = _marked({"hours_monday": "○", "hours_friday": "○", "hours_sunday": "×"}, "9時～16時")
    >>> [(s.weekday, s.start, s.end) for s in marked.slots]
    [(0, 540, 960), (4, 540, 960)]
    >>> _marked({"hours_monday": "9:00-17:00"}, "") is None
    True
    """
    names = {name: day for name, day in _DAY_FIELDS.items() if isinstance(day, int)}
    marks = {name: read_mark(cells[name]) for name in names if cells.get(name)}
    partial = any(m is None and not _PARTIAL.fullmatch(cells[n]) for n, m in marks.items())
    if partial or not any(marks.values()):
        return None
    days = "・".join(_DAY_LABELS[name] for name, mark in marks.items() if mark)
    return read_hour_columns(days, times, cells.get("end_time", ""), cells.get("hours_note", ""))


def _timed(hours: Hours, cells: Mapping[str, str]) -> Hours:
    """Days told in words with the times of the columns beside them.

    >>> _timed(read_hours("毎月最終金曜日"), {"start_time": "18:00", "end_time": "21:00"}).slots
    (Slot(weekday=4, start=1080, end=1260, weeks=(-1,), biweekly=False),)
    """
    if not cells.get("start_time") or any(slot.start is not None for slot in hours.slots):
        return hours
    told = read_hour_columns("毎日", cells["start_time"], cells.get("end_time", ""), "").slots
    if not told:
        return hours
    slots = tuple(replace(slot, start=told[0].start, end=told[0].end) for slot in hours.slots)
    return replace(hours, slots=slots)


def says_opening(hours: Hours) -> bool:
    """Whether anything could be told from the text."""
    return bool(hours.slots) or hours.opening not in (None, Opening.REGULAR)
