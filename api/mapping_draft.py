"""A mapping for an unknown list on the command line: what is proposed, corrected by ``--column``."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from api.office import Office
from api.web.columns_view import seed_choices
from graph.errors import InputError
from ingest.chosen import LEAVE_OUT, chosen_mapping, mapping_key
from ingest.mapping import Mapping
from ingest.options import ImportOptions
from ingest.peek import TablePeek, peek_paths
from ingest.schema import FIELDS, Kind

_LEFT_OUT = "使わない"


def unknown_tables(
    office: Office, paths: Sequence[Path], options: ImportOptions, *, own: bool = False
) -> list[TablePeek]:
    """The tables whose headings no mapping knows, or (``own``) only one of the office's own."""
    found = peek_paths(
        office.store,
        paths,
        options=replace(options, lenient=True),
        vocabulary=office.vocabulary,
        now=office.now(),
    )
    saved = options.mappings if own else ()
    return [peek for peek in found if not peek.known or peek.mapping in saved]


def draft_mapping(
    peeks: Sequence[TablePeek], columns: Sequence[str], *, label: str | None, kind: Kind | None
) -> Mapping:
    """The proposal for the one unknown table with ``項目=列`` corrections.

    Raises InputError when there is no such table, or more than one, or a correction can't be.
    """
    if len(peeks) != 1:
        raise InputError(
            "見慣れない見出しの表がありません。"
            if not peeks
            else f"見慣れない見出しの表が{len(peeks)}つあります。",
            hint="--column と --save-mapping は、見出しが分からない表一つだけを指定して使ってください。"
            "知っている見出しの読み方を変えるには --mapping を使います。",
            code="not_one_unknown",
        )
    peek, chosen_kind = peeks[0], kind or Kind.RESOURCES
    said = [_split(text, chosen_kind) for text in columns]
    named = {field for _, field in said}
    choices = {
        column: field
        for column, field in seed_choices(peek, chosen_kind).items()
        if field not in named
    }
    choices |= dict(said)
    stem = Path(peek.path).name.split(".", 1)[0] + (f"_{peek.sheet}" if peek.sheet else "")
    key = peek.mapping.key if peek.mapping is not None else mapping_key(stem)
    held = peek.mapping if peek.known else None
    return chosen_mapping(
        peek.header,
        choices,
        key=key,
        label=label or (held.label if held else stem),
        kind=chosen_kind,
        fixed=held.fixed if held else None,
    )


def _split(text: str, kind: Kind) -> tuple[str, str]:
    field, mark, column = text.partition("=")
    if not mark or not column:
        raise InputError(
            f"--column「{text}」の書き方がちがいます。",
            hint="「項目=列の見出し」と書いてください（例：--column 名称=会の名）。使わない列は「使わない=見出し」です。",
            code="bad_column_option",
        )
    labels = {label: name for name, label in FIELDS[kind].items()}
    return column, LEAVE_OUT if field == _LEFT_OUT else labels.get(field, field)
