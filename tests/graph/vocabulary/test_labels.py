"""Reading of free words against a labelled list, a third of it kept out of tuning."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from graph.vocabulary.concept import Family
from graph.vocabulary.protocol import Vocabulary

LABELS = Path(__file__).with_name("labels.tsv")
NOTHING = "-"


@dataclass(frozen=True)
class Label:
    """A text, the family it is read in, and the key it must give (or none)."""

    split: str
    family: Family
    text: str
    expected: str


def labels() -> list[Label]:
    with LABELS.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [
            Label(row["split"], Family(row["family"]), row["text"], row["expected"]) for row in rows
        ]


def read(vocabulary: Vocabulary, label: Label) -> str:
    reading = vocabulary.resolve(label.text, [label.family])
    return NOTHING if reading is None else reading.concept.key


def measure(vocabulary: Vocabulary, chosen: Iterable[Label]) -> tuple[float, float]:
    """Precision over what was read, recall over what can be read."""
    right = wrong = missed = 0
    for label in chosen:
        got = read(vocabulary, label)
        right += got == label.expected != NOTHING
        wrong += got not in {label.expected, NOTHING}
        missed += got != label.expected != NOTHING
    return right / (right + wrong), right / (right + missed)


def test_the_list_is_long_and_split() -> None:
    rows = labels()
    kept = [row for row in rows if row.split == "heldout"]
    assert len(rows) >= 600
    assert len({(row.family, row.text) for row in rows}) == len(rows)
    assert 0.3 <= len(kept) / len(rows) <= 0.37
    assert sum(row.expected == NOTHING for row in rows) >= 60


def test_labels_name_concepts_that_exist(vocabulary: Vocabulary) -> None:
    for label in labels():
        if label.expected != NOTHING:
            assert vocabulary.get(label.family, label.expected)


@pytest.mark.parametrize("split", ["tuning", "heldout"])
def test_precision_and_recall(vocabulary: Vocabulary, split: str) -> None:
    chosen = [label for label in labels() if label.split == split]
    precision, recall = measure(vocabulary, chosen)
    print(f"{split}: {len(chosen)}件 適合率 {precision:.3f} 再現率 {recall:.3f}")  # noqa: T201 - a figure for the reader
    assert precision >= 0.98
    assert recall >= 0.90


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("就労移行支援", "就労継続支援B型"),
        ("就労継続支援A型", "就労継続支援B型"),
        ("地域包括支援センター", "地域子育て支援拠点"),
        ("訪問介護", "訪問看護"),
        ("居宅介護", "居宅介護支援"),
        ("地域活動支援センター", "地域子育て支援センター"),
        ("児童相談所", "児童家庭支援センター"),
        ("障害者就業・生活支援センター", "障害者基幹相談支援センター"),
        ("短期入所生活介護", "生活介護"),
        ("地域移行支援", "就労移行支援"),
        ("ひきこもり地域支援センター", "地域包括支援センター"),
        ("子ども食堂", "地域食堂"),
    ],
)
def test_near_names_stay_apart(vocabulary: Vocabulary, left: str, right: str) -> None:
    a = vocabulary.resolve(left, [Family.CATEGORY])
    b = vocabulary.resolve(right, [Family.CATEGORY])
    assert a is not None
    assert b is not None
    assert a.concept.key != b.concept.key


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("居宅", Family.CATEGORY),
        ("居宅", Family.NEED),
        ("就労は希望しない", Family.NEED),
        ("介護は必要ない", Family.NEED),
        ("家賃は払える", Family.NEED),
        ("", Family.NEED),
        ("　、。", Family.CATEGORY),
    ],
)
def test_what_must_not_be_read(vocabulary: Vocabulary, text: str, family: Family) -> None:
    assert vocabulary.resolve(text, [family]) is None
