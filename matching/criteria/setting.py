"""場の特徴：本人が望む雰囲気や、苦手さをやわらげる特徴があるか。"""

from collections.abc import Mapping
from types import MappingProxyType

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

#: Which features of a place ease which barrier. A word of the vocabulary that is not listed here
#: still counts when the person wishes for the feature itself.
EASED_BY: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "crowds": frozenset(
            {"small_group", "one_to_one", "quiet", "private_room", "online_ok", "home_visit_ok"}
        ),
        "crowd": frozenset({"small_group", "quiet"}),
        "noise": frozenset({"quiet", "small_group", "private_room", "one_to_one"}),
        "strangers": frozenset(
            {
                "one_to_one",
                "small_group",
                "may_stay_silent",
                "anonymous",
                "online_ok",
                "home_visit_ok",
            }
        ),
        "opposite_sex": frozenset({"same_sex_staff", "women_only", "men_only"}),
        "neighbours_eyes": frozenset({"anonymous", "private_room", "online_ok"}),
        "mood_waves": frozenset({"free_to_leave", "own_pace", "drop_in"}),
        "short_time": frozenset({"free_to_leave", "own_pace", "mobility_gentle"}),
        "cannot_leave_family": frozenset(
            {"with_children", "with_family", "online_ok", "home_visit_ok"}
        ),
        "night_only": frozenset({"evening_open"}),
        "daytime_busy": frozenset({"evening_open", "weekend_open", "online_ok"}),
        "travel_cost_barrier": frozenset({"pickup", "online_ok", "home_visit_ok"}),
        "no_car": frozenset({"pickup", "online_ok", "home_visit_ok"}),
        "public_transport": frozenset({"pickup", "online_ok", "home_visit_ok"}),
        "far": frozenset({"pickup", "online_ok", "home_visit_ok"}),
        "alone_outing": frozenset({"pickup", "home_visit_ok", "online_ok", "with_family"}),
        "bedridden": frozenset({"home_visit_ok", "online_ok"}),
        "past_failure": frozenset({"own_pace", "free_to_leave", "may_stay_silent", "peer_staff"}),
        "shame": frozenset({"anonymous", "private_room", "drop_in"}),
        "distrust": frozenset({"peer_staff", "home_visit_ok", "own_pace"}),
        "pet_barrier": frozenset({"pet_ok"}),
    }
)
#: A place whose features are known, none of which helps: it may still do.
NONE_HELPS = 0.35

_SETTINGS = Bits("settings", lambda card: card.resource.settings, Family.SETTING)


def helpful(ask: Ask) -> tuple[frozenset[str], ...]:
    """For each wish or barrier the features that meet it."""
    wishes = [frozenset({key}) for key in sorted(ask.person.settings)]
    return (*wishes, *(EASED_BY[key] for key in sorted(ask.person.barriers) if key in EASED_BY))


def _measure(rows: Rows, ask: Ask) -> Floats:
    """Share of wishes and barriers met; silent where the person has none."""
    wanted = helpful(ask)
    if not wanted:
        return np.full(rows.n, np.nan)
    met = sum(rows.any("settings", keys) for keys in wanted)
    known = rows.size("settings") > 0
    return np.where(known, NONE_HELPS + (1 - NONE_HELPS) * (met / len(wanted)), np.nan)


def _explain(card: ResourceCard, ask: Ask, score: float | None) -> Finding:
    wanted, asked = ask.once("helpful", lambda: _asked(ask))
    settings = card.resource.settings
    offered = labels_of(settings, ask.vocabulary, Family.SETTING) if settings else None
    if not wanted:
        return Finding("場の雰囲気について、本人の希望や苦手さは分かっていません。", None, offered)
    if score is None:
        return Finding("場の特徴の記録がありません。", asked, offered)
    if settings and (met := wanted.intersection(settings)):
        return Finding(
            f"{labels_of(met, ask.vocabulary, Family.SETTING)}の場です。", asked, offered
        )
    return Finding(f"希望や苦手さに合う特徴は記録されていません（{offered}）。", asked, offered)


def _asked(ask: Ask) -> tuple[frozenset[str], str]:
    """Every feature that would help, and what is wished for or hard, in words."""
    labels = (
        labels_of(ask.person.settings, ask.vocabulary, Family.SETTING),
        labels_of(ask.person.barriers, ask.vocabulary, Family.BARRIER),
    )
    return frozenset().union(*helpful(ask)), "・".join(label for label in labels if label)


def _confirm(_card: ResourceCard, ask: Ask) -> str | None:
    return ask.once("setting_question", lambda: _question(ask))


def _question(ask: Ask) -> str | None:
    if not any(helpful(ask)):
        return None
    asked = labels_of(ask.person.settings, ask.vocabulary, Family.SETTING)
    barrier = labels_of(ask.person.barriers & EASED_BY.keys(), ask.vocabulary, Family.BARRIER)
    return f"場の様子（{asked or barrier}に合うか）"


def _card(*settings: str) -> ResourceCard:
    return ResourceCard(resource=Resource(id="r", name="例", settings=settings or None))


_CROWDED = Person(id="m1", barriers=frozenset({"crowd"}))

CRITERION = Criterion(
    key="setting",
    label="場の特徴",
    question="望む雰囲気や苦手さに合う場か",
    silent=lambda ask: not helpful(ask),
    kind=Kind.PREFERENCE,
    weight=1.5,
    columns=(_SETTINGS,),
    reads=frozenset({Fact.SETTINGS, Fact.BARRIERS}),
    measure=_measure,
    explain=_explain,
    confirm=_confirm,
    examples=(
        Example(says="少人数の場", card=_card("small_group"), person=_CROWDED, score=1),
        Example(says="記録されていません", card=_card("women_only"), person=_CROWDED, score=0.35),
        Example(says="特徴の記録がありません", card=_card(), person=_CROWDED, score=None),
        Example(says="分かっていません", card=_card("small_group"), score=None),
    ),
)
