"""``tsunagu import``: any office's files into the store, with every row accounted for."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands import Command
from api.office import Office
from api.terminal import err, office, out, progress
from graph.errors import InputError

if TYPE_CHECKING:
    from ingest.mapping import Mapping
    from ingest.options import ImportOptions
    from ingest.report import ImportReport

_KINDS = "resources・contacts・areas・programs・population・gazetteer"


def run(  # noqa: PLR0913, PLR0917 - one parameter an option
    ctx: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="ファイルやフォルダー")],
    format_: Annotated[
        str | None, typer.Option("--format", metavar="KEY", help="形式（既定は中身から判断）")
    ] = None,
    mapping: Annotated[
        str | None, typer.Option("--mapping", metavar="KEY", help="列の対応表の名前")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--column",
            metavar="項目=列",
            help="見慣れない見出しの列が何を表すか（例 名称=会の名、使わない=駐車場）。何度でも",
        ),
    ] = None,
    save_mapping: Annotated[
        str | None,
        typer.Option(
            "--save-mapping",
            metavar="名前",
            help="見慣れない見出しの列の対応を名前を付けて保存し、次から使う",
        ),
    ] = None,
    kind: Annotated[
        str | None, typer.Option("--kind", metavar="KIND", help=f"何の一覧か：{_KINDS}")
    ] = None,
    municipality: Annotated[
        str | None,
        typer.Option("--municipality", metavar="CODE", help="市区町村コードか区域の名前"),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="書き込まずに結果だけ見る")] = False,  # noqa: FBT002 - a flag
    report: Annotated[
        Path | None, typer.Option("--report", metavar="OUT.json", help="結果をJSONで書き出す")
    ] = None,
    rejects: Annotated[
        Path | None,
        typer.Option(
            "--rejects",
            metavar="OUT.csv",
            help="取り込めなかった行を理由とともに書き出す（.xlsx ならExcel）",
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="確かめずに書き込む")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Import, asking once on a terminal before anything is written."""
    with office(ctx) as opened:
        options = _options(opened, format_, mapping, kind, municipality)
        if column or save_mapping:
            options = _with_draft(opened, paths, options, column or [], save_mapping)
        if not (dry_run or yes) and err().is_terminal:
            _show(_imported(opened, paths, options, dry_run=True), planned=True)
            typer.confirm("この内容で書き込みますか", abort=True, err=True)
        done = _imported(opened, paths, options, dry_run=dry_run)
    _write(done, report, rejects)
    _show(done, planned=dry_run)
    _check_taken(done)


def _check_taken(done: "ImportReport") -> None:
    if done.files and all(file.error for file in done.files):
        raise InputError(
            "取り込めるファイルがありませんでした。",
            hint="上の理由を見て、ファイルを直すか --kind や --mapping を指定してください。",
            code="nothing_imported",
        )


def _options(
    opened: Office,
    format_: str | None,
    mapping: str | None,
    kind: str | None,
    municipality: str | None,
) -> "ImportOptions":
    from ingest.options import ImportOptions  # noqa: PLC0415 - keeps --help fast
    from ingest.schema import Kind  # noqa: PLC0415

    if kind is not None and kind not in {str(k) for k in Kind}:
        raise InputError(
            f"種類「{kind}」はありません。", hint=f"--kind は次から選んでください：{_KINDS}。"
        )
    return ImportOptions(
        format=format_,
        mapping=mapping,
        kind=Kind(kind) if kind else None,
        municipality=municipality or opened.settings.municipality,
        mappings=_own(opened),
    )


def _own(opened: Office) -> "tuple[Mapping, ...]":
    from api.own_mappings import own_mappings  # noqa: PLC0415 - keeps --help fast

    found = own_mappings(opened.settings)
    for fault in found.faults:
        err().print(f"△ {fault}", markup=False, soft_wrap=True)
    return found.mappings


def _imported(
    opened: Office, paths: Sequence[Path], options: "ImportOptions", *, dry_run: bool
) -> "ImportReport":
    from ingest.load import import_paths  # noqa: PLC0415

    with progress() as bar, _columns_told(opened, paths, options):
        task = bar.add_task("読み込み中", total=None)

        def note(path: str, done: int, total: int | None) -> None:
            bar.update(task, description=Path(path).name, completed=done, total=total)

        done = import_paths(
            opened.store,
            paths,
            options=replace(options, dry_run=dry_run),
            vocabulary=opened.vocabulary,
            now=opened.now(),
            progress=note,
        )
    if dry_run and done.proposals:
        _tell_columns(opened, paths, options)
    return done


@contextmanager
def _columns_told(
    opened: Office, paths: Sequence[Path], options: "ImportOptions"
) -> Iterator[None]:
    """Show the columns of a list that can't be taken because nobody knows its headings."""
    try:
        yield
    except InputError as fault:
        if fault.code == "no_mapping":
            _tell_columns(opened, paths, options)
        raise


def _tell_columns(opened: Office, paths: Sequence[Path], options: "ImportOptions") -> None:
    from api.mapping_draft import unknown_tables  # noqa: PLC0415 - only for unknown headings
    from api.tables import columns_table  # noqa: PLC0415

    for peek in unknown_tables(opened, paths, options):
        columns_table(peek, out())


def _with_draft(
    opened: Office,
    paths: Sequence[Path],
    options: "ImportOptions",
    columns: Sequence[str],
    name: str | None,
) -> "ImportOptions":
    """Options with the mapping that ``--column`` makes, saved under ``--save-mapping``."""
    from api.mapping_draft import draft_mapping, unknown_tables  # noqa: PLC0415
    from api.own_mappings import save_mapping  # noqa: PLC0415

    found = unknown_tables(opened, paths, options, own=True)
    made = draft_mapping(found, columns, label=name, kind=options.kind)
    if name is not None:
        made = save_mapping(opened.settings, made)
        err().print(
            f"列の対応を保存しました：{made.path}\n同じ見出しの一覧には、次から自動で使います。",
            markup=False,
            soft_wrap=True,
        )
    return replace(options, mappings=(made, *options.mappings))


def _write(done: "ImportReport", report: Path | None, rejects: Path | None) -> None:
    from ingest.rejects import write_rejects  # noqa: PLC0415 - keeps --help fast
    from reports.exports.rejects_book import rejects_workbook  # noqa: PLC0415

    try:
        if report is not None:
            text = json.dumps(done.to_json(), ensure_ascii=False, indent=2) + "\n"
            report.write_text(text, encoding="utf-8")
        if rejects is not None and rejects.suffix.lower() == ".xlsx":
            rejects.write_bytes(rejects_workbook(done.rejects))
        elif rejects is not None:
            write_rejects(rejects, done.rejects)
    except OSError as error:
        raise InputError(
            f"結果を書き出せません（{error.strerror}）。取り込みそのものは終わっています。",
            hint="--report と --rejects の置き場所を確かめ、もう一度実行してください（二度目は変わりません）。",
        ) from error


def _show(done: "ImportReport", *, planned: bool) -> None:
    from api.tables import import_table  # noqa: PLC0415 - keeps --help fast

    import_table(done, out(), planned=planned)


COMMAND = Command(
    name="import",
    help="台帳・連絡先・区域・施策・公開データなどを取り込みます。何度行っても同じ結果です。",
    example="tsunagu import 資源.csv 連絡先.csv --rejects 直すもの.csv",
    run=run,
)
