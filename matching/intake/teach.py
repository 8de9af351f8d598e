"""Learns ``data/meaning.npz`` from the examples: ``python -m matching.intake.teach VECTORS``.

VECTORS is a text file of word vectors in the format of word2vec (a line for each word), in the
spelling of Sudachi's normal forms; the shipped data was learned with chiVe (Works Applications,
Apache License 2.0). Needed only after the examples or the vocabulary have changed; the product
itself reads no vectors. Prints how often a held-out example finds its concept.
"""

import argparse
import math
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml
from scipy import sparse
from scipy.optimize import minimize

from graph.text import normalise
from graph.vocabulary.concept import Family
from graph.vocabulary.load import load_vocabulary
from graph.vocabulary.protocol import Vocabulary
from matching.intake.meaning import FAMILIES, NOTHING, telling, term
from matching.intake.phrases import shipped_phrases
from matching.intake.words import Word, read_words

Floats = npt.NDArray[np.float64]
Example = tuple[str, list[Word]]

_FILES = {Family.NEED: "needs.yaml", Family.SITUATION: "situations.yaml"}
#: How strongly a sentence's place among the meanings counts beside its words themselves.
_VECTOR = 3.0
_RIDGE = 0.3
_ROUNDS = 80
#: A definition or synonym teaches half as much as a sentence somebody would say.
_FROM_VOCABULARY = 0.5
#: Words beside those of the examples: the ones whose vector tells most.
_MORE_WORDS = 8000
_HELD_OUT = 5


def examples(vocabulary: Vocabulary, family: Family) -> list[tuple[float, str, str]]:
    """Weight, key and sentence of everything that teaches a family."""
    folder = files("matching.intake").joinpath("data", "sayings")
    own: Mapping[str, Sequence[str]] = _yaml(folder.joinpath(_FILES[family]))
    nothing = _yaml(folder.joinpath("nothing.yaml"))
    found = [(1.0, key, text) for key, texts in own.items() for text in texts]
    found += [(1.0, NOTHING, text) for texts in nothing.values() for text in texts]
    for concept in vocabulary.concepts(family):
        if concept.key in own:
            texts = (concept.label, concept.definition, *concept.synonyms)
            found += [(_FROM_VOCABULARY, concept.key, text) for text in texts if text]
    for concept, text in shipped_phrases(vocabulary):
        if concept.family is family and concept.key in own:
            plain = text.removeprefix("=").replace("…", "、")
            found.append((_FROM_VOCABULARY, concept.key, plain))
    return found


def _yaml(path: Any) -> dict[str, list[str]]:  # noqa: ANN401 - a resource
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {str(key): list(texts) for key, texts in data.items()}


def read_vectors(path: Path) -> tuple[dict[str, int], Floats]:
    """Words and their vectors, of length one."""
    place: dict[str, int] = {}
    rows: list[npt.NDArray[np.float32]] = []
    with path.open(encoding="utf-8") as lines:
        next(lines)
        for line in lines:
            word, _, numbers = line.rstrip().partition(" ")
            key = normalise(word)
            if key and key not in place:
                place[key] = len(rows)
                rows.append(np.array(numbers.split(" "), dtype=np.float32))
    table = np.asarray(np.vstack(rows), dtype=np.float64)
    return place, table / np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-9)


@dataclass(slots=True)
class Space:
    """Words as features: their vectors, and themselves."""

    place: dict[str, int]
    vectors: Floats
    weight: dict[str, float]
    own: dict[str, int]

    def features(self, sentences: Sequence[Sequence[Word]]) -> sparse.csr_matrix:
        """Weighted mean vector of each sentence beside its words."""
        means = np.zeros((len(sentences), self.vectors.shape[1] + 1))
        rows: list[int] = []
        columns: list[int] = []
        values: list[float] = []
        for number, words in enumerate(sentences):
            total = math.sqrt(sum(self.weight_of(word) ** 2 for word in words)) or 1.0
            means[number, -1] = 1.0
            for word in words:
                share = self.weight_of(word) / total
                at = self.place.get(word.lemma)
                if at is not None:
                    means[number, :-1] += _VECTOR * share * self.vectors[at]
                for name in {word.lemma, term(word)}:
                    if name in self.own:
                        rows.append(number)
                        columns.append(self.own[name])
                        values.append(share)
        own = sparse.csr_matrix((values, (rows, columns)), shape=(len(sentences), len(self.own)))
        return sparse.csr_matrix(sparse.hstack([sparse.csr_matrix(means), own]))

    def weight_of(self, word: Word) -> float:
        """Rare words weigh more (inverse document frequency)."""
        return self.weight.get(word.lemma, self.weight[""])


def fit(
    features: sparse.csr_matrix, classes: npt.NDArray[np.int64], how_many: int, weights: Floats
) -> Floats:
    """Softmax regression with a ridge; classes × features."""
    rows, width = features.shape
    truth = sparse.csr_matrix((np.ones(rows), (np.arange(rows), classes)), shape=(rows, how_many))

    def loss(flat: Floats) -> tuple[float, Floats]:
        table = flat.reshape(how_many, width)
        logits = np.asarray(features @ table.T)
        logits -= logits.max(axis=1, keepdims=True)
        spread = np.exp(logits)
        spread /= spread.sum(axis=1, keepdims=True)
        right = spread[np.arange(rows), classes]
        error = (spread - truth.toarray()) * weights[:, None]
        slope = (features.T @ error).T + _RIDGE * table
        value = -(weights * np.log(right + 1e-12)).sum() + 0.5 * _RIDGE * (flat**2).sum()
        return float(value), np.asarray(slope).ravel()

    start = np.zeros(how_many * width)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _ROUNDS})
    return np.asarray(found.x.reshape(how_many, width))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _sentences(texts: Sequence[str]) -> list[list[Word]]:
    return [[word for word in read_words(text).words if telling(word)] for text in texts]


