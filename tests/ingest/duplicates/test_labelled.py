"""Precision and recall on pairs of rows from real files, a quarter of them never used for tuning."""

from collections.abc import Iterable
from dataclasses import dataclass

import pytest

from ingest.duplicates import Band, score_pair
from tests.ingest.duplicates.labelled import Labelled, labelled_pairs


@dataclass(frozen=True, slots=True)
class Outcome:
    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)


def _outcome(pairs: Iterable[Labelled], bands: set[Band]) -> Outcome:
    right = wrong = missed = 0
    for pair in pairs:
        found = score_pair(pair.a, pair.b).band in bands
        right += found and pair.same
        wrong += found and not pair.same
        missed += not found and pair.same
    return Outcome(right, wrong, missed)


SHOWN = {Band.MERGED, Band.REVIEW}


def test_there_are_enough_pairs_of_both_kinds() -> None:
    pairs = labelled_pairs()
    assert len(pairs) >= 400
    assert sum(p.same for p in pairs) >= 150
    assert sum(not p.same for p in pairs) >= 150
    assert sum(p.held for p in pairs) >= len(pairs) / 4


def test_duplicates_are_found_and_others_are_not(capsys: pytest.CaptureFixture[str]) -> None:
    pairs = labelled_pairs()
    with capsys.disabled():
        for label, part in (
            ("調整に使った組", [p for p in pairs if not p.held]),
            ("使わなかった組", [p for p in pairs if p.held]),
            ("全部", pairs),
        ):
            for bands in (SHOWN, {Band.MERGED}):
                got = _outcome(part, bands)
                said = "統合＋確認" if bands == SHOWN else "統合だけ"
                print(  # noqa: T201 - 結果を試験の出力に残す
                    f"\n重複 {label} {len(part)}組 {said}: 適合率{got.precision:.3f} 再現率{got.recall:.3f}",
                    end="",
                )
    for part in (pairs, [p for p in pairs if p.held]):
        got = _outcome(part, SHOWN)
        assert got.precision >= 0.98
        assert got.recall >= 0.95


def test_what_is_merged_without_asking_is_right() -> None:
    assert _outcome(labelled_pairs(), {Band.MERGED}).precision >= 0.99
