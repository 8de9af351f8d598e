"""``python -m tests.matching.other_process URL [INDEX]``: the sample's cases in a process of its own.

Fills an empty store with the sample municipality, matches every case of the sample and writes one
line of canonical JSON for each. A server's name and password come from the usual settings.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

from graph.backends.open import StoreSettings, open_store
from graph.model.codec import canonical_json
from graph.vocabulary.load import load_vocabulary
from ingest.load import import_paths
from ingest.options import ImportOptions
from ingest.samples import sample_folder
from matching.case import parse_case
from matching.engine import open_matcher
from matching.result import to_json

ON = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def lines(url: str, index: Path | None) -> Iterator[str]:
    """A line a case."""
    settings = StoreSettings(
        user=os.environ.get("TSUNAGU_NEO4J_USER"),
        password=os.environ.get("TSUNAGU_NEO4J_PASSWORD"),
        clock=lambda: NOW,
    )
    vocabulary = load_vocabulary()
    with closing(open_store(url, settings=settings)) as store:
        if store.head() == 0:
            options = ImportOptions()
            import_paths(store, [sample_folder()], options=options, vocabulary=vocabulary, now=NOW)
        matcher = open_matcher(store, vocabulary, cache=index)
        for text in (sample_folder() / "cases.jsonl").read_text(encoding="utf-8").splitlines():
            yield canonical_json(to_json(matcher.match(parse_case(json.loads(text)), on=ON)))


if __name__ == "__main__":
    _, given, *more = sys.argv
    for line in lines(given, Path(more[0]) if more else None):
        sys.stdout.buffer.write(line.encode() + b"\n")