def _space(sentences: Sequence[Sequence[Word]], place: dict[str, int], vectors: Floats) -> Space:
    known = Counter(lemma for words in sentences for lemma in {word.lemma for word in words})
    weight = {lemma: math.log(len(sentences) / (times + 1)) for lemma, times in known.items()}
    names = sorted({name for words in sentences for w in words for name in (w.lemma, term(w))})
    weight[""] = math.log(len(sentences))
    return Space(place, vectors, weight, {name: at for at, name in enumerate(names)})


def learn(vocabulary: Vocabulary, vectors: Path, out: Path) -> None:
    """Learn both families and write the data; prints the held-out shares."""
    place, table = read_vectors(vectors)
    given = {family: examples(vocabulary, family) for family in FAMILIES}
    texts = {family: _sentences([text for *_, text in given[family]]) for family in FAMILIES}
    space = _space([words for family in FAMILIES for words in texts[family]], place, table)
    learned: dict[Family, tuple[list[str], Floats]] = {}
    for family in FAMILIES:
        keys = sorted({key for _, key, _ in given[family]})
        classes = np.array([keys.index(key) for _, key, _ in given[family]])
        weights = np.array([weight for weight, *_ in given[family]])
        features = space.features(texts[family])
        _tell(family, features, classes, weights, len(keys))
        learned[family] = (keys, fit(features, classes, len(keys), weights))
    _write(space, learned, out)


def _tell(
    family: Family,
    features: sparse.csr_matrix,
    classes: npt.NDArray[np.int64],
    weights: Floats,
    how_many: int,
) -> None:
    """How often a held-out example finds its concept first, and among three."""
    said = np.flatnonzero(weights == 1.0)
    held = np.zeros(len(weights), dtype=bool)
    held[said[np.arange(len(said)) % _HELD_OUT == 0]] = True
    table = fit(features[~held], classes[~held], how_many, weights[~held])
    order = np.argsort(-np.asarray(features[held] @ table.T), axis=1)
    right = order == classes[held][:, None]
    _say(
        f"{family}: {held.sum()}文のうち 一位 {right[:, 0].mean():.3f}　三位まで {right[:, :3].any(axis=1).mean():.3f}"
    )


def _write(space: Space, learned: Mapping[Family, tuple[list[str], Floats]], out: Path) -> None:
    words = _words(space, learned)
    width = space.vectors.shape[1]
    arrays: dict[str, npt.NDArray[Any]] = {
        "words": _text("\n".join(words)),
        "weight": np.array(
            [space.weight.get(_plain(w), space.weight[""]) for w in words], np.float16
        ),
    }
    for family, (keys, table) in learned.items():
        scores = np.zeros((len(words), len(keys)))
        for row, word in enumerate(words):
            scores[row] = sum(_spoken(space, table, width, word))
        scale = np.abs(scores).max(axis=0) / 127 + 1e-9
        arrays[f"{family}_keys"] = _text("\n".join(keys))
        arrays[f"{family}_scores"] = np.rint(scores / scale).astype(np.int8)
        arrays[f"{family}_scale"] = scale.astype(np.float32)
        arrays[f"{family}_bias"] = table[:, width].astype(np.float32)
    np.savez_compressed(out, **arrays)  # type: ignore[arg-type]
    _say(f"{out.name}: {len(words)}語、{out.stat().st_size / 1e6:.1f} MB")


def _spoken(space: Space, table: Floats, width: int, word: str) -> Iterator[Floats]:
    """What a word adds to the score of every class: by its vector, and by itself."""
    plain = _plain(word)
    if plain in space.place:
        yield _VECTOR * (table[:, :width] @ space.vectors[space.place[plain]])
    for name in {plain, word}:
        if name in space.own:
            yield table[:, width + 1 + space.own[name]]
    yield np.zeros(len(table))


def _plain(word: str) -> str:
    return word.removesuffix("-")


def _words(space: Space, learned: Mapping[Family, tuple[list[str], Floats]]) -> list[str]:
    """All words of the examples, and of the others those whose vector tells most."""
    width = space.vectors.shape[1]
    tells = np.zeros(len(space.vectors))
    for _, table in learned.values():
        for start in range(0, len(tells), 20_000):
            part = space.vectors[start : start + 20_000] @ table[:, :width].T
            tells[start : start + 20_000] += part.std(axis=1)
    others = [word for word in space.place if word not in space.own]
    others.sort(key=lambda word: -tells[space.place[word]])
    return [*sorted(space.own), *sorted(others[:_MORE_WORDS])]


def _text(text: str) -> npt.NDArray[np.uint8]:
    return np.frombuffer(text.encode(), dtype=np.uint8)


def main() -> int:
    """Learn from the shipped examples."""
    parser = argparse.ArgumentParser(description="言い方の例から、言葉と困りごとの近さを学ぶ")
    parser.add_argument("vectors", type=Path, help="単語ベクトル（word2vecのテキスト形式）")
    parser.add_argument("--out", type=Path, default=Path("matching/intake/data/meaning.npz"))
    given = parser.parse_args()
    learn(load_vocabulary(), given.vectors, given.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
