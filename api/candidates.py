"""The list for one need: asked, found and written; at once where nothing has to be waited for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from api.consult import open_case
from api.doorways import Doorways
from api.office import Office
from api.wire.candidates import Writer, category_text
from graph.model.element import NodeKind
from graph.store import View
from graph.vocabulary.concept import Family
from matching.case import Case, Unresolved
from matching.one_need import Wanted, key_of, member_of, named, only, person_of, with_need
from matching.profile import Household, NeedAsk, Person
from matching.result import to_json
from matching.stage import is_held_back, stage_of
from matching.wording import FAMILIES, is_plain

if TYPE_CHECKING:
    from matching.engine import Matcher
    from matching.index.search import Hits

#: A case with more words than this, a longer one among those read letter by letter, or a longer
#: list is given to a thread: it could hold up what others ask.
_FEW_WORDS = 64
_SHORT = 100
_FEW_PLACES = 100
_NAMES_AT_MOST = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of the office. ``names``: whether the places' names are read."""

    case: Case
    wanted: Wanted
    top: int
    on: date
    weights: str | None = None
    names: bool = True


@dataclass(frozen=True, slots=True)
class _Read:
    """A question in concepts. ``need`` ``None`` = it could not be read; it is in ``unresolved``."""

    household: Household
    person: Person
    need: NeedAsk | None
    unresolved: tuple[Unresolved, ...]


class Lists:
    """Answers questions for one need over an office. What it remembers holds for one head."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._doorways = Doorways(office)
        self._rules: dict[str | None, _Rules] = {}
        self._kinds: dict[str, str] = {}
        self._names: dict[str, tuple[str, str | None]] = {}
        self._names_head = -1

    def at_once(self, question: Question) -> bytes | None:
        """The answer where it takes but a moment; ``None`` = ask :meth:`answer` in a thread.

        Nothing here waits: not for another's search, not for a server, not for a dictionary.
        """
        if not self._office.is_open or not _plain(question, self._office):
            return None
        with self._office.if_level() as level:
            if level is None:
                return None
            matcher, view = level
            areas = self._doorways.known(matcher.head)
            if areas is None:
                return None
            read = _read(matcher, question)
            return self._written(matcher, view, question, read, areas)

    def answer(self, question: Question) -> bytes:
        """The answer, whatever it takes."""
        office = self._office
        case = open_case(office, question.case).case
        ready = replace(question, case=case)
        # 言葉を読むあいだは、ほかの人の照合を待たせない。
        read = _read(office.matcher, ready)
        with office.lock:
            matcher = office.matcher
            with office.view() as view:
                areas = self._doorways.at(view)
                return self._written(matcher, view, ready, read, areas)

    def _written(
        self,
        matcher: "Matcher",
        view: View,
        question: Question,
        read: _Read,
        doorways: frozenset[str],
    ) -> bytes:
        rules = self._rules_of(matcher, question.weights)
        if read.need is None:
            return rules.writer(()).written(_head(question, read, None, matcher, rules), ())
        hits = matcher.search(
            read.household,
            read.person,
            read.need,
            on=question.on,
            top=question.top,
            weights=question.weights,
            has_area_route=not doorways.isdisjoint(read.household.areas),
        )
        writer = rules.writer(tuple(hits.hits[0].parts) if hits.hits else ())
        head = _head(question, read, hits, matcher, rules)
        if not question.names:
            places = (writer.place(hit, None, self._kind(hit.category)) for hit in hits.hits)
            return writer.written(head, places)
        named = self._named(view, [hit.resource_id for hit in hits.hits])
        # 索引を引いたあとに消された資源は、/api/match と同じく出さない。
        shown = [(hit, *named[hit.resource_id]) for hit in hits.hits if hit.resource_id in named]
        return writer.written(
            head,
            (
                writer.place(hit, name, self._kind(hit.category, words))
                for hit, name, words in shown
            ),
        )

    def _kind(self, category: str | None, words: str | None = None) -> str:
        """The kind of a place as it is written; the ledger's own words where it has no category."""
        if category is None:
            return category_text(None, words)
        text = self._kinds.get(category)
        if text is None:
            label = self._office.vocabulary.get(Family.CATEGORY, category).label
            text = self._kinds[category] = category_text(category, label)
        return text

    def _named(self, view: View, ids: list[str]) -> Mapping[str, tuple[str, str | None]]:
        """Names, and the ledger's words for the kind of place, by id."""
        head = view.head()
        if head != self._names_head or len(self._names) > _NAMES_AT_MOST:
            self._names, self._names_head = {}, head
        known = self._names
        missing = [key for key in ids if key not in known]
        for node in view.get_many(NodeKind.RESOURCE, missing) if missing else ():
            words = node.props.get("category_text")
            known[node.id] = (str(node.props["name"]), None if words is None else str(words))
        return known

    def _rules_of(self, matcher: "Matcher", key: str | None) -> "_Rules":
        """The weights of a name. Raises NotFoundError."""
        found = self._rules.get(key)
        if found is None:
            from matching.weights import weights_of  # noqa: PLC0415 - heavy, only when matching

            found = _Rules(weights_of(key).of, matcher.rules_version(key))
            self._rules[key] = found
        return found


