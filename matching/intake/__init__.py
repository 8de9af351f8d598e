"""From a 相談メモ to proposals: who, what, whose, said by whom, with the words that led to each."""

from matching.intake.intake import Intake
from matching.intake.model import (
    Agency,
    AreaWord,
    Certainty,
    Finding,
    IntakeMember,
    Masked,
    Relation,
    Reporter,
    Saying,
    Span,
    Time,
)
from matching.intake.read import read_memo

__all__ = [
    "Agency",
    "AreaWord",
    "Certainty",
    "Finding",
    "Intake",
    "IntakeMember",
    "Masked",
    "Relation",
    "Reporter",
    "Saying",
    "Span",
    "Time",
    "read_memo",
]
