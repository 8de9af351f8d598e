"""Writes the glossary page from the vocabulary: one concept, one English and one Japanese form.

``python -m graph.vocabulary.glossary PATH`` writes it; a test checks that the page is current.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from graph.vocabulary.concept import Concept, Family, Link
from graph.vocabulary.load import load_vocabulary
from graph.vocabulary.protocol import Vocabulary
from graph.vocabulary.rules import CROSSWALKS, FACTS, TRAITS

TITLES: Mapping[Family, str] = {
    Family.NEED: "困りごと・望み",
    Family.CATEGORY: "資源の種類",
    Family.SITUATION: "状況",
    Family.ACTIVITY: "活動・関心",
    Family.SETTING: "場の特徴",
    Family.BARRIER: "妨げ",
    Family.ROLE: "役割",
    Family.STEP: "歩み",
}
_HOW = (
    "語彙のファイル（`graph/vocabulary/data/`）から作られています。ここを直接書き換えず、ファイルを直してから "
    "`.venv/bin/python -m graph.vocabulary.glossary docs/reference/glossary.md` で作り直してください。"
)
_SHOWN_WORDS = 12
_SHOWN_LINKS = 8


def glossary(vocabulary: Vocabulary) -> str:
    """The whole page as Markdown."""
    lines = [
        "# 用語集",
        "",
        _HOW,
        "",
        f"語彙の版：`{vocabulary.version}`",
        "",
        "| 種類 | 数 |",
        "|---|---|",
        *(f"| {TITLES[family]} | {len(vocabulary.concepts(family))} |" for family in Family),
    ]
    for family in Family:
        lines += ["", f"## {TITLES[family]}（{family}）", ""]
        lines += _table(family, vocabulary)
    lines += ["", "## 特徴・事実・対応表の意味", ""]
    lines += _rules()
    return "\n".join(lines) + "\n"


def _table(family: Family, vocabulary: Vocabulary) -> Iterable[str]:
    extra = {
        Family.NEED: "応える資源の種類（強い順）",
        Family.CATEGORY: "応える困りごと（強い順）",
        Family.SITUATION: "伴いやすいこと",
        Family.STEP: "担える資源の種類",
    }.get(family)
    yield "| 日本語 | 見出し | 上位 | 意味 | ほかの言い方 |" + (f" {extra} |" if extra else "")
    yield "|---|---|---|---|---|" + ("---|" if extra else "")
    for concept in vocabulary.concepts(family):
        cells = [
            concept.label,
            f"`{concept.key}`",
            _label(vocabulary, family, concept.broader),
            concept.definition,
            _some(concept.synonyms, _SHOWN_WORDS),
        ]
        if extra:
            cells.append(_linked(concept, vocabulary))
        yield "| " + " | ".join(cell.replace("|", "／") for cell in cells) + " |"


def _label(vocabulary: Vocabulary, family: Family, key: str | None) -> str:
    return "" if key is None else vocabulary.get(family, key).label


def _some(words: Sequence[str], limit: int) -> str:
    more = f" ほか{len(words) - limit}" if len(words) > limit else ""
    return "、".join(words[:limit]) + more


def _linked(concept: Concept, vocabulary: Vocabulary) -> str:
    if concept.family is Family.NEED:
        fits = sorted(vocabulary.answering(concept.key).items(), key=lambda kv: (-kv[1], kv[0]))
        labels = [f"{vocabulary.get(Family.CATEGORY, key).label} {fit:.2g}" for key, fit in fits]
        return _some(labels, _SHOWN_LINKS)
    if concept.family is Family.CATEGORY:
        links = sorted(concept.answers, key=lambda link: (-link.weight, link.key))
        return _some([_weighted(link, Family.NEED, vocabulary) for link in links], _SHOWN_LINKS)
    if concept.family is Family.STEP:
        keys = concept.facts["who"].split(";")
        return _some([vocabulary.get(Family.CATEGORY, key).label for key in keys], _SHOWN_LINKS)
    needs = {need.key for need in vocabulary.concepts(Family.NEED)}
    return "、".join(
        _weighted(link, Family.NEED if link.key in needs else Family.SITUATION, vocabulary)
        for link in concept.implies
    )


def _weighted(link: Link, family: Family, vocabulary: Vocabulary) -> str:
    return f"{vocabulary.get(family, link.key).label} {link.weight:g}"


def _rules() -> Iterable[str]:
    yield "| 種類 | 項目 | 言葉 | 意味 |"
    yield "|---|---|---|---|"
    for family in Family:
        for name, meaning in TRAITS[family].items():
            yield f"| {TITLES[family]} | 特徴 | `{name}` | {meaning} |"
        for name, meaning in FACTS[family].items():
            yield f"| {TITLES[family]} | 事実 | `{name}` | {meaning} |"
    for name, meaning in CROSSWALKS.items():
        yield f"| すべて | 対応表 | `{name}` | {meaning} |"


def main(arguments: Sequence[str]) -> int:
    """Write the page to the path given."""
    if len(arguments) != 1:
        sys.stderr.write("書き出す先を一つ指定してください（例 docs/reference/glossary.md）。\n")
        return 2
    path = Path(arguments[0])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(glossary(load_vocabulary()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
