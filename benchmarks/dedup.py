"""Duplicates on the labelled pairs and on noisy copies: this product, and Splink on the same rows.

``python -m benchmarks.dedup`` prints precision, recall and time of :mod:`ingest.duplicates` on the
labelled pairs; ``--copies N`` on N synthetic rows, half of them noisy copies of the other half
(:mod:`benchmarks.noisy`), among all of which the pairs have to be found. ``--write FILE`` writes
the rows in normal forms as JSON lines, which ``benchmarks/rival_splink.py`` reads in an
environment of its own (Splink is no dependency).
"""

import argparse
import json
import resource
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.noisy import Office, rows
from graph.model.values import Point
from ingest.duplicates import Band, DuplicateKey, find_duplicates, make_key, score_pair
from tests.ingest.duplicates.labelled import Labelled, labelled_pairs


def main(arguments: Sequence[str]) -> int:
    """Run, or write the rows for the rival."""
    parser = argparse.ArgumentParser(prog="benchmarks.dedup", description=__doc__)
    parser.add_argument("--copies", type=int, default=0)
    parser.add_argument("--write", type=Path)
    chosen = parser.parse_args(arguments)
    if chosen.copies:
        return _copies(chosen.copies, chosen.write)
    pairs = labelled_pairs()
    if chosen.write:
        _write(chosen.write, pairs)
        return 0
    started = time.perf_counter()
    bands = [score_pair(p.a, p.b).band for p in pairs]
    seconds = time.perf_counter() - started
    for label, wanted in (("merged+review", {Band.MERGED, Band.REVIEW}), ("merged", {Band.MERGED})):
        for part in ("tune", "held", "all"):
            outcomes = [
                (p.same, b in wanted)
                for p, b in zip(pairs, bands, strict=True)
                if part == "all" or p.held == (part == "held")
            ]
            print(f"tsunagu {label} {part}: {score(outcomes)}")  # noqa: T201 - the result
    print(f"tsunagu {len(pairs)} pairs in {seconds:.3f} s")  # noqa: T201 - the result
    return 0


def _copies(count: int, path: Path | None) -> int:
    """Find the copies among all rows; time is that of keys, blocks and scores."""
    offices, copies = rows(count)
    truth = {
        f"{side}{o.truth}": o.truth for side, os in (("a", offices), ("b", copies)) for o in os
    }
    started = time.perf_counter()
    held = [_copy_key("a", office) for office in offices]
    fresh = [_copy_key("b", copy) for copy in copies]
    found = list(find_duplicates(fresh, held, across_sources_only=True))
    seconds = time.perf_counter() - started
    for label, bands in (("merged+review", {Band.MERGED, Band.REVIEW}), ("merged", {Band.MERGED})):
        chosen = [pair for pair in found if pair.band in bands]
        right = sum(truth[pair.a] == truth[pair.b] for pair in chosen)
        said = f"P {right / max(1, len(chosen)):.4f} R {right / len(offices):.4f}"
        print(f"tsunagu {label} {count} rows: {said} ({len(chosen)} pairs)")  # noqa: T201 - the result
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"tsunagu {count} rows in {seconds:.1f} s, {peak} MB")  # noqa: T201 - the result
    if path is not None:
        with path.open("w", encoding="utf-8") as file:
            for key in (*held, *fresh):
                row = {"truth": truth[key.id], "copy": key.source == "b", **_row(key)}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return 0


def _copy_key(side: str, office: Office) -> DuplicateKey:
    return make_key(
        id=f"{side}{office.truth}",
        name=office.name,
        address=office.address,
        phones=(office.phone,) if office.phone else (),
        kind=office.kind,
        point=Point(office.lat, office.lon),
        source=side,
    )


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
