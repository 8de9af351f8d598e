"""``python -m benchmarks.opening DB INDEX RESOURCES``: a kept index, in a process of its own.

Prints what opening it and the first answer took, and how long reading the same records from the
store takes. Python's own start is told apart: it is the same for any program.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.compare import TOP, Product
from benchmarks.generate import country
from benchmarks.questions import ordinary
from graph.backends.open import open_store
from graph.backends.settings import sqlite_url
from graph.model.element import NodeKind
from graph.vocabulary.load import load_vocabulary
from matching.engine import open_matcher


def opening(database: Path, cache: Path, resources: int) -> dict[str, float]:
    """The figures of a fresh process."""
    command = [sys.executable, "-m", "benchmarks.opening"]
    done = subprocess.run(
        [*command, str(database), str(cache), str(resources)],
        check=True,
        capture_output=True,
        cwd=Path(__file__).resolve().parent.parent,
    )
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def _measure(database: Path, cache: Path, resources: int) -> dict[str, Any]:
    vocabulary = load_vocabulary()
    question = ordinary(country(resources, vocabulary), vocabulary, 1)[0]
    started = time.perf_counter()
    store = open_store(sqlite_url(database))
    Product(open_matcher(store, vocabulary, cache=cache)).answer(question, TOP)
    open_s = time.perf_counter() - started
    started = time.perf_counter()
    with store.read() as view:
        for _ in view.nodes(NodeKind.RESOURCE):
            pass
    read_s = time.perf_counter() - started
    store.close()
    return {
        "open_s": round(open_s, 4),
        "read_store_s": round(read_s, 3),
        "open_share_of_reading": round(open_s / read_s, 4) if read_s else 0.0,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_measure(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))))
