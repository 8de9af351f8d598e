"""``python -m graph.vocabulary [FOLDER]``: lint the vocabulary; exit 1 when anything is wrong."""

import sys
from collections.abc import Sequence
from pathlib import Path

from graph.vocabulary.concept import Family
from graph.vocabulary.lint import lint
from graph.vocabulary.source import SHIPPED, read_sources


def main(arguments: Sequence[str]) -> int:
    """Print every fault, or the counts when there is none."""
    folder = Path(arguments[0]) if arguments else SHIPPED
    problems = lint(folder)
    for problem in problems:
        sys.stdout.write(f"{problem}\n")
    if problems:
        sys.stdout.write(f"直すところが{len(problems)}件あります。\n")
        return 1
    entries = read_sources(folder).entries
    counts = "、".join(
        f"{family} {sum(entry.family is family for entry in entries)}" for family in Family
    )
    sys.stdout.write(f"語彙に直すところはありません（{counts}）。\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
