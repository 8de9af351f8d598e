"""What a sentence is about, by the likeness of its words to the words of many example sentences.

``data/meaning.npz`` is learned by :mod:`matching.intake.teach` from the examples in
``data/sayings/`` and word vectors (Mikolov et al. 2013; chiVe, Manabe et al. 2019): for each word
how much it speaks for each need and situation. A sentence's score is the weighted mean over its
words (softmax regression), so every guess can be taken apart into its words. It knows no order and
no denial beyond single words; that is why a guess is offered and, unless very sure, never taken.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.errors import NotFoundError
from graph.vocabulary.concept import Concept, Family
from graph.vocabulary.protocol import Vocabulary
from matching.intake.combinations import Together
from matching.intake.words import Memo, Word

Floats = npt.NDArray[np.float64]

FAMILIES = (Family.NEED, Family.SITUATION)
#: The class of sentences that tell of no need at all.
NOTHING = "nothing"
_NO_CONTENT = frozenset({"接尾辞", "接頭辞", "接続詞", "連体詞", "代名詞"})
_NO_DETAIL = frozenset({"数詞", "固有名詞"})
_LONGEST = 16
#: Share from which a guess is as good as said (about six of ten are right on the cases for tuning).
CLEAR_FROM = 0.9
#: Share from which an emergency is said aloud: a false alarm costs less than a missed one.
ALARM_FROM = 0.6
#: Words on either side that tell what a place is about.
NEARBY = 4
_LEAST_WORDS = 2


@dataclass(frozen=True, slots=True)
class Guess:
    """What a stretch of the memo may be about. ``share`` = probability among all concepts."""

    concept: Concept
    start: int
    end: int
    share: float


@dataclass(frozen=True, slots=True)
class Table:
    """How much each word speaks for each class of one family. ``scores``: words × classes."""

    keys: tuple[str, ...]
    scores: npt.NDArray[np.int8]
    scale: Floats
    bias: Floats


@dataclass(frozen=True, slots=True)
class Learned:
    """The learned data: words with their weight, and a table for each family."""

    place: dict[str, int]
    weight: Floats
    tables: dict[Family, Table]

    def shares(self, words: Sequence[Word], family: Family) -> Floats | None:
        """Probability of each class for a stretch; ``None`` when too few of its words are known."""
        rows = [row for word in words for row in self._row(word)]
        if len(rows) < _LEAST_WORDS:
            return None
        weight = self.weight[rows]
        table = self.tables[family]
        mean = weight @ table.scores[rows] / np.sqrt(weight @ weight)
        logits = table.bias + table.scale * mean
        spread = np.exp(logits - logits.max())
        return np.asarray(spread / spread.sum(), dtype=np.float64)

    def _row(self, word: Word) -> Iterator[int]:
        row = self.place.get(term(word), self.place.get(word.lemma))
        if row is not None:
            yield row


def term(word: Word) -> str:
    """A denied word is a word of its own."""
    return f"{word.lemma}-" if word.negated else word.lemma


def telling(word: Word) -> bool:
    """Whether a word can say what a sentence is about."""
    return bool(word.lemma) and word.pos not in _NO_CONTENT and word.detail not in _NO_DETAIL


@cache
def learned(raw: bytes | None = None) -> Learned:
    """What a file of :mod:`matching.intake.teach` holds; without one, the shipped data."""
    shipped = files("matching.intake").joinpath("data", "meaning.npz")
    with np.load(io.BytesIO(raw or shipped.read_bytes()), allow_pickle=False) as data:
        words = bytes(data["words"]).decode().split("\n")
        tables = {family: _table(data, str(family)) for family in FAMILIES}
        weight = data["weight"].astype(np.float64)
    return Learned({word: row for row, word in enumerate(words)}, weight, tables)


def _table(data: Any, name: str) -> Table:  # noqa: ANN401 - numpy's lazy file
    keys = tuple(bytes(data[f"{name}_keys"]).decode().split("\n"))
    scale, bias = (data[f"{name}_{part}"].astype(np.float64) for part in ("scale", "bias"))
    return Table(keys, data[f"{name}_scores"], scale, bias)


def guesses(memo: Memo, vocabulary: Vocabulary, *, least: float, most: int) -> list[Guess]:
    """For each stretch of a memo the concepts with at least the share ``least``, at most ``most``.

    In order of place; a concept the vocabulary no longer has is left out.
    """
    known = learned()
    found: list[Guess] = []
    for words in stretches(memo):
        for family in FAMILIES:
            shares = known.shares(words, family)
            if shares is None:
                continue
            for at in np.argsort(-shares, kind="stable")[:most].tolist():
                concept = _concept(vocabulary, family, known.tables[family].keys[at])
                if shares[at] >= least and concept is not None:
                    found.append(Guess(concept, words[0].start, words[-1].end, float(shares[at])))
    return found


def clear(near: Sequence[Guess], explained: Sequence[tuple[int, int]]) -> Iterator[Together]:
    """Guesses as good as said, in stretches where no phrase has been read."""
    for guess in near:
        read = any(start < guess.end and guess.start < end for start, end in explained)
        if guess.share >= CLEAR_FROM and not read and "urgent" not in guess.concept.traits:
            yield Together(guess.concept, guess.start, guess.end)


def alarming(near: Sequence[Guess]) -> Iterator[Guess]:
    """Guesses at what can't wait that are likely enough to be said aloud."""
    yield from (
        guess
        for guess in near
        if guess.share >= ALARM_FROM
        and guess.concept.family is Family.NEED
        and "urgent" in guess.concept.traits
    )


def support(memo: Memo, start: int, end: int, need: str) -> float | None:
    """How far the words around a place speak for a need: the best of sentence, clause and nearby.

    ``None`` when too few words are known, or the need has no examples.
    """
    known = learned()
    keys = known.tables[Family.NEED].keys
    if need not in keys:
        return None
    words = [word for word in memo.words if telling(word)]
    inside = [i for i, w in enumerate(words) if w.start < end and start < w.end]
    if not inside:
        return None
    clauses = {words[i].clause for i in inside}
    sentence = {words[i].sentence for i in inside}
    windows = (
        [w for w in words if w.sentence in sentence],
        [w for w in words if w.clause in clauses],
        words[max(0, inside[0] - NEARBY) : inside[-1] + 1 + NEARBY],
    )
    shares = [
        found for window in windows if (found := known.shares(window, Family.NEED)) is not None
    ]
    return max((float(share[keys.index(need)]) for share in shares), default=None)


def stretches(memo: Memo) -> Iterator[list[Word]]:
    """A sentence at a time; a long one, as in speech, in parts that end with a clause."""
    part: list[Word] = []
    for word in memo.words:
        new_sentence = bool(part) and word.sentence != part[-1].sentence
        too_long = len(part) >= _LONGEST and word.clause != part[-1].clause
        if new_sentence or too_long:
            yield part
            part = []
        if telling(word):
            part.append(word)
    if part:
        yield part


def _concept(vocabulary: Vocabulary, family: Family, key: str) -> Concept | None:
    try:
        return vocabulary.get(family, key)
    except NotFoundError:
        return None
