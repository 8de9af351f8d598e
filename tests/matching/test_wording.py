"""Reading one word: the short way gives what the long way gives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.vocabulary.concept import Family, Resolution
from graph.vocabulary.load import load_vocabulary
from matching.wording import FAMILIES, asked_need, implied, is_plain, language, need_of, reading

_VOCABULARY = load_vocabulary()
_WORDS = sorted(
    {word for f in Family for c in _VOCABULARY.concepts(f) for word in (c.label, *c.synonyms)}
)


def _long_way(text: str, families: tuple[Family, ...]) -> Resolution | None:
    """Every family is asked, whatever was found before."""
    best: Resolution | None = None
    for family in families:
        found = _VOCABULARY.resolve(text, (family,))
        if found and (best is None or found.score > best.score + 0.05):
            best = found
    return best


@st.composite
def _texts(draw: st.DrawFn) -> str:
    word = draw(st.sampled_from(_WORDS))
    match draw(st.integers(0, 4)):
        case 0:
            return word + draw(st.sampled_from(["など", "の相談", "したい", "がほしい", "です"]))
        case 1:
            return draw(st.sampled_from(["中央区の", "お", "市内の"])) + word
        case 2:
            return word[: draw(st.integers(1, max(1, len(word))))]
        case 3:
            return word + draw(st.sampled_from(_WORDS))
    return word


@given(_texts(), st.sampled_from(sorted(FAMILIES)))
def test_stopping_at_a_sure_reading_changes_no_reading(text: str, name: str) -> None:
    found = reading(text, FAMILIES[name], _VOCABULARY)
    assert found == _long_way(text, FAMILIES[name])
    # これより確かな読みはない、という約束の上に省いている。
    assert found is None or found.score <= 1


@given(st.sampled_from(_WORDS), st.sampled_from(sorted(FAMILIES)))
def test_a_plain_word_is_read_in_its_own_family(text: str, name: str) -> None:
    if is_plain(text, FAMILIES[name][0], _VOCABULARY):
        found = reading(text, FAMILIES[name], _VOCABULARY)
        assert found is not None
        assert (found.score, found.concept.family) == (1.0, FAMILIES[name][0])


def test_words_as_the_vocabulary_has_them_are_plain() -> None:
    assert is_plain("日中の居場所", Family.NEED, _VOCABULARY)
    assert not is_plain("日中の居場所 ", Family.NEED, _VOCABULARY)
    assert not is_plain("ひきこもり", Family.NEED, _VOCABULARY)
    assert is_plain("ひきこもり", Family.SITUATION, _VOCABULARY)


@pytest.mark.parametrize("text", ["日中の居場所", "居場所がほしい"])
def test_the_need_that_is_asked_for(text: str) -> None:
    need = asked_need(text, _VOCABULARY)
    assert need is not None
    assert need.family is Family.NEED


def test_a_category_stands_for_the_need_it_answers_best() -> None:
    food_bank = reading("フードバンク", FAMILIES["needs"], _VOCABULARY)
    assert food_bank is not None
    need = need_of(food_bank.concept, _VOCABULARY)
    assert need is not None
    assert need == asked_need("フードバンク", _VOCABULARY)
    fits = {link.key: link.weight for link in food_bank.concept.answers}
    assert fits[need.key] == max(fits.values())


@pytest.mark.parametrize("text", ["ひきこもり", "ほげほげぴよ"])
def test_what_is_no_need_is_none(text: str) -> None:
    assert asked_need(text, _VOCABULARY) is None


def test_every_implied_key_is_found_and_a_situation_comes_before_a_need() -> None:
    for situation in _VOCABULARY.concepts(Family.SITUATION):
        for link in situation.implies:
            slow = next(
                (
                    concept
                    for family in (Family.SITUATION, Family.NEED)
                    for concept in _VOCABULARY.concepts(family)
                    if concept.key == link.key
                ),
                None,
            )
            assert implied(link.key, _VOCABULARY) is slow


def test_languages_are_known_in_any_spelling() -> None:
    assert (language("日本語"), language("ﾍﾞﾄﾅﾑ語"), language("話")) == ("ja", "vi", None)
