"""A copy of the shipped data to break, and a tiny vocabulary to reason about."""

import shutil
from pathlib import Path

import pytest

from graph.vocabulary.concept import Concept
from graph.vocabulary.load import load_vocabulary
from graph.vocabulary.protocol import Vocabulary
from graph.vocabulary.source import SHIPPED


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The shipped data files, to be changed freely."""
    folder = tmp_path / "data"
    shutil.copytree(SHIPPED, folder)
    return folder


def all_concepts(vocabulary: Vocabulary) -> list[Concept]:
    from graph.vocabulary.concept import Family

    return [concept for family in Family for concept in vocabulary.concepts(family)]
