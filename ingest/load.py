"""The import: any office's files into the store, with a report in which every row is counted."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from graph.errors import InputError
from graph.store import GraphStore
from graph.vocabulary.protocol import Vocabulary
from ingest.complete import completed
from ingest.corrections import is_correction, origin
from ingest.dataset import dataset_name
from ingest.extra_places import EXTRA_MAPPING, joined, main_of
from ingest.gazetteer_table import import_gazetteer
from ingest.header import column_key
from ingest.history import record_import
from ingest.mapping import Mapping, bind, choose_mapping, shipped_mappings
from ingest.options import ImportOptions
from ingest.pairs import settle_pairs
from ingest.propose import mapping_toml, propose_mapping, sure_enough
from ingest.reader import Table, choose_reader
from ingest.relink import relink
from ingest.report import FileReport, ImportReport, Proposal
from ingest.run import Progress, Run, batch_name, open_run
from ingest.schema import Kind
from ingest.source import FileRefusedError, Source, refuse, walk
from ingest.table import Job, TableImport
from ingest.vanished import mark_vanished

#: つなぐの台帳・連絡先・区域の列。これがあって名称がないのは、書きもらし。
_OWN_COLUMNS = {column_key(name) for name in ("資源ID", "連絡先ID", "区域ID")}
_KIND_ORDER = (
    Kind.AREAS,
    Kind.POPULATION,
    Kind.GAZETTEER,
    Kind.PROGRAMS,
    Kind.CONTACTS,
    Kind.RESOURCES,
)


def import_paths(
    store: GraphStore,
    paths: Sequence[Path],
    *,
    options: ImportOptions,
    vocabulary: Vocabulary,
    now: datetime,
    progress: Progress | None = None,
) -> ImportReport:
    """Bring files and folders into the store.

    Each file is taken whole or not at all (large ones in batches of rows that a second run
    continues). Raises InputError when a named file can't be taken; in a folder such a file is
    reported with its ``error`` and the others are imported. With ``dry_run`` nothing is written.
    """
    run = open_run(store, options, vocabulary, now, progress)
    with tempfile.TemporaryDirectory(prefix="tsunagu-import-") as folder:
        sources = list(unpacked(list(walk(list(paths))), run, Path(folder)))
        run.batch = run.report.batch = batch_name(now, [s.shown for s in sources])
        strict = not options.lenient and all(path.is_file() for path in paths)
        run.sources = sources
        jobs = _jobs(sources, run, strict=strict)
        kind = None
        for job in jobs:
            if (kind is not None and job.mapping.kind is not kind) or run.stale:
                run.refresh()
            kind = job.mapping.kind
            _import(run, job)
        mark_vanished(run)
        if options.duplicates and run.added:
            settle_pairs(run)
        if run.wrote:
            relink(run)
        record_import(run)
    return run.report


def unpacked(sources: Sequence[Source], run: Run, folder: Path) -> Iterator[Source]:
    """The sources, with archives replaced by what lies in them."""
    for source in sources:
        reader = choose_reader(source, run.options.limits) if _may_unpack(source) else None
        if reader is None or reader.unpack is None:
            yield source
            continue
        yield from unpacked(list(reader.unpack(source, run.options.limits, folder)), run, folder)


def _may_unpack(source: Source) -> bool:
    return source.size > 0 and source.head.startswith((b"PK\x03\x04", b"\x1f\x8b"))


def _jobs(sources: Sequence[Source], run: Run, *, strict: bool) -> list[Job]:
    jobs: list[Job] = []
    for source in sources:
        try:
            jobs.extend(_tables_of(source, run))
        except InputError as fault:
            if strict:
                raise
            run.report.files.append(FileReport(source.shown, "-", error=str(fault)))
    jobs.sort(key=lambda job: _KIND_ORDER.index(job.mapping.kind))
    return jobs


def _tables_of(source: Source, run: Run) -> Iterator[Job]:
    options = run.options
    reader = choose_reader(source, options.limits, options.format)
    if reader.tables is None:
        return
    tables = reader.tables(source, options.limits)
    taken, refused = False, list[tuple[Table, FileRefusedError]]()
    for table in tables:
        try:
            table, known = recognised(source, table, run)  # noqa: PLW2901 - 本表と合わせた表に替わることがある
            mapping = known or _proposed(source, table, run)
        except FileRefusedError as fault:
            refused.append((table, fault))
            continue
        taken = True
        file = FileReport(source.shown, reader.key, mapping.key, table.encoding, table.sheet)
        file.dataset = _dataset(source, table, mapping, run)
        file.part = is_correction(table)
        yield Job(table, mapping, file.dataset, file)
    if refused and not taken:
        raise refused[0][1]
    # 集計やメモの表があっても、ほかの表は取り込む。読まなかった表は、理由とともに報告に残す。
    for table, refusal in refused:
        run.report.files.append(
            FileReport(source.shown, reader.key, sheet=table.sheet, error=str(refusal))
        )


def recognised(source: Source, table: Table, run: Run) -> tuple[Table, Mapping | None]:
    """The table as it is read and the mapping for it; ``None`` for an unknown layout.

    Raises InputError when the mapping asked for doesn't fit.
    """
    known = known_mapping(source, table, run.options)
    if known is not None and known.key == EXTRA_MAPPING:
        table = _with_main(source, table, run)
        known = known_mapping(source, table, run.options)
    return table, completed(known, table) if known is not None else None


def _with_main(source: Source, table: Table, run: Run) -> Table:
    """A 追加情報 table with what its main table says, where that is at hand."""
    main = main_of(source, run.sources)
    if main is None:
        return table
    return joined(table, main, choose_reader(main, run.options.limits), run.options.limits)


def _dataset(source: Source, table: Table, mapping: Mapping, run: Run) -> str:
    """Name of the source, or of the known source this file is a new edition of."""
    file, sheet = origin(source, table) or (source, table.sheet)
    name = run.options.dataset or dataset_name(mapping, file, sheet)
    if mapping.dataset is None and run.options.dataset is None:
        name = run.editions.of(name, mapping, table) or name
    run.datasets[name] += 1
    return name


def known_mapping(source: Source, table: Table, options: ImportOptions) -> Mapping | None:
    """The mapping for a table: the one asked for, one the office saved, one that is shipped.

    ``None`` for an unknown layout. Raises InputError when the one asked for doesn't fit.
    """
    choices = (*options.mappings, *shipped_mappings())
    if options.mapping is not None or table.mapping is not None:
        wanted = options.mapping or table.mapping
        for mapping in choices:
            if mapping.key == wanted:
                return _usable(mapping, source, table)
        raise InputError(
            f"対応表「{wanted}」はありません。",
            hint="使える対応表は " + "、".join(m.key for m in choices) + " です。",
            code="unknown_mapping",
        )
    if options.kind is not None:
        choices = tuple(m for m in choices if m.kind is options.kind)
    return choose_mapping(table.header, choices, sheet=table.sheet, name=source.shown)


def _usable(mapping: Mapping, source: Source, table: Table) -> Mapping:
    """A mapping asked for by name; refused when the table has no column for the name."""
    names = {field for field, _ in bind(mapping, table.header).fields}
    if mapping.kind is not Kind.GAZETTEER and "name" not in names:
        raise refuse(
            source,
            f"には、対応表「{mapping.label}」でいう名称の列がありません。",
            "見出しを確かめるか、別の対応表を選んでください。",
            "no_mapping",
        )
    return mapping


def _proposed(source: Source, table: Table, run: Run) -> Mapping:
    """A mapping made from headings and values, reported for a person to correct and save."""
    mapping, guesses = propose_mapping(table, source.stem)
    own = {column_key(column) for column in table.header} & _OWN_COLUMNS
    if mapping is None or own or not sure_enough(guesses):
        raise refuse(
            source,
            "の見出しに「名称」にあたる列が見つかりません。",
            "どの列が名称かを選ぶか（画面では「列の対応を決める」、コマンドでは --column 名称=列の見出し）、見出しの行に「名称」の列を作ってください。",
            "no_mapping",
        )
    reasons = {guess.field: f"{guess.column}：{guess.why}" for guess in guesses}
    run.report.proposals.append(
        Proposal(
            path=source.shown,
            sheet=table.sheet,
            mapping=mapping,
            reasons=reasons,
            toml=mapping_toml(mapping),
        )
    )
    table.notes["mapping_proposed"] = len(mapping.fields)
    return mapping


def _import(run: Run, job: Job) -> None:
    started = time.perf_counter()
    run.report.files.append(job.file)
    try:
        if job.mapping.kind is Kind.GAZETTEER:
            import_gazetteer(run, job)
            run.gazetteer_changed = True
        else:
            TableImport(run, job).execute()
    except FileRefusedError as fault:
        job.file.error = str(fault)
        raise
    finally:
        job.file.seconds = time.perf_counter() - started