class _Rules:
    """One set of weights, the version of the rules with it, and what writes its lists."""

    def __init__(self, weights: Mapping[str, float], version: str) -> None:
        self.version = version
        self._weights = weights
        self._writers: dict[tuple[str, ...], Writer] = {}

    def writer(self, heard: tuple[str, ...]) -> Writer:
        """The writer of lists in which these criteria count."""
        found = self._writers.get(heard)
        if found is None:
            found = Writer([(key, self._weights[key]) for key in heard])
            self._writers[heard] = found
        return found


def _plain(question: Question, office: Office) -> bool:
    """Whether a case is read without a search for words and without a memo."""
    case, vocabulary = question.case, office.vocabulary
    long = question.top > _FEW_PLACES or len(case.area or "") > _SHORT
    if case.memo is not None or long:
        return False
    words = [(text, Family.CATEGORY) for text in case.already]
    words += [
        (text, families[0])
        for member in case.members
        for name, families in FAMILIES.items()
        for text in _texts(getattr(member, name))
    ]
    if question.wanted.need is not None:
        words.append((question.wanted.need, Family.NEED))
    times = [text for member in case.members for text in (*member.free, member.age_band or "")]
    if len(words) + len(times) > _FEW_WORDS or any(len(text) > _SHORT for text in times):
        return False
    return all(is_plain(text, family, vocabulary) for text, family in words)


def _texts(value: str | tuple[str, ...] | None) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else value


def _read(matcher: "Matcher", question: Question) -> _Read:
    """Words to concepts; the need asked for is taken up among the person's own."""
    case, wanted = question.case, question.wanted
    member = member_of(case, wanted)
    household = matcher.household(case, on=question.on)
    person = person_of(household, member)
    if wanted.need is None:
        return _Read(household, person, only(person, member), household.unresolved)
    key = key_of(wanted, matcher.vocabulary)
    if key is None:
        unread = Unresolved(member=member.id, field="need", text=wanted.need)
        return _Read(household, person, None, (*household.unresolved, unread))
    need = named(person, key)
    if need is None:
        household = matcher.household(with_need(case, member, wanted.need), on=question.on)
        person = person_of(household, member)
        need = named(person, key)
    return _Read(household, person, need, household.unresolved)


def _head(
    question: Question, read: _Read, hits: "Hits | None", matcher: "Matcher", rules: "_Rules"
) -> dict[str, Any]:
    """Everything but the places."""
    need = read.need
    stage = stage_of(read.person, matcher.vocabulary)
    urgent = (n.label for person in read.household.persons for n in person.needs if n.urgent)
    return {
        "case_id": read.household.case.case_id,
        "as_of": question.on.isoformat(),
        "data_version": matcher.index.version(),
        "rules_version": rules.version,
        "unresolved": to_json(read.unresolved),
        "emergencies": list(dict.fromkeys(urgent)),
        "member": read.person.id,
        "stage": stage.label,
        "stage_reason": stage.reason,
        "need": need.key if need is not None else None,
        "label": need.label if need is not None else None,
        "not_now": need is not None and is_held_back(need, stage, matcher.vocabulary),
        "eligible": hits.eligible if hits is not None else 0,
        "excluded": dict(hits.excluded) if hits is not None else {},
    }
