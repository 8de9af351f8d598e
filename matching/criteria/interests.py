"""関心と役割：好きなこと・得意なことや、担える役割がそこにあるか。"""

import numpy as np

from graph.model.resource import Resource
from graph.vocabulary.concept import Family
from matching.ask import Ask, Fact
from matching.card import ResourceCard
from matching.criterion import Criterion, Finding, Floats, Kind
from matching.example import Example
from matching.index.column import Bits
from matching.index.rows import Rows
from matching.profile import Person
from matching.target import labels_of

OTHER_THINGS = 0.3

_ACTIVITIES = Bits("activities", lambda card: card.resource.activities, Family.ACTIVITY)
_ROLES = Bits("roles", lambda card: card.resource.roles, Family.ROLE)


def _measure(rows: Rows, ask: Ask) -> Floats:
    person = ask.person
    result = np.full(rows.n, np.nan)
    for name, keys in (("activities", person.activities), ("roles", person.gives)):
        if keys:
            hit = np.where(rows.size(name) > 0, rows.any(name, keys), np.nan)
            result = np.fmax(result, np.where(hit == 0, OTHER_THINGS, hit))
    return result


def _explain(card: ResourceCard, ask: Ask, score: float | None) -> Finding:
    resource, person = card.resource, ask.person
    asked = ask.once("interests", lambda: _asked(ask))
    activities = resource.activities
    offers = labels_of(activities, ask.vocabulary, Family.ACTIVITY) if activities else None
    if asked is None:
        return Finding("本人の関心や得意なことは、まだ聞けていません。", None, offers)
    if score is None:
        return Finding("活動や役割の記録がありません。", asked, offers)
    if activities and (shared := person.activities.intersection(activities)):
        liked = labels_of(shared, ask.vocabulary, Family.ACTIVITY)
        return Finding(f"本人の好きな{liked}ができます。", asked, offers)
    if resource.roles and (taken := person.gives.intersection(resource.roles)):
        roles = labels_of(taken, ask.vocabulary, Family.ROLE)
        return Finding(f"{roles}の役割があります。", asked, roles)
    return Finding(f"本人の関心（{asked}）とは別の活動です。", asked, offers)


def _asked(ask: Ask) -> str | None:
    likes = labels_of(ask.person.activities, ask.vocabulary, Family.ACTIVITY)
    gives = labels_of(ask.person.gives, ask.vocabulary, Family.ROLE)
    return "・".join(text for text in (likes, gives) if text) or None


def _confirm(_card: ResourceCard, ask: Ask) -> str | None:
    likes = ask.once(
        "likes", lambda: labels_of(ask.person.activities, ask.vocabulary, Family.ACTIVITY)
    )
    return f"{likes}に関わる活動や役割があるか" if likes else None


def _card(activities: tuple[str, ...] = (), roles: tuple[str, ...] = ()) -> ResourceCard:
    return ResourceCard(
        resource=Resource(id="r", name="例", activities=activities or None, roles=roles or None)
    )


_FISHER = Person(id="m1", activities=frozenset({"fishing"}), gives=frozenset({"repair"}))

CRITERION = Criterion(
    key="interests",
    label="関心と役割",
    question="好きなことや担える役割があるか",
    silent=lambda ask: not ask.person.activities and not ask.person.gives,
    kind=Kind.PREFERENCE,
    weight=1.5,
    columns=(_ACTIVITIES, _ROLES),
    reads=frozenset({Fact.ACTIVITIES, Fact.GIVES}),
    measure=_measure,
    explain=_explain,
    confirm=_confirm,
    examples=(
        Example(says="釣りができます", card=_card(("fishing",)), person=_FISHER, score=1),
        Example(says="修理の役割", card=_card((), ("repair",)), person=_FISHER, score=1),
        Example(says="別の活動", card=_card(("machines",)), person=_FISHER, score=0.3),
        Example(says="記録がありません", card=_card(), person=_FISHER, score=None),
        Example(says="まだ聞けていません", card=_card(("fishing",)), score=None),
    ),
)
