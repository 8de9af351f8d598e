"""The labelled pairs: how a line of pairs.tsv becomes two keys.

The file keeps names and addresses of public places. Telephone and public numbers are not kept, only
whether the two rows had the same one; the distance between published points is kept in metres.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from graph.model.values import Point
from ingest.duplicates import DuplicateKey, make_key

PAIRS = Path(__file__).parent / "pairs.tsv"
_DEGREE_M = 111_195.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """Two keys and whether a person (or the published identifier) says they are one thing."""

    a: DuplicateKey
    b: DuplicateKey
    same: bool
    held: bool


def labelled_pairs() -> list[Labelled]:
    """All pairs in the order of the file."""
    with PAIRS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [
        Labelled(
            a=_key(row, "a", number, 0),
            b=_key(row, "b", number, 1),
            same=row["label"] == "1",
            held=row["split"] == "held",
        )
        for number, row in enumerate(rows)
    ]


def _key(row: Mapping[str, str], side: str, number: int, second: int) -> DuplicateKey:
    def told(column: str, width: int) -> str | None:
        if not row[column]:
            return None
        return f"0{number:05}{0 if row[column] == 'same' else second:0{width - 6}}"

    phone = told("phone", 10)
    metres = float(row["metres"]) if row["metres"] else None
    point = None if metres is None else Point(35.0 + second * metres / _DEGREE_M, 140.0)
    return make_key(
        id=f"{number}{side}",
        name=row[f"name_{side}"],
        address=row[f"address_{side}"],
        phones=[phone] if phone else [],
        legal_entity_number=told("legal_entity", 13),
        provider_number=told("provider", 10),
        kind=row[f"kind_{side}"] or None,
        point=point,
        source=f"{row[f'source_{side}']}#{side}",
    )
