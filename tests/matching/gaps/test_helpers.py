"""Further processes: the same needs with them, without them, and when they are gone half-way."""

import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date
from multiprocessing import Pipe, active_children
from pathlib import Path

import pytest

from benchmarks.generate import DAY, fill
from benchmarks.households import households
from graph.backends.open import open_store
from graph.backends.settings import sqlite_url
from graph.model.codec import to_node
from graph.model.people import Organization
from graph.vocabulary.protocol import Vocabulary
from matching.case import Case
from matching.engine import Matcher, open_matcher
from matching.gaps import helpers as beside
from matching.gaps import run
from matching.gaps.answers import Answers
from matching.gaps.helpers import Crew, Helpers, State, crew
from matching.gaps.run import needs_of_cases

RESOURCES = 400
CASES = 60


@pytest.fixture(scope="module")
def office(
    tmp_path_factory: pytest.TempPathFactory, vocabulary: Vocabulary
) -> Iterator[tuple[Matcher, Helpers]]:
    """A matcher over a store of a file, and what a helper needs to open the same."""
    folder = tmp_path_factory.mktemp("office")
    url, cache = sqlite_url(folder / "o.db"), folder / "o.index"
    with closing(open_store(url)) as store:
        fill(store, RESOURCES, vocabulary)
        yield open_matcher(store, vocabulary, cache=cache), Helpers(count=1, url=url, cache=cache)


@pytest.fixture(scope="module")
def cases(vocabulary: Vocabulary) -> list[Case]:
    return [replace(case, case_id="C-ひみつ") for case in households(vocabulary, RESOURCES, CASES)]


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Helpers from the first case on, with nothing done before each is ready or gone."""
    monkeypatch.setattr(run, "HELPED_FROM", 1)
    monkeypatch.setattr(run, "SHARE", 3)

    @contextmanager
    def waited_for(helpers: Helpers | None, answers: Answers, on: date) -> Iterator[Crew]:
        with crew(helpers, answers, on) as others:
            for helper in others.helpers:
                helper.pipe.poll(None)
            yield others

    monkeypatch.setattr(run, "crew", waited_for)


def test_a_helper_answers_as_the_asking_process_does(
    office: tuple[Matcher, Helpers], cases: list[Case]
) -> None:
    matcher, helpers = office
    share = list(enumerate(cases[:7]))
    with matcher.store.read() as view:
        answers = Answers(matcher, view)
        with crew(helpers, answers, DAY) as others:
            ((helper, done),) = others.heard(None)
            assert (helper.ready, done) == (True, None)
            assert "ひみつ" not in _command_line(helper.process.pid)
            assert others.give(helper, 0, share)
            ((again, done),) = others.heard(None)
            assert again is helper
            assert done == [answers.asked(number, case, DAY) for number, case in share]
        assert not active_children()


def _command_line(pid: int | None) -> str:
    file = Path(f"/proc/{pid}/cmdline")
    return file.read_bytes().decode(errors="replace") if file.exists() else ""


@pytest.mark.usefixtures("soon")
def test_the_needs_are_the_same_with_helpers(
    office: tuple[Matcher, Helpers], cases: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    matcher, helpers = office
    done: list[int] = []
    given: list[int] = []
    give = Crew.give

    def counted(self: Crew, helper: beside.Helper, number: int, share: beside.Share) -> bool:
        given.append(number)
        return give(self, helper, number, share)

    monkeypatch.setattr(Crew, "give", counted)
    several = cases * 2
    alone = needs_of_cases(matcher, several, on=DAY)
    helped = needs_of_cases(
        matcher,
        several,
        on=DAY,
        helpers=helpers,
        progress=lambda number, _total: done.append(number),
    )
    assert helped == alone
    assert given, "手伝いが一度も働かなかった"
    assert done == sorted(set(done))
    assert done[-1] == len(several)


@pytest.mark.usefixtures("soon")
def test_what_a_killed_helper_had_is_done_after_all(
    office: tuple[Matcher, Helpers], cases: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    matcher, helpers = office
    killed: list[int | None] = []
    give = Crew.give

    def given_and_killed(
        self: Crew, helper: beside.Helper, number: int, share: beside.Share
    ) -> bool:
        took = give(self, helper, number, share)
        helper.process.kill()
        killed.append(helper.process.pid)
        return took

    monkeypatch.setattr(Crew, "give", given_and_killed)
    several = cases * 2
    alone = needs_of_cases(matcher, several, on=DAY)
    assert needs_of_cases(matcher, several, on=DAY, helpers=replace(helpers, count=2)) == alone
    assert killed
    assert not active_children()


@pytest.fixture
def not_for_real(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a helper does, within this process: its way of being stopped stays with the tests."""
    monkeypatch.setattr(signal, "signal", lambda *_: None)


def takes_part(helpers: Helpers, state: State) -> bool:
    """Whether a helper gets so far as to ask for a share (and then finds nobody there)."""
    ours, theirs = Pipe()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(theirs, "recv", _nobody_there)
        beside.serve(theirs, helpers, state, DAY)
    return ours.poll(0)


def _nobody_there() -> None:
    raise EOFError


@pytest.mark.usefixtures("not_for_real")
def test_a_helper_that_sees_another_state_takes_no_part(office: tuple[Matcher, Helpers]) -> None:
    matcher, helpers = office
    with matcher.store.read() as view:
        own = State.of(Answers(matcher, view))
    assert takes_part(helpers, own)
    assert not takes_part(helpers, replace(own, store=-1))
    assert not takes_part(helpers, replace(own, index=-1))
    assert not takes_part(helpers, replace(own, data_version="別の版"))
    assert not takes_part(helpers, replace(own, rules_version="別の版"))


@pytest.mark.usefixtures("not_for_real")
def test_a_helper_that_cannot_open_the_same_takes_no_part(
    office: tuple[Matcher, Helpers], tmp_path: Path
) -> None:
    matcher, helpers = office
    with matcher.store.read() as view:
        own = State.of(Answers(matcher, view))
    assert not takes_part(replace(helpers, url="memory:"), own)
    assert not takes_part(replace(helpers, url=sqlite_url(tmp_path)), own)
    assert not takes_part(replace(helpers, cache=tmp_path / "none"), own)
    assert not takes_part(replace(helpers, vocabulary=tmp_path / "none"), own)


@pytest.mark.usefixtures("not_for_real")
def test_while_somebody_writes_the_asking_process_answers_alone(
    office: tuple[Matcher, Helpers], cases: list[Case]
) -> None:
    matcher, helpers = office
    before = needs_of_cases(matcher, cases, on=DAY)
    with matcher.store.write(actor="test") as writer:
        writer.put([to_node(Organization(id="o-new", name="新しい団体"))])
    with matcher.store.read() as view:
        assert not takes_part(helpers, State.of(Answers(matcher, view)))
    assert needs_of_cases(matcher, cases, on=DAY) == before
    matcher.refresh()
    with matcher.store.read() as view:
        assert takes_part(helpers, State.of(Answers(matcher, view)))
