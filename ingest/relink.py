"""Joins what could not be joined while its other end was not there yet.

Contacts name resources, resources name contacts and areas; files come in any order. After an
import, the things that wait for what just came are made again from their source records.
"""

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator

from graph.model.element import NodeKind, Ref
from graph.store import View
from graph.text import normalise
from ingest.change import Changes, compose, held_edges, lonely_facilities, records_of
from ingest.clean.lists import split_list
from ingest.duplicates.names import full_name
from ingest.records import decode_fields
from ingest.run import Run

_AT_ONCE = 2000
#: 相手が後から来るかもしれないので、すべて読んだ後に数える注意。
LATER = ("resource_unknown",)


def relink(run: Run) -> None:
    """Make again what waits for the areas, contacts or resources of this import."""
    run.refresh()
    with run.store.read() as view:
        run.context.resources = dict(_wanted_resources(view))
        contacts = [node.ref for node in view.nodes(NodeKind.CONTACT)]
    left = recompose(run, contacts)
    for file in run.report.files:
        if file.mapping == "contacts":
            file.warnings.update({code: left[code] for code in LATER if left[code]})
            break
    if run.areas_changed or run.contacts_changed:
        with run.store.read() as view:
            waiting = list(_waiting(view, whole=run.areas_changed))
        recompose(run, waiting)


def recompose(run: Run, refs: Iterable[Ref]) -> Counter[str]:
    """Make things again from their source records; what is equal leaves no trace.

    Gives the warnings that are left.
    """
    todo = iter(refs)
    left: Counter[str] = Counter()
    while some := list(itertools.islice(todo, _AT_ONCE)):
        with run.store.write(actor=run.options.actor) as writer, run.store.read() as view:
            held = records_of(view, some)
            edges = held_edges(view, some)
            changes = Changes()
            for ref in some:
                if held[ref]:
                    built, _ = compose(ref, held[ref], run.context)
                    changes.add(built, edges[ref])
                    left.update(built.warnings)
            lonely_facilities(view, changes)
            changes.apply(writer, run.shared)
    return left


def _wanted_resources(view: View) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The resources that contacts name, by the words they use."""
    contacts = [node.ref for node in view.nodes(NodeKind.CONTACT)]
    words: dict[str, None] = {}
    for records in records_of(view, contacts).values():
        for record in records:
            cells, _ = decode_fields(record.fields)
            words.update(dict.fromkeys(split_list(cells.get("resources", ""))))
    others: list[str] = []
    for word in words:
        found = [node.id for node in view.find(NodeKind.RESOURCE, "name", word)]
        if view.get(Ref(NodeKind.RESOURCE, word)) is not None:
            found.insert(0, word)
        if found:
            yield word, tuple(dict.fromkeys(found))
        else:
            others.append(word)
    if others:
        yield from _spelt_otherwise(view, others)


def _spelt_otherwise(view: View, words: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Resources whose names differ in width, blanks or kana, or in what stands in brackets.

    Without brackets and legal form only where a single resource is called so.
    """
    same: dict[str, list[str]] = {normalise(word): [] for word in words}
    short: dict[str, list[str]] = {full_name(word): [] for word in words}
    for node in view.nodes(NodeKind.RESOURCE):
        name = str(node.props.get("name", ""))
        for held, form in ((same, normalise(name)), (short, full_name(name))):
            if form in held:
                held[form].append(node.id)
    for word in words:
        near = short[full_name(word)]
        if found := same[normalise(word)] or (near if len(near) == 1 else []):
            yield word, tuple(found)


def _waiting(view: View, *, whole: bool) -> Iterator[Ref]:
    """Resources with something unresolved; all of them when the areas changed."""
    for node in view.nodes(NodeKind.RESOURCE):
        if whole or node.props.get("unresolved"):
            yield node.ref
