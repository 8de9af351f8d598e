"""言い方の近さを学ぶ道具：ベクトルの読み方、学び方、書き出した表が学んだとおりに答えること。"""

from pathlib import Path

import numpy as np
import pytest

from graph.vocabulary.concept import Family
from graph.vocabulary.load import load_vocabulary
from matching.intake import teach
from matching.intake.meaning import FAMILIES, NOTHING, learned, telling
from matching.intake.words import read_words

VECTORS = "3 2\nバス 2 0\n借金 0 5\n便 1 0.5\n"
SENTENCES = ["バスの便が少ない", "バスがない", "借金が返せない", "借金で困る"]


@pytest.fixture
def vectors(tmp_path: Path) -> Path:
    path = tmp_path / "vectors.txt"
    path.write_text(VECTORS, encoding="utf-8")
    return path


def test_vectors_are_read_and_made_of_length_one(vectors: Path) -> None:
    place, table = teach.read_vectors(vectors)
    assert set(place) == {"ばす", "借金", "便"}  # 仮名はそろえてある
    assert np.allclose(np.linalg.norm(table, axis=1), 1.0)
    assert np.allclose(table[place["借金"]], [0, 1])


def test_what_was_taught_is_told_apart(vectors: Path) -> None:
    sentences = teach._sentences(SENTENCES)
    space = teach._space(sentences, *teach.read_vectors(vectors))
    classes = np.array([0, 0, 1, 1])
    table = teach.fit(space.features(sentences), classes, 2, np.ones(4))
    new = space.features(teach._sentences(["便が減った", "借金が増えた"]))
    assert np.argmax(new @ table.T, axis=1).tolist() == [0, 1]


def test_the_written_table_answers_as_it_was_taught(vectors: Path, tmp_path: Path) -> None:
    sentences = teach._sentences(SENTENCES)
    space = teach._space(sentences, *teach.read_vectors(vectors))
    classes = np.array([0, 0, 1, 1])
    table = teach.fit(space.features(sentences), classes, 2, np.ones(4))
    out = tmp_path / "meaning.npz"
    teach._write(space, {family: (["a", "b"], table) for family in FAMILIES}, out)
    known = learned(out.read_bytes())
    for text in ("バスの便が少ない", "借金が返せない"):
        words = [w for w in read_words(text).words if telling(w)]
        logits = (space.features([words]) @ table.T).ravel()
        exact = np.exp(logits - logits.max())
        shares = known.shares(words, Family.NEED)
        assert shares is not None
        # 8ビットに丸めた分だけ違ってよい。
        assert np.allclose(shares, exact / exact.sum(), atol=0.02)


def test_examples_weigh_more_than_definitions() -> None:
    given = teach.examples(load_vocabulary(), Family.NEED)
    weights = {weight for weight, *_ in given}
    assert weights == {1.0, 0.5}
    assert NOTHING in {key for _, key, _ in given}
