"""From the words of a case to concepts, areas and times. What isn't understood is returned.

Every label may be an ordinary word; a field only says where to look first. A word written in the
"wrong" field (a situation among the needs) is read as what it is, not refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from graph.ages import read_age_band
from graph.areas import AreaTree
from graph.hours import free_times
from graph.model.place import AreaKind
from graph.model.resource import Slot
from graph.model.values import Point
from graph.text import normalise
from graph.vocabulary.concept import Concept, Family
from graph.vocabulary.protocol import Vocabulary
from matching.at_once import at_once
from matching.case import Case, Member, Unresolved
from matching.profile import POSSIBLE, Household, NeedAsk, Person
from matching.wording import FAMILIES, implied, language, need_of, reading

_MODES = {
    "徒歩": "walk",
    "歩き": "walk",
    "自転車": "bicycle",
    "バイク": "motorbike",
    "バス": "bus",
    "電車": "train",
    "鉄道": "train",
    "モノレール": "train",
    "車": "car",
    "自家用車": "car",
    "自動車": "car",
    "タクシー": "taxi",
    "送迎": "pickup",
    "車椅子": "wheelchair",
}

_GENDERS = {
    "女": "female",
    "女性": "female",
    "female": "female",
    "男": "male",
    "男性": "male",
    "male": "male",
}
_FEMALE_ROLES = ("母", "妻", "娘", "祖母", "姉", "妹", "長女", "次女", "嫁", "伯母", "叔母")
_MALE_ROLES = ("父", "夫", "息子", "祖父", "兄", "弟", "長男", "次男", "婿", "伯父", "叔父")

#: Areas of these kinds cut across the tree of 市・区・圏域・町, so that a person's area neither
#: proves nor disproves that they lie in one.
_CROSSING = frozenset({AreaKind.SCHOOL_DISTRICT, AreaKind.ASSOCIATION})
_NARROW = frozenset({AreaKind.SPHERE, AreaKind.TOWN, *_CROSSING})

#: A text of free times that is no longer than this is remembered with its reading.
_SHORT = 60

#: Implied needs are taken up while a person has fewer needs of their own than this.
_OWN_NEEDS_ENOUGH = 4
_IMPLIED_AT_MOST = 3
_IMPLIED_LEAST = 0.5

#: Head of the needs about work.
_WORK = "work"
#: Traits of situations in which a group place is too soon.
_TOO_SOON = frozenset({"avoids_people", "refuses"})


@dataclass(slots=True)
class _Draft:
    """What has been understood of one member so far."""

    needs: dict[str, NeedAsk] = field(default_factory=dict)
    found: dict[Family, dict[str, Concept]] = field(default_factory=dict)
    languages: set[str] = field(default_factory=set)

    def keep(self, concept: Concept) -> None:
        self.found.setdefault(concept.family, {}).setdefault(concept.key, concept)

    def keys(self, family: Family) -> frozenset[str]:
        return frozenset(self.found.get(family, ()))


def resolve_household(
    case: Case, vocabulary: Vocabulary, areas: AreaTree, today: date
) -> Household:
    """Read a case. ``today`` is the date the case is looked at, for free times.

    Never raises for what a person wrote: every word that is not understood is in ``unresolved``.
    """
    del today  # 曜日だけを読むので日付にはよらない
    unresolved = list(case.notes)
    persons = tuple(_person(member, vocabulary, unresolved) for member in case.members)
    persons = at_once(persons, unresolved)
    area_ids, inside, exact, point = _place(case, areas, unresolved)
    modes = tuple(_mode(word, unresolved) for word in case.travel.modes)
    already = [vocabulary.resolve(text, (Family.CATEGORY,)) for text in case.already]
    return Household(
        case=case,
        persons=persons,
        areas=area_ids,
        inside=inside,
        area_is_exact=exact,
        point=point,
        point_is_given=point is not None and point == case.point,
        modes=tuple(mode for mode in modes if mode),
        max_minutes=case.travel.max_minutes,
        already=case.already,
        already_categories=frozenset(r.concept.key for r in already if r),
        unresolved=tuple(unresolved),
    )


def _person(member: Member, vocabulary: Vocabulary, unresolved: list[Unresolved]) -> Person:
    draft = _Draft()
    words = {
        "attributes": member.attributes,
        "needs": member.needs,
        "wishes": member.wishes,
        "strengths": member.strengths,
        "barriers": member.barriers,
        "can_give": member.can_give,
        "readiness": (member.readiness,) if member.readiness else (),
        "possible": member.possible,
    }
    for name, texts in words.items():
        unresolved.extend(
            Unresolved(member=member.id, field=name, text=text)
            for text in texts
            if not _take(draft, name, text, vocabulary)
        )
    _imply(draft, vocabulary)
    low, high = _ages(member, unresolved)
    avoids = _avoids(draft, vocabulary, told=_tells_not_ready(member, vocabulary))
    return Person(
        id=member.id,
        role=member.role,
        label=_label(member),
        age_low=low,
        age_high=high,
        gender=_gender(member),
        needs=tuple(need for need in draft.needs.values() if need.origin != POSSIBLE),
        # 会えない段階の人には、言われていない困りごとから場を探さない。
        possible=() if avoids else tuple(n for n in draft.needs.values() if n.origin == POSSIBLE),
        situations=draft.keys(Family.SITUATION),
        activities=draft.keys(Family.ACTIVITY),
        settings=draft.keys(Family.SETTING),
        barriers=draft.keys(Family.BARRIER),
        gives=draft.keys(Family.ROLE),
        languages=frozenset(draft.languages),
        free=_free(member, unresolved),
        avoids_people=bool(avoids),
        avoids_because=tuple(c.label for c in avoids),
    )


def _tells_not_ready(member: Member, vocabulary: Vocabulary) -> bool:
    """Whether the field for readiness itself says that now is too soon."""
    if member.readiness is None:
        return False
    found = reading(member.readiness, (Family.SITUATION,), vocabulary)
    return found is not None and bool(_TOO_SOON & found.concept.traits)


def _avoids(draft: _Draft, vocabulary: Vocabulary, *, told: bool) -> list[Concept]:
    """Why a group place is too soon.

    Who asks for one themselves is not held back, unless refusing or ``told`` to be not ready.
    """
    situations = draft.found.get(Family.SITUATION, {}).values()
    # 支援を断っている人も、いまは人の集まる場につながない（段階の判断と同じ）。
    avoids = [c for c in situations if _TOO_SOON & c.traits]
    asks = any(
        "social" in vocabulary.get(Family.NEED, need.key).traits
        for need in draft.needs.values()
        if need.origin in ("needs", "wishes")
    )
    refuses = any("refuses" in c.traits for c in situations)
    return [] if asks and not refuses and not told else avoids


def _take(draft: _Draft, name: str, text: str, vocabulary: Vocabulary) -> bool:
    """Read one word of a field into the draft; false when it was not understood."""
    code = language(text)
    if code is not None:
        draft.languages.add(code)
        return True
    resolution = reading(text, FAMILIES[name], vocabulary)
    if resolution is None:
        return False
    # 「フードバンク」と書かれた困りごとは、その場がいちばんよく応える困りごとと読む。
    need = need_of(resolution.concept, vocabulary)
    if need is not None:
        _ask(draft, need, text, name, 1.0)
    elif resolution.concept.family is Family.CATEGORY:
        return False
    else:
        draft.keep(resolution.concept)
    return True


def _ask(draft: _Draft, need: Concept, text: str, origin: str, weight: float) -> None:
    known = draft.needs.get(need.key)
    if known is None or (known.origin == "implied" and origin != "implied"):
        draft.needs[need.key] = NeedAsk(
            key=need.key,
            label=need.label,
            text=text,
            origin=origin,
            urgent="urgent" in need.traits and origin != POSSIBLE,
            weight=weight,
        )


def _imply(draft: _Draft, vocabulary: Vocabulary) -> None:
    """Add what situations bring with them: further situations always, needs where few are named."""
    queue = list(draft.found.get(Family.SITUATION, {}).values())
    wanted: list[tuple[float, str, str]] = []
    while queue:
        situation = queue.pop(0)
        for link in situation.implies:
            other = implied(link.key, vocabulary)
            if other is None:
                continue
            if other.family is Family.NEED:
                wanted.append((link.weight, other.key, situation.label))
            elif other.key not in draft.keys(Family.SITUATION):
                draft.keep(other)
                queue.append(other)
    situations = draft.found.get(Family.SITUATION, {}).values()
    too_soon = any(_TOO_SOON & situation.traits for situation in situations)
    own = len(draft.needs)
    room = min(_IMPLIED_AT_MOST, _OWN_NEEDS_ENOUGH - own)
    for weight, key, text in sorted(wanted, key=lambda w: (-w[0], w[1])):
        need = vocabulary.get(Family.NEED, key)
        if weight < _IMPLIED_LEAST or key in draft.needs:
            continue
        if too_soon and _WORK in vocabulary.ancestors(Family.NEED, key):
            # 会えない段階の人に、言われていない仕事探しをすすめない。
            continue
        if room > 0 or "urgent" in need.traits:
            _ask(draft, need, text, "implied", weight)
            room -= 1


def _ages(member: Member, unresolved: list[Unresolved]) -> tuple[float | None, float | None]:
    if member.age_band is None:
        return member.age, member.age
    band = read_age_band(member.age_band)
    if member.age is not None:
        if band is None or band[0] <= member.age < band[1] + 1:
            return member.age, member.age
        # どちらが正しいかは分からないので、どちらの年齢でも外さない。
        text = f"{member.age:g}歳と{member.age_band}（食い違う年齢）"
        unresolved.append(Unresolved(member=member.id, field="age", text=text))
        return None, None
    if band is None:
        unresolved.append(Unresolved(member=member.id, field="age_band", text=member.age_band))
        return None, None
    return band


def _free(member: Member, unresolved: list[Unresolved]) -> tuple[Slot, ...] | None:
    slots: list[Slot] = []
    for text in member.free:
        read = _free_times(text)
        if read is None:
            unresolved.append(Unresolved(member=member.id, field="free", text=text))
        else:
            slots.extend(read)
    return tuple(slots) or None


#: The same few hours are written again and again.
_short_times = lru_cache(maxsize=4096)(free_times)


def _free_times(text: str) -> tuple[Slot, ...] | None:
    return _short_times(text) if len(text) <= _SHORT else free_times(text)


def _gender(member: Member) -> str | None:
    if member.gender is not None:
        return _GENDERS.get(normalise(member.gender))
    role = member.role or ""
    if role in _FEMALE_ROLES:
        return "female"
    return "male" if role in _MALE_ROLES else None


def _label(member: Member) -> str:
    age = f"{member.age:g}歳" if member.age is not None else member.age_band
    return f"{member.role or member.id}（{age}）" if age else (member.role or member.id)


def _mode(word: str, unresolved: list[Unresolved]) -> str | None:
    mode = _MODES.get(normalise(word)) or _MODES.get(word)
    if mode is None:
        unresolved.append(Unresolved(member=None, field="travel.modes", text=word))
    return mode


def _place(
    case: Case, areas: AreaTree, unresolved: list[Unresolved]
) -> tuple[tuple[str, ...], frozenset[str], bool, Point | None]:
    """Areas that hold the person, areas they may be in, whether that is exact, and the point."""
    named = _named_areas(case.area, areas, unresolved)
    point = case.point
    mapped = point is not None and areas.has_polygons
    located = tuple(areas.locate(point)) if point is not None and mapped else ()
    if mapped and not located:
        unresolved.append(Unresolved(member=None, field="point", text="区域の外にある地点"))
        point = None
    if located and named and not _agree(located[0], named, areas):
        unresolved.append(Unresolved(member=None, field="point", text="区域名と合わない地点"))
        point, located = None, ()
    roots = (located[0],) if located else named
    if not roots:
        return (), frozenset(), False, point
    holding = _shared([areas.ancestors(key) for key in roots])
    if located:
        holding = tuple(dict.fromkeys([*located, *holding]))
    below = {inner for key in roots for inner in areas.descendants(key)}
    crossing = {
        key
        for key in (() if located else _crossing(areas))
        if not set(holding).isdisjoint(areas.ancestors(key))
    }
    exact = len(roots) == 1 and areas.areas[roots[0]].kind in _NARROW
    inside = frozenset((below | crossing) - set(holding))
    return holding, inside, exact, point or _centre(roots, areas)


@lru_cache(maxsize=2)
def _crossing(areas: AreaTree) -> tuple[str, ...]:
    return tuple(key for key, area in areas.areas.items() if area.kind in _CROSSING)


def _named_areas(
    text: str | None, areas: AreaTree, unresolved: list[Unresolved]
) -> tuple[str, ...]:
    if text is None:
        return ()
    found = areas.find_in(text)
    if not found:
        unresolved.append(Unresolved(member=None, field="area", text=text))
    elif len(found) > 1:
        names = "、".join(sorted(areas.label(key) for key in found)[:6])
        unresolved.append(Unresolved(member=None, field="area", text=f"{text}（{names} のどれか）"))
    return tuple(found)


def _agree(located: str, named: Sequence[str], areas: AreaTree) -> bool:
    up = set(areas.ancestors(located))
    return any(key in up or located in areas.ancestors(key) for key in named) or not any(
        areas.polygon(key) is not None for key in named
    )


def _shared(chains: Sequence[Sequence[str]]) -> tuple[str, ...]:
    common = set(chains[0]).intersection(*chains[1:])
    return tuple(key for key in chains[0] if key in common)


def _centre(roots: Sequence[str], areas: AreaTree) -> Point | None:
    """The middle of a narrow area stands in for a home that is not told; of a city it does not."""
    if len(roots) != 1 or areas.areas[roots[0]].kind not in _NARROW | {AreaKind.WARD}:
        return None
    return areas.centre(roots[0])
