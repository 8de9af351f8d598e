"""The benchmark's own honesty: engines agree at a small size, and a wrong list is caught."""

import pytest

from benchmarks.generate import country, fill
from benchmarks.questions import hard, ordinary
from benchmarks.rival_scan import NetworkxLoop, NumpyScan
from benchmarks.run import Engine, Product, agrees, ask_all
from graph.backends.open import open_store
from graph.vocabulary.load import load_vocabulary
from matching.engine import Matcher, open_matcher
from matching.weights import weights_of

SIZE = 600


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    store = open_store("memory:")
    fill(store, SIZE, load_vocabulary())
    return open_matcher(store, load_vocabulary())


def test_every_engine_gives_the_same_lists(matcher: Matcher) -> None:
    vocabulary, segment = load_vocabulary(), matcher.index.base
    land = country(SIZE, vocabulary)
    engines: list[Engine] = [
        NumpyScan(segment, vocabulary, weights_of(None)),
        Product(matcher),
        NetworkxLoop(segment, vocabulary, weights_of(None)),
    ]
    for questions in (ordinary(land, vocabulary, 12), hard(land, vocabulary, 6)):
        for name, timing in ask_all(engines, questions, segment).items():
            assert timing.agreed == timing.asked, name


def test_a_wrong_list_is_not_taken_for_agreement() -> None:
    right = [(1, 0.9), (2, 0.8), (3, 0.8)]
    assert agrees([(1, 0.9), (3, 0.8), (2, 0.8)], right)
    assert not agrees([(2, 0.9), (1, 0.8), (3, 0.8)], right)
    assert not agrees([(1, 0.9), (2, 0.7), (3, 0.8)], right)
    assert not agrees(right[:2], right)
