"""Opening hours of real files (CC BY open data of the sources named in hours.tsv), labelled by hand.

A label lists the slots as 「曜日 開始-終了」 with nth weeks before a slash and 隔 for every other
week; 「-」 = no weekly slot can be told, or the word of :class:`graph.model.resource.Opening`.
"""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from graph.hours import Hours, read_hours
from graph.model.resource import Opening, Slot
from ingest.clean.hours import read_closed_days, read_hour_columns

LABELS = Path(__file__).parent / "hours.tsv"
WEEKDAYS = "月火水木金土日"
READERS: dict[str, Callable[[str], Hours]] = {
    "text": read_hours,
    "closed": read_closed_days,
    "days": read_hour_columns,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    text: str
    reader: str
    slots: frozenset[Slot]
    opening: str | None
    held: bool

    def right(self) -> bool:
        found = READERS[self.reader](self.text)
        if self.slots or found.slots:
            return frozenset(found.slots) == self.slots
        return (found.opening.value if found.opening else None) == self.opening


def _labels() -> list[Label]:
    with LABELS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [
        Label(
            text=row["text"].replace("⏎", "\n"),
            reader=row["reader"],
            slots=frozenset(_slots(row["slots"])),
            opening=row["slots"] if row["slots"] in set(Opening) else None,
            held=row["split"] == "held",
        )
        for row in rows
    ]


def _slots(text: str) -> Iterator[Slot]:
    if text == "-" or text in set(Opening):
        return
    for part in text.split("; "):
        match = re.fullmatch(
            r"(隔)?(?:([-\d,]+)/)?([月火水木金土日]+)(?: ([\d:]*)-([\d:]*))?", part
        )
        assert match is not None, part
        weeks = tuple(int(n) for n in (match[2] or "").split(",") if n)
        for day in match[3]:
            yield Slot(
                weekday=WEEKDAYS.index(day),
                start=_minutes(match[4]),
                end=_minutes(match[5]),
                weeks=weeks,
                biweekly=bool(match[1]),
            )


def _minutes(text: str | None) -> int | None:
    if not text:
        return None
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def test_labels_are_distinct_and_enough() -> None:
    labels = _labels()
    assert len({(x.reader, x.text) for x in labels}) == len(labels) >= 300
    assert sum(x.held for x in labels) >= len(labels) / 4


def test_most_real_texts_are_read_into_the_right_slots(capsys: pytest.CaptureFixture[str]) -> None:
    labels = _labels()
    wrong = [x for x in labels if not x.right()]
    shares = {}
    with capsys.disabled():
        for name, part in (
            ("調整に使った", [x for x in labels if not x.held]),
            ("使わなかった", [x for x in labels if x.held]),
            ("全部", labels),
        ):
            shares[name] = sum(x.right() for x in part) / len(part)
            print(f"\n開館時間 {name}{len(part)}件: 正しい枠 {shares[name]:.1%}", end="")  # noqa: T201 - 結果を試験の出力に残す
    assert shares["全部"] >= 0.85, [x.text for x in wrong]
    assert shares["使わなかった"] >= 0.85, [x.text for x in wrong if x.held]
