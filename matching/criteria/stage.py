"""段階：人に会うことが難しいときは、人の集まる場を今はすすめない。"""

from graph.model.resource import Resource
from matching.ask import Ask, Fact
from matching.card import ResourceCard
from matching.criterion import Change, Criterion, Finding, Floats, Kind
from matching.example import DESK, SALON, Example
from matching.index.column import Label
from matching.index.rows import Rows
from matching.profile import Person


def _gathering(card: ResourceCard) -> int | None:
    """1 = people gather there; ``None`` = its kind is not known."""
    if card.category is None:
        return None
    return int(card.trait("group_place") and not card.remote)


_GATHERING = Label("gathering", _gathering)


def _measure(rows: Rows, ask: Ask) -> Floats:
    def look(gathering: int | None) -> float | None:
        if not ask.person.avoids_people:
            return 1.0
        return None if gathering is None else float(not gathering)

    return rows.map("gathering", look)


def _explain(_card: ResourceCard, ask: Ask, score: float | None) -> Finding:
    because = "・".join(ask.person.avoids_because) or "人に会うことが難しい"
    if not ask.person.avoids_people:
        return Finding("今の段階でつなげます。")
    if score is None:
        return Finding("人の集まる場かどうか、種類の記録がありません。", because)
    if score:
        return Finding("人の集まる場ではないので、今の段階でも使えます。", because)
    return Finding(f"人の集まる場なので、今はつなぎません（{because}）。", because, "人の集まる場")


def _confirm(_card: ResourceCard, ask: Ask) -> str | None:
    return "人の集まる場か、個別に会ってもらえるか" if ask.person.avoids_people else None


def _relax(_card: ResourceCard, ask: Ask) -> Change:
    because = "・".join(ask.person.avoids_because) or "人に会うことが難しい"
    return Change(because, "人の集まる場", "個別の時間や訪問を設けると", 1.0)


_AVOIDS = Person(id="m1", avoids_people=True, avoids_because=("会いたくない",))
_PLACE = Resource(id="r", name="例")

CRITERION = Criterion(
    key="stage",
    label="今の段階",
    question="今の段階でつなげる場か",
    kind=Kind.GATE,
    order=46,
    columns=(_GATHERING,),
    reads=frozenset({Fact.AVOIDS}),
    measure=_measure,
    explain=_explain,
    confirm=_confirm,
    relax=_relax,
    examples=(
        Example(
            says="今はつなぎません（会いたくない）",
            card=ResourceCard(resource=_PLACE, category=SALON),
            person=_AVOIDS,
            score=0,
        ),
        Example(
            says="今の段階でも使えます",
            card=ResourceCard(resource=_PLACE, category=DESK),
            person=_AVOIDS,
            score=1,
        ),
        Example(
            says="記録がありません", card=ResourceCard(resource=_PLACE), person=_AVOIDS, score=None
        ),
        Example(
            says="今の段階でつなげます", card=ResourceCard(resource=_PLACE, category=SALON), score=1
        ),
    ),
)
