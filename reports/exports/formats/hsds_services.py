"""HSDS 3.1: a JSON list of whole service objects, or the tabular datapackage as a zip."""

import json
from pathlib import Path

from graph.store import GraphStore
from graph.vocabulary.protocol import Vocabulary
from reports.exports.exporter import Exporter
from reports.exports.hsds import services
from reports.exports.tabular import write_package


def write(store: GraphStore, out: Path, vocabulary: Vocabulary, public: bool) -> int:  # noqa: FBT001 - the seam's signature
    """Write ``.json`` or ``.zip``; gives the number of services."""
    with store.read() as view:
        found = services(view, vocabulary, public=public)
        if out.suffix.lower() == ".zip":
            return write_package(found, out)
        count = 0
        with out.open("w", encoding="utf-8") as stream:
            stream.write("[")
            for service in found:
                stream.write((",\n" if count else "\n") + json.dumps(service, ensure_ascii=False))
                count += 1
            stream.write("\n]\n")
        return count


EXPORTER = Exporter(key="hsds", label="HSDS 3.1", suffixes=(".json", ".zip"), write=write)
