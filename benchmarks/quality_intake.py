"""How well intake reads memos: needs (precision, recall, F1), situations, and whose they are."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from benchmarks.cases import Expected, LabelledCase
from benchmarks.quality_labels import Labels
from graph.vocabulary.concept import Family
from matching.intake import Finding, Intake

_SAME_ROLE = (
    frozenset({"息子", "長男", "次男", "三男", "子"}),
    frozenset({"娘", "長女", "次女", "三女", "子"}),
    frozenset({"母", "親"}),
    frozenset({"父", "親"}),
)


@dataclass(slots=True)
class Tally:
    """Right, superfluous and missed readings."""

    right: int = 0
    extra: int = 0
    missed: int = 0
    whose_right: int = 0
    missing: list[str] = field(default_factory=list)
    spurious: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Right ÷ read."""
        return self.right / (self.right + self.extra) if self.right + self.extra else 1.0

    @property
    def recall(self) -> float:
        """Right ÷ expected."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    @property
    def whose(self) -> float:
        """Share of the right readings that are given to the right person."""
        return self.whose_right / self.right if self.right else 1.0

    def add(self, other: "Tally") -> None:
        """Sum two tallies."""
        self.right += other.right
        self.extra += other.extra
        self.missed += other.missed
        self.whose_right += other.whose_right
        self.missing += other.missing
        self.spurious += other.spurious


def needs_tally(case: LabelledCase, intake: Intake, labels: Labels) -> Tally:
    """Needs of the whole house against the labels; ``may`` counts neither way."""
    return _tally(case, intake, labels, Family.NEED)


def situations_tally(case: LabelledCase, intake: Intake, labels: Labels) -> Tally:
    """Situations expected and found; superfluous ones are not counted (the labels name few)."""
    tally = _tally(case, intake, labels, Family.SITUATION)
    tally.extra, tally.spurious = 0, []
    return tally


def _tally(case: LabelledCase, intake: Intake, labels: Labels, family: Family) -> Tally:
    found = [f for f in intake.findings if f.taken and f.family == family]
    same = labels.same_need if family is Family.NEED else labels.same_situation
    tally = Tally()
    used: set[str] = set()
    for person, words in _expected(case, family):
        wanted = labels.either(words, family)
        hits = [f for f in found if same(f.key, wanted)]
        used.update(f.key for f in hits)
        if hits:
            tally.right += 1
            tally.whose_right += any(_belongs(f, person, intake) for f in hits)
        else:
            tally.missed += 1
            tally.missing.append(f"{case.id}: {'|'.join(words)}")
    allowed = {
        key for person in case.expect for w in person.may for key in labels.either(w, family)
    }
    if family is Family.NEED:
        # ラベルにある状況に、語彙が伴うとしている困りごとは、余分と数えない。
        allowed |= {
            need
            for _, words in _expected(case, Family.SITUATION)
            for need in labels.implied_needs(labels.either(words, Family.SITUATION))
        }
    for finding in found:
        if finding.key in used or (allowed and same(finding.key, frozenset(allowed))):
            continue
        used.add(finding.key)
        tally.extra += 1
        tally.spurious.append(f"{case.id}: {finding.label}「{finding.text}」")
    return tally


def _expected(case: LabelledCase, family: Family) -> Iterable[tuple[Expected, tuple[str, ...]]]:
    for person in case.expect:
        for words in person.needs if family is Family.NEED else person.situations:
            yield person, words


def _belongs(finding: Finding, person: Expected, intake: Intake) -> bool:
    role = next((m.role for m in intake.members if m.id == finding.member), None)
    if role == person.who:
        return True
    return any({role, person.who} <= group for group in _SAME_ROLE) or (
        person.who == "本人" and len(intake.members) == 1
    )
