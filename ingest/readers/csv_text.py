"""CSV, TSV and other delimited text, as offices keep it.

UTF-8 with or without BOM, UTF-16, CP932 with vendor characters; the delimiter is found from the
text whatever the name says; lines above the header are passed over and counted.
"""

import csv
import io
import itertools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from ingest.header import LOOK_AHEAD, find_header, is_comment, unique_header
from ingest.reader import Reader, Row, Table
from ingest.source import Limits, Source, refuse

_DELIMITERS = (",", "\t", ";", "|")
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_BINARY = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff")
_SAVE_AGAIN = "元のソフトで開き、CSV（UTF-8）かExcel形式で保存し直してください。"
_MARKUP = (b"<html", b"<!doctype", b"<?xml", b"<table", b"<head", b"<meta")
_READ_BYTES = 1 << 20
_FEW = 20


def sniff(source: Source) -> float:
    """Text that is not binary; surer when the name says so."""
    if source.head.startswith(_BINARY) or _encoding_of_head(source.head) is None:
        return 0.0
    if source.suffix in READER.suffixes:
        return 0.7
    return 0.2


def read_tables(source: Source, limits: Limits) -> Sequence[Table]:
    """The one table of the text. Raises FileRefusedError (see ``ingest.source``)."""
    if source.head.lstrip(b"\xef\xbb\xbf \t\r\n")[:20].lower().startswith(_MARKUP):
        raise refuse(
            source,
            "の中身は、表ではなくウェブページ（HTML・XML）です。",
            "Excelで開き、Excelブック（.xlsx）かCSVで保存し直してください。",
            "not_what_name_says",
        )
    encoding = detect_encoding(source)
    delimiter = _delimiter(source, encoding)

    def lines() -> Iterator[Row]:
        return _rows(source, encoding, delimiter, limits)

    first = list(itertools.islice(lines(), LOOK_AHEAD + 6))
    at = find_header([row.cells for row in first])
    if at is None:
        raise refuse(
            source,
            "に読める行がありません。",
            "見出しと中身の行があるか確かめてください。",
            "no_rows",
        )
    header = unique_header(_trimmed(first[at].cells))
    notes = {"title_lines_skipped": at} if at else {}
    return (
        Table(
            header=header,
            rows=lambda: _below(lines, at),
            encoding="utf-8" if encoding == "utf-8" else encoding,
            notes=notes,
        ),
    )


def detect_encoding(source: Source) -> str:
    """``utf-8``, ``utf-8-sig``, ``utf-16``… or ``cp932``, checked against the whole file.

    Raises FileRefusedError when the bytes are no text in any of them.
    """
    guess = _encoding_of_head(source.head)
    candidates = [guess] if guess in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be") else []
    for encoding in [*candidates, "utf-8", "cp932", "euc_jis_2004"]:
        if encoding and _decodes(source.path, encoding):
            return encoding
    raise refuse(source, "は文字のファイルとして読めません。", _SAVE_AGAIN, "not_text")


def _encoding_of_head(head: bytes) -> str | None:
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    if b"\x00" in head and (wide := _wide_without_mark(head)) is not None:
        return wide
    # 一つ二つ混じったNULは文字の傷みとして後で断る。多ければ文字のファイルではない。
    if head.count(0) > len(head) // _FEW:
        return None
    for encoding in ("utf-8", "cp932", "euc_jis_2004"):
        # 先頭だけを切り取ったときの、末尾の半端な文字は数えない。
        for cut in range(4):
            try:
                head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return encoding
    return None


def _wide_without_mark(head: bytes) -> str | None:
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = len(head) // 2 or 1
    if odd / half > 0.3 and even / half < 0.05:  # noqa: PLR2004 - 英数字の多い UTF-16LE の姿
        return "utf-16-le"
    if even / half > 0.3 and odd / half < 0.05:  # noqa: PLR2004 - 同じく UTF-16BE
        return "utf-16-be"
    return None


def _decodes(path: Path, encoding: str) -> bool:
    try:
        with path.open(encoding=encoding, newline="") as stream:
            while stream.read(_READ_BYTES):
                pass
    except UnicodeError:
        return False
    return True


def _delimiter(source: Source, encoding: str) -> str:
    with source.path.open(encoding=encoding, newline="") as stream:
        text = stream.read(HEAD_CHARACTERS)
    counts = {mark: _steady_width(text, mark) for mark in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda mark: counts[mark])
    return best if counts[best] else ","


HEAD_CHARACTERS = 32_768


def _steady_width(text: str, mark: str) -> float:
    csv.field_size_limit(HEAD_CHARACTERS + 1)
    widths = [len(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark)][:-1]
    wide = [width for width in widths if width > 1]
    if not wide:
        single = len(next(csv.reader(io.StringIO(text, newline=""), delimiter=mark), []))
        return float(single - 1)
    common = max(set(wide), key=wide.count)
    return (common - 1) * wide.count(common) / max(len(widths), 1)


def _rows(source: Source, encoding: str, delimiter: str, limits: Limits) -> Iterator[Row]:
    csv.field_size_limit(limits.cell_characters)
    with source.path.open(encoding=encoding, newline="") as stream:
        rows = csv.reader(_guarded(stream, source, limits), delimiter=delimiter)
        line = 1
        while True:
            try:
                cells = next(rows)
            except StopIteration:
                return
            except csv.Error:
                raise refuse(
                    source,
                    f"の{line}行目に、長すぎるセルがあります（{limits.cell_characters:,}文字まで）。",
                    'その行の引用符（"）の閉じ忘れか、貼り付けた長文を直してください。',
                    "cell_too_long",
                ) from None
            if len(cells) > limits.columns:
                raise refuse(
                    source,
                    f"は列が多すぎます（{len(cells):,}列）。",
                    f"使う列だけを残し、{limits.columns:,}列までにしてください。",
                    "too_many_columns",
                )
            yield Row(line, tuple(cells))
            line = rows.line_num + 1


def _guarded(stream: io.TextIOBase, source: Source, limits: Limits) -> Iterator[str]:
    number = 0
    while line := stream.readline(limits.row_characters + 1):
        number += 1
        if len(line) > limits.row_characters:
            raise refuse(
                source,
                f"の{number}行目が長すぎます。",
                "表のファイルか確かめ、改行のある形で保存し直してください。",
                "cell_too_long",
            )
        if "\x00" in line:
            raise refuse(
                source,
                f"の{number}行目に、文字でないデータ（NUL）が混じっています。",
                _SAVE_AGAIN,
                "nul_character",
            )
        yield line


def _trimmed(cells: tuple[str, ...]) -> tuple[str, ...]:
    end = len(cells)
    while end > 1 and not cells[end - 1].strip():
        end -= 1
    return cells[:end]


def _below(lines: Callable[[], Iterator[Row]], header_at: int) -> Iterator[Row]:
    for row in itertools.islice(lines(), header_at + 1, None):
        if not is_comment(row.cells):
            yield row


def _sample() -> tuple[str, bytes, int]:
    text = "施設の一覧\r\n\r\n名称,住所\r\n本町会館,みほん市本町1\r\n,\r\n"
    return "一覧.csv", text.encode("cp932"), 2


READER = Reader(
    key="csv",
    label="CSV・TSV",
    suffixes=(".csv", ".tsv", ".txt", ".tab"),
    sniff=sniff,
    tables=read_tables,
    sample=_sample,
)
