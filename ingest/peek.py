"""A first look at files: their tables, the mapping of each, and rows beside what is read of them.

Nothing is written. It says what a person needs to check a mapping, or to make one: every column
with examples and the field it fills or may fill.
"""

import itertools
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from graph.errors import InputError
from graph.model.element import Ref
from graph.store import GraphStore
from graph.vocabulary.protocol import Vocabulary
from ingest.build import Built
from ingest.change import NODE_OF_KIND, compose
from ingest.load import recognised, unpacked
from ingest.mapping import Bound, bind
from ingest.mapping import Mapping as ColumnMapping
from ingest.options import ImportOptions
from ingest.propose import Guess, guess_columns, propose_mapping
from ingest.reader import Row, Table, choose_reader
from ingest.row_marks import Fault
from ingest.rows import Ready, RowReader
from ingest.run import Run, open_run
from ingest.schema import Kind
from ingest.source import Source, walk

SHOWN_ROWS = 20
SHOWN_TABLES = 30
_EXAMPLES, _EXAMPLE_ROWS, _LONG = 3, 200, 80
_BUILT = (Kind.RESOURCES, Kind.CONTACTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPeek:
    """A row as it stood and what becomes of it.

    ``fault`` is why it is not taken (``code`` ``blank`` for an empty one); else ``cells`` are its
    fields as text and ``built`` what is understood of them.
    """

    number: int
    original: tuple[str, ...]
    fault: Fault | None = None
    cells: Mapping[str, str] = field(default_factory=dict)
    built: Built | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePeek:
    """A table of a file.

    ``mapping`` is ``None`` where no column could be told to be the name; ``known`` says that the
    layout is one the product or the office has a mapping for. ``uses`` names the fields a column
    fills, ``guesses`` what it may fill and why, ``examples`` some of its values.
    """

    path: str
    sheet: str | None
    format: str
    header: tuple[str, ...]
    mapping: ColumnMapping | None
    known: bool
    guesses: Mapping[str, Guess]
    examples: Mapping[str, tuple[str, ...]]
    uses: Mapping[str, tuple[str, ...]]
    rows: tuple[RowPeek, ...]


def peek_paths(
    store: GraphStore,
    paths: Sequence[Path],
    *,
    options: ImportOptions,
    vocabulary: Vocabulary,
    now: datetime,
) -> list[TablePeek]:
    """Look at the tables of files; a file that can't be read has none (the import says why)."""
    run = open_run(store, replace(options, dry_run=True), vocabulary, now)
    with tempfile.TemporaryDirectory(prefix="tsunagu-peek-") as folder:
        sources = list(unpacked(list(walk(list(paths))), run, Path(folder)))
        run.sources = tuple(sources)
        found = itertools.chain.from_iterable(_tables(source, run) for source in sources)
        return list(itertools.islice(found, SHOWN_TABLES))


def columns_of(bound: Bound) -> dict[str, tuple[str, ...]]:
    """For each column of the header the fields it takes part in."""
    uses: dict[str, dict[str, None]] = {}
    for name, templates in bound.fields:
        for template in templates:
            for place in itertools.chain.from_iterable(places for _, places in template.parts):
                if 0 <= place < len(bound.header):
                    uses.setdefault(bound.header[place], {})[name] = None
    return {column: tuple(names) for column, names in uses.items()}


def _tables(source: Source, run: Run) -> Iterator[TablePeek]:
    try:
        reader = choose_reader(source, run.options.limits, run.options.format)
        if reader.tables is None:
            return
        tables = reader.tables(source, run.options.limits)
    except InputError:
        return
    for table in tables:
        with suppress(InputError):
            yield _peek(source, table, reader.key, run)


def _peek(source: Source, table: Table, format_: str, run: Run) -> TablePeek:
    table, mapping = recognised(source, table, run)
    known = mapping is not None
    guesses = guess_columns(table) if not known else ()
    if mapping is None:
        mapping, chosen = propose_mapping(table, source.stem)
        # 一つの項目に一つの列を選んだ結果を先に、ほかの列は弱い手がかりのまま示す。
        guesses = (*guesses, *chosen)
    bound = bind(mapping, table.header) if mapping is not None else None
    return TablePeek(
        path=source.shown,
        sheet=table.sheet,
        format=format_,
        header=table.header,
        mapping=mapping,
        known=known,
        guesses={guess.column: guess for guess in guesses},
        examples=_examples(table),
        uses=columns_of(bound) if bound is not None else {},
        rows=tuple(_rows(source, table, bound, run)) if bound is not None else (),
    )


def _examples(table: Table) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {column: {} for column in table.header}
    for row in itertools.islice(table.rows(), _EXAMPLE_ROWS):
        for column, cell in zip(table.header, row.cells, strict=False):
            text = " ".join(cell.split())
            if text and len(found[column]) < _EXAMPLES:
                found[column][text if len(text) <= _LONG else text[:_LONG] + "…"] = None
    return {column: tuple(texts) for column, texts in found.items()}


def _rows(source: Source, table: Table, bound: Bound, run: Run) -> Iterator[RowPeek]:
    reader = RowReader(table, bound, source.shown, "peek")
    for row, outcome in itertools.islice(reader.read(), SHOWN_ROWS):
        if isinstance(outcome, Ready):
            yield _ready(row, outcome, bound, run)
        else:
            yield RowPeek(number=row.number, original=row.cells, fault=outcome)


def _ready(row: Row, item: Ready, bound: Bound, run: Run) -> RowPeek:
    built = None
    if bound.mapping.kind in _BUILT:
        record = item.record("peek", bound.mapping.rank, run.now)
        ref = Ref(NODE_OF_KIND[bound.mapping.kind], item.own_id or record.id)
        built, _ = compose(ref, [record], run.context)
    return RowPeek(number=row.number, original=row.cells, cells=item.cells, built=built)
