"""One word of a field to a concept: where it is looked up, and which words need no search."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from weakref import WeakKeyDictionary

from graph.text import normalise
from graph.vocabulary.concept import Concept, Family, Resolution
from graph.vocabulary.protocol import Vocabulary

#: Where the words of a field are looked up, likeliest family first.
FAMILIES: Mapping[str, tuple[Family, ...]] = MappingProxyType(
    {
        "attributes": (Family.SITUATION, Family.BARRIER, Family.NEED),
        "needs": (Family.NEED, Family.SITUATION, Family.CATEGORY, Family.ACTIVITY, Family.BARRIER),
        "wishes": (Family.ACTIVITY, Family.NEED, Family.ROLE, Family.SETTING, Family.CATEGORY),
        "strengths": (Family.ACTIVITY, Family.ROLE),
        "barriers": (Family.BARRIER, Family.SETTING, Family.SITUATION, Family.NEED),
        "can_give": (Family.ROLE, Family.ACTIVITY),
        "readiness": (Family.SITUATION, Family.BARRIER),
        "possible": (Family.NEED,),
    }
)

_LANGUAGES = {
    "日本語": "ja",
    "やさしい日本語": "ja-easy",
    "英語": "en",
    "中国語": "zh",
    "韓国語": "ko",
    "ベトナム語": "vi",
    "タガログ語": "tl",
    "ネパール語": "ne",
    "ポルトガル語": "pt",
    "スペイン語": "es",
    "タイ語": "th",
    "インドネシア語": "id",
    "ミャンマー語": "my",
    "ロシア語": "ru",
    "ウクライナ語": "uk",
    "手話": "sgn-JP",
}
_LANGUAGE_WORDS = {normalise(word): code for word, code in _LANGUAGES.items()}

#: A reading in a later family counts only when it is surer by this much.
_SURER = 0.05
_SUREST = 1.0


def language(text: str) -> str | None:
    """The code of a language that a word names."""
    return _LANGUAGE_WORDS.get(normalise(text))


def reading(text: str, families: Sequence[Family], vocabulary: Vocabulary) -> Resolution | None:
    """The surest reading; the field's own family wins unless another is clearly surer."""
    best: Resolution | None = None
    for family in families:
        found = vocabulary.resolve(text, (family,))
        if found and (best is None or found.score > best.score + _SURER):
            best = found
        if best is not None and best.score + _SURER >= _SUREST:
            # これより確かな読みはない。ほかの種類のあいまいな探しを省く。
            break
    return best


def asked_need(text: str, vocabulary: Vocabulary) -> Concept | None:
    """The need that a word among the needs stands for; ``None`` when it is none."""
    found = reading(text, FAMILIES["needs"], vocabulary)
    return None if found is None else need_of(found.concept, vocabulary)


def need_of(concept: Concept, vocabulary: Vocabulary) -> Concept | None:
    """The need itself, or the one that a category answers best; ``None`` for anything else."""
    if concept.family is Family.NEED:
        return concept
    if concept.family is not Family.CATEGORY or not concept.answers:
        return None
    link = max(concept.answers, key=lambda answer: (answer.weight, answer.key))
    return vocabulary.get(Family.NEED, link.key)


def is_plain(text: str, family: Family, vocabulary: Vocabulary) -> bool:
    """Whether a word is written just as the vocabulary has it: read there without a search."""
    return text in _tables(vocabulary).written[family]


def implied(key: str, vocabulary: Vocabulary) -> Concept | None:
    """The situation, or else the need, of a key that a situation implies."""
    return _tables(vocabulary).implied.get(key)


@dataclass(frozen=True, slots=True)
class _Tables:
    """Words and keys of one vocabulary, laid out to be looked up."""

    written: Mapping[Family, frozenset[str]]
    implied: Mapping[str, Concept]


#: Made once for a vocabulary, and gone with it.
_MADE: WeakKeyDictionary[Vocabulary, _Tables] = WeakKeyDictionary()


def _tables(vocabulary: Vocabulary) -> _Tables:
    held = _MADE.get(vocabulary)
    if held is None:
        words = {
            family: frozenset(
                word for c in vocabulary.concepts(family) for word in (c.label, *c.synonyms)
            )
            for family in Family
        }
        either = (Family.NEED, Family.SITUATION)
        keys = {c.key: c for family in either for c in vocabulary.concepts(family)}
        held = _MADE[vocabulary] = _Tables(words, keys)
    return held
