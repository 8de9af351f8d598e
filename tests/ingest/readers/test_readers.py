"""Every reader reads its own sample; files that are not what they say are refused in Japanese."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.header import column_key, find_header
from ingest.reader import Reader, choose_reader, readers
from ingest.readers.csv_text import read_tables
from ingest.source import FileRefusedError, Limits, Source
from tests.ingest.importing import bring, memory, write

SMALL = Limits(
    file_bytes=2_000_000,
    unpacked_bytes=3_000_000,
    unpacked_ratio_from=100_000,
    unpacked_ratio=50,
    cell_characters=20_000,
    row_characters=50_000,
)


def _rows(path: Path, folder: Path, limits: Limits = SMALL) -> int:
    source = Source(str(path), path)
    reader = choose_reader(source, limits)
    if reader.tables is not None:
        return sum(len(list(table.rows())) for table in reader.tables(source, limits))
    assert reader.unpack is not None
    inside = [s for s in reader.unpack(source, limits, folder) if choose_or_none(s, limits)]
    return sum(_rows_of(s, limits) for s in inside)


def choose_or_none(source: Source, limits: Limits) -> Reader | None:
    try:
        return choose_reader(source, limits)
    except FileRefusedError:
        return None


def _rows_of(source: Source, limits: Limits) -> int:
    reader = choose_reader(source, limits)
    assert reader.tables is not None
    return sum(len(list(table.rows())) for table in reader.tables(source, limits))


@pytest.mark.parametrize("reader", readers(), ids=lambda reader: reader.key)
def test_every_reader_reads_its_sample(reader: Reader, tmp_path: Path) -> None:
    assert reader.sample is not None
    name, data, rows = reader.sample()
    path = tmp_path / name
    path.write_bytes(data)
    unpacked = tmp_path / "unpacked"
    unpacked.mkdir()
    assert _rows(path, unpacked) == rows
    if name.endswith(reader.suffixes):
        assert choose_reader(Source(name, path), SMALL).key == reader.key


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_encodings_and_delimiters_are_found(tmp_path: Path, encoding: str, mark: str) -> None:
    lines = ["①施設の一覧（髙﨑）", "", mark.join(("名称", "住所", "備考"))]
    lines += [mark.join((f"集会所{i}", f"本町{i}-2", '"二行の\n備考"')) for i in range(40)]
    path = write(tmp_path, "一覧.csv", "\r\n".join(lines) + "\r\n", encoding)
    (table,) = read_tables(Source("一覧.csv", path), SMALL)
    rows = list(table.rows())
    assert table.header == ("名称", "住所", "備考")
    assert len(rows) == 40
    assert rows[0].cells == ("集会所0", "本町0-2", "二行の\n備考")
    assert table.notes == {"title_lines_skipped": 2}


def test_comment_lines_and_padding_are_told_apart(tmp_path: Path) -> None:
    text = "#LINK,,\n#lang,ja,\n#property,name,address\n#object_type_xsd,string,string\n1,東館,東町1\n,,\n"
    path = write(tmp_path, "0004.csv", text)
    report = bring(memory(), path)
    (file,) = report.files
    assert (file.read, file.blank, file.added) == (2, 1, 1)


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("空.csv", b"", "empty_file"),
        ("写真.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "not_what_name_says"),
        ("本.xlsx", b"PK\x03\x04 this is no workbook", "not_what_name_says"),
        ("本.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "damaged_workbook"),
        ("図.geojson", b'{"type": "FeatureCollection", "features": [', "bad_json"),
        ("束.zip", b"PK\x03\x04\x14\x00\x00\x00broken", "damaged_archive"),
        ("束.csv.gz", b"\x1f\x8b\x08\x00broken", "damaged_archive"),
        (
            "列.csv",
            ("名称," + ",".join(map(str, range(10_000))) + "\nA\n").encode(),
            "too_many_columns",
        ),
        ("長.csv", ("名称,住所\nA," + "あ" * 30_000 + "\n").encode(), "cell_too_long"),
        ("行.csv", ("名称,住所\nA," + "あ" * 90_000 + "\n").encode(), "cell_too_long"),
        ("穴.csv", "名称,住所\nA館,本町\x001\n".encode(), "nul_character"),
    ],
)
def test_hostile_files_are_refused_whole(tmp_path: Path, name: str, data: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    store = memory()
    with pytest.raises(FileRefusedError) as caught:
        bring(store, path, limits=SMALL)
    assert caught.value.code == code
    assert name.removesuffix(".gz") in str(caught.value)
    assert str(caught.value).endswith("。")
    assert store.head() == 0


def test_a_file_beyond_the_limit_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "大.csv"
    with path.open("wb") as stream:
        stream.truncate(2_100_000_000)
    with pytest.raises(FileRefusedError, match="大きすぎます"):
        bring(memory(), path)


@pytest.mark.parametrize("suffix", [".zip", ".csv.gz"])
def test_bombs_stop_early(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"爆弾{suffix}"
    zeros = b"0" * 40_000_000
    if suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.csv", zeros)
    else:
        path.write_bytes(gzip.compress(zeros))
    with pytest.raises(FileRefusedError) as caught:
        bring(memory(), path, limits=SMALL)
    assert caught.value.code == "archive_bomb"


def test_zip_paths_stay_inside(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("../../外.csv", "名称,住所\nA館,本町1\n")
    path = tmp_path / "内" / "束.zip"
    path.parent.mkdir()
    path.write_bytes(stream.getvalue())
    assert bring(memory(), path).totals()["added"] == 1
    assert not (tmp_path / "外.csv").exists()
    assert not (tmp_path.parent / "外.csv").exists()


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None
)
@given(
    data=st.binary(max_size=400),
    suffix=st.sampled_from([".csv", ".xlsx", ".json", ".zip", ".gz", ".shp", ".txt"]),
)
def test_any_bytes_are_read_or_refused_never_more(tmp_path: Path, data: bytes, suffix: str) -> None:
    path = tmp_path / f"何か{suffix}"
    path.write_bytes(data)
    store = memory()
    refused = ""
    try:
        bring(store, path, limits=SMALL)
    except FileRefusedError as fault:
        refused = fault.hint
    assert not refused or (store.head() == 0 and refused.endswith("。"))


@given(st.lists(st.lists(st.text(max_size=8), max_size=5), max_size=12))
def test_a_header_is_a_row_that_is_there(rows: list[list[str]]) -> None:
    at = find_header(rows)
    assert at is None or any(cell.strip() for cell in rows[at])


def test_column_names_are_compared_by_form() -> None:
    assert column_key("都道府県コ―ド又は市区町村コ―ド") == column_key(
        "都道府県コード又は市区町村コード"
    )
    assert column_key("建物名等（方書）") == column_key("建物名等(方書)")
