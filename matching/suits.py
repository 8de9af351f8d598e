"""What the vocabulary knows about a kind of resource and a person: suits and unsuits."""

from collections.abc import Collection, Iterable

from graph.errors import NotFoundError
from graph.vocabulary.concept import Concept, Family, Link
from graph.vocabulary.protocol import Vocabulary
from matching.ask import Ask

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
