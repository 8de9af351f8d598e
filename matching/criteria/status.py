"""休止・閉鎖：いま開いているか。"""

from graph.model.resource import Resource, Status
from matching.ask import Ask
from matching.card import ResourceCard
from matching.criterion import Change, Criterion, Finding, Floats, Kind
from matching.example import Example
from matching.index.column import Label
from matching.index.rows import Rows

_STATUS = Label("status", lambda card: str(card.resource.status) if card.resource.status else None)
_WORDS = {Status.CLOSED: "閉鎖", Status.SUSPENDED: "休止中"}


def _measure(rows: Rows, _ask: Ask) -> Floats:
    return rows.map("status", lambda status: None if status is None else float(status == "open"))


def _explain(card: ResourceCard, _ask: Ask, score: float | None) -> Finding:
    if score is None:
        return Finding("休止や閉鎖の記録はありません。")
    if score:
        return Finding("開いています。")
    word = _WORDS[card.resource.status or Status.CLOSED]
    return Finding(f"{word}です。", offered=word)


def _relax(card: ResourceCard, _ask: Ask) -> Change | None:
    if card.resource.status is Status.CLOSED:
        return None
    return Change("開いている", "休止中", "再開すると", 1.0)


def _card(status: Status | None) -> ResourceCard:
    return ResourceCard(resource=Resource(id="r", name="例", status=status))


CRITERION = Criterion(
    key="status",
    label="休止・閉鎖",
    question="いま開いているか",
    kind=Kind.GATE,
    order=12,
    columns=(_STATUS,),
    reads=frozenset(),
    measure=_measure,
    explain=_explain,
    relax=_relax,
    examples=(
        Example(says="開いています", card=_card(Status.OPEN), score=1),
        Example(says="休止中", card=_card(Status.SUSPENDED), score=0),
        Example(says="閉鎖", card=_card(Status.CLOSED), score=0),
        Example(says="記録はありません", card=_card(None), score=None),
    ),
)
