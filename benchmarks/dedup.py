"""Duplicates on the labelled pairs: this product, and Splink on the same normal forms.

``python -m benchmarks.dedup`` prints precision, recall and time of :mod:`ingest.duplicates`;
``--write FILE`` writes the two rows of every pair in normal forms as JSON lines, which
``benchmarks/rival_splink.py`` reads in an environment of its own (Splink is no dependency).
"""

import json
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from ingest.duplicates import Band, DuplicateKey, score_pair
from tests.ingest.duplicates.labelled import Labelled, labelled_pairs


def main(arguments: Sequence[str]) -> int:
    """Run, or write the rows for the rival."""
    pairs = labelled_pairs()
    if len(arguments) == 2 and arguments[0] == "--write":  # noqa: PLR2004 - option and its value
        _write(Path(arguments[1]), pairs)
        return 0
    started = time.perf_counter()
    bands = [score_pair(p.a, p.b).band for p in pairs]
    seconds = time.perf_counter() - started
    for label, wanted in (("merged+review", {Band.MERGED, Band.REVIEW}), ("merged", {Band.MERGED})):
        for part in ("tune", "held", "all"):
            chosen = [
                (p.same, b in wanted)
                for p, b in zip(pairs, bands, strict=True)
                if part == "all" or p.held == (part == "held")
            ]
            print(f"tsunagu {label} {part}: {score(chosen)}")  # noqa: T201 - the result
    print(f"tsunagu {len(pairs)} pairs in {seconds:.3f} s")  # noqa: T201 - the result
    return 0


def score(outcomes: Iterable[tuple[bool, bool]]) -> str:
    """Precision and recall of (label, found) pairs as text.

    >>> score([(True, True), (True, False), (False, True), (False, False)])
    'P 0.500 R 0.500 (n=4)'
    """
    seen = list(outcomes)
    right = sum(same and found for same, found in seen)
    found = sum(found for _, found in seen)
    real = sum(same for same, _ in seen)
    return f"P {right / max(1, found):.3f} R {right / max(1, real):.3f} (n={len(seen)})"


def _write(path: Path, pairs: Sequence[Labelled]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for number, pair in enumerate(pairs):
            for key in (pair.a, pair.b):
                row = {"pair": number, "same": pair.same, "held": pair.held, **_row(key)}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _row(key: DuplicateKey) -> dict[str, object]:
    return {
        "unique_id": key.id,
        "name": key.core,
        "numbers": " ".join(sorted(key.numbers)) or "-",
        "town": key.town or None,
        "address": f"{key.city}{key.town}{'-'.join(map(str, key.block))}" if key.block else None,
        "phone": min(key.phones, default=None),
        "legal_entity": key.legal_entity_number,
        "provider": key.provider_number,
        "kind": key.kind,
        "lat": key.point.lat if key.point else None,
        "lon": key.point.lon if key.point else None,
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
