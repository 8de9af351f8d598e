"""One gap report of the sample municipality for every format."""

import json
from datetime import date

import pytest

from graph.areas import AreaTree
from graph.store import GraphStore
from graph.vocabulary.protocol import Vocabulary
from ingest.samples import sample_folder
from matching.case import Case, parse_case
from matching.engine import open_matcher
from matching.gaps.report import GapContext, GapReport, gap_report
from matching.gaps.run import needs_of_cases
from matching.gaps.unmet import Needs
from matching.owners import Owners

ON = date(2026, 11, 20)


@pytest.fixture(scope="session")
def gap_context(mihon: GraphStore, vocabulary: Vocabulary) -> GapContext:
    with mihon.read() as view:
        return GapContext(
            vocabulary=vocabulary, areas=AreaTree.load(view), owners=Owners.load(view, vocabulary)
        )


@pytest.fixture(scope="session")
def cases() -> list[Case]:
    lines = (sample_folder() / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    return [parse_case(json.loads(line)) for line in lines if line.strip()]


@pytest.fixture(scope="session")
def needs(mihon: GraphStore, cases: list[Case], vocabulary: Vocabulary) -> Needs:
    return needs_of_cases(open_matcher(mihon, vocabulary), cases, on=ON)


@pytest.fixture(scope="session")
def report(needs: Needs, gap_context: GapContext) -> GapReport:
    return gap_report(needs, gap_context, on=ON, threshold=1)
