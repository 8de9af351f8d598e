"""Turns of phrase of 相談メモ beside the vocabulary's synonyms (data/phrases.yaml)."""

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import yaml

from graph.errors import NotFoundError, VocabularyError
from graph.vocabulary.concept import Concept, Family
from graph.vocabulary.protocol import Vocabulary


def shipped_phrases(vocabulary: Vocabulary) -> Iterator[tuple[Concept, str]]:
    """Every phrase with its concept.

    Raises VocabularyError when the file names a concept the vocabulary does not have.
    """
    text = files("matching.intake").joinpath("data", "phrases.yaml").read_text(encoding="utf-8")
    data: dict[str, dict[str, list[str]]] = yaml.safe_load(text)
    problems: list[str] = []
    for family_name, concepts in data.items():
        for key, phrases in concepts.items():
            concept = _concept(vocabulary, family_name, key)
            if concept is None:
                problems.append(f"{family_name} の「{key}」")
                continue
            yield from ((concept, str(phrase)) for phrase in phrases)
    if problems:
        facts: dict[str, Any] = {"problems": problems}
        raise VocabularyError(
            "言い回しの表に、語彙にない見出しがあります：" + "、".join(problems) + "。",
            hint="matching/intake/data/phrases.yaml の見出しを、語彙のキーに合わせてください。",
            facts=facts,
        )


def _concept(vocabulary: Vocabulary, family: str, key: str) -> Concept | None:
    try:
        return vocabulary.get(Family(family), key)
    except (NotFoundError, ValueError):
        return None
