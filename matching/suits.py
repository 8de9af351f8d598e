"""What the vocabulary knows about a kind of resource and a person: suits and unsuits."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache, partial

import numpy as np

from graph.errors import NotFoundError
from graph.vocabulary.concept import Concept, Family, Link
from graph.vocabulary.protocol import Vocabulary
from matching.ask import Ask
from matching.index.column import Plain
from matching.index.rows import Floats, Rows

_OF_PERSON = (Family.SITUATION, Family.BARRIER, Family.SETTING)
Found = tuple[float, str, str]


def category(key: str | None, vocabulary: Vocabulary) -> Concept | None:
    """The category of a key, or ``None``."""
    if key is None:
        return None
    try:
        return vocabulary.get(Family.CATEGORY, key)
    except NotFoundError:
        return None


def unsuited(key: str | None, ask: Ask) -> Found | None:
    """The weightiest ``unsuits`` link that meets the person: weight, key, why; weight 0 = none."""
    found = category(key, ask.vocabulary)
    return None if found is None else _strongest(found.unsuits, person_keys(ask))


def suited(key: str | None, ask: Ask, keys: Collection[str] | None = None) -> Found | None:
    """The weightiest ``suits`` link that meets the person (or ``keys``)."""
    found = category(key, ask.vocabulary)
    if found is None:
        return None
    return _strongest(found.suits, person_keys(ask) if keys is None else keys)


def good_and_bad(rows: Rows, ask: Ask) -> tuple[Floats, Floats]:
    """Weights of :func:`suited` and :func:`unsuited` for every row; NaN = kind not known."""

    def work() -> tuple[Floats, Floats]:
        # 語彙は変わらない一つの物なので、その物ごとに覚えてよい。
        universe = _universe(ask.vocabulary)  # type: ignore[arg-type]
        lines = [0, *(universe[key] for key in sorted(person_keys(ask)) if key in universe)]
        tables = []
        for name in ("suits", "unsuits"):
            key = (name, ask.vocabulary.version)
            make = partial(_weights, name=name, universe=universe, vocabulary=ask.vocabulary)
            tables.append(rows.matrix("category", key, make, lines))
        return tables[0], tables[1]

    return rows.once(("suits", person_keys(ask)), work)


@lru_cache(maxsize=8)
def _universe(vocabulary: Vocabulary) -> dict[str, int]:
    """A line for each concept a person may carry. Line 0 only tells known from unknown."""
    keys = dict.fromkeys(c.key for family in _OF_PERSON for c in vocabulary.concepts(family))
    return {key: line for line, key in enumerate(keys, start=1)}


def _weights(
    values: Sequence[Plain], *, name: str, universe: Mapping[str, int], vocabulary: Vocabulary
) -> Floats:
    """Weight of each link of each category; a column of NaN for a category nobody knows."""
    table = np.zeros((len(universe) + 1, len(values)))
    for column, key in enumerate(values):
        found = category(key if isinstance(key, str) else None, vocabulary)
        if found is None:
            table[:, column] = np.nan
            continue
        for link in getattr(found, name):
            if link.key in universe:
                line = universe[link.key]
                table[line, column] = max(table[line, column], link.weight)
    return table


def person_keys(ask: Ask) -> frozenset[str]:
    """Situations, barriers and wished-for settings of the person."""
    person = ask.person
    return person.situations | person.barriers | person.settings


def label_of(key: str, vocabulary: Vocabulary, families: Iterable[Family] = _OF_PERSON) -> str:
    """The label of a key in the first family that has it."""
    for family in families:
        try:
            return vocabulary.get(family, key).label
        except NotFoundError:
            continue
    return key


def _strongest(links: Iterable[Link], keys: Collection[str]) -> Found:
    met = [(link.weight, link.key, link.why) for link in links if link.key in keys]
    return max(met, default=(0.0, "", ""))
