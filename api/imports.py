"""An upload on its way in: files kept aside, read without writing, confirmed, then written."""

import logging
import shutil
import tempfile
import threading
import weakref
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, BinaryIO

from api.errors import WireError, wire
from api.office import Office
from api.own_mappings import own_mappings
from api.settings import Settings
from graph.errors import InputError, TsunaguError
from ingest.options import ImportOptions
from ingest.rejects import Reject
from ingest.report import ImportReport
from ingest.schema import Kind

if TYPE_CHECKING:
    from ingest.peek import TablePeek

_LOG = logging.getLogger("tsunagu.web")
_CHUNK = 1 << 20
_FILES = 50
_SENT = "画面"
_BESIDE_A_SHAPE = frozenset({".dbf", ".shx", ".prj", ".cpg", ".sbn", ".sbx", ".qpj", ".xml"})


@dataclass(slots=True, weakref_slot=True)
class Upload:
    """Files a person sent and how far they are.

    ``state``: ``reading``, ``read``, ``writing``, ``written`` or ``failed``. ``report`` is the
    preview (dry run) or, once written, what was done; ``peeks`` show the tables as they stand.
    """

    folder: Path
    files: tuple[Path, ...]
    options: ImportOptions
    number: str
    state: str = "reading"
    doing: tuple[str, int, int | None] = ("", 0, None)
    report: ImportReport | None = None
    peeks: "list[TablePeek]" = field(default_factory=list)
    error: WireError | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def tables(self) -> tuple[Path, ...]:
        """The files to be read: all but the parts that go with a shapefile."""
        shapes = {file.stem for file in self.files if file.suffix.lower() == ".shp"}
        return tuple(
            file
            for file in self.files
            if file.stem not in shapes or file.suffix.lower() not in _BESIDE_A_SHAPE
        )

    def start(self, office: Office, *, write: bool) -> None:
        """Read the files (or write them) in the background."""
        with self._lock:
            if self.state in {"writing", "written"}:
                return
            self.state = "writing" if write else "reading"
            self.error = None
        threading.Thread(target=self._run, args=(office, write), daemon=True).start()

    def choose(self, options: ImportOptions) -> None:
        """Take other options before anything was written."""
        self.options = options

    def _run(self, office: Office, write: bool) -> None:  # noqa: FBT001 - thread arguments are positional
        from ingest.load import import_paths  # noqa: PLC0415 - heavy, only for imports
        from ingest.peek import peek_paths  # noqa: PLC0415 - heavy, only for imports

        try:
            self.report = import_paths(
                office.store,
                self.tables,
                options=replace(self.options, dry_run=not write),
                vocabulary=office.vocabulary,
                now=office.now(),
                progress=self._note,
            )
            if not write:
                self.peeks = peek_paths(
                    office.store,
                    self.tables,
                    options=self.options,
                    vocabulary=office.vocabulary,
                    now=office.now(),
                )
            for file in self.report.files:
                file.error = self._plain(file.error) if file.error else None
            self.state = "written" if write else "read"
        except TsunaguError as error:
            told = wire(error, self.number)
            self.error = told.model_copy(update={"message": self._plain(told.message), "facts": {}})
            # 書き込めなかっただけなら、読んだ内容は手元にある。もう一度押せるようにする。
            self.state = "read" if write else "failed"
        except Exception as error:  # noqa: BLE001 - the thread's last line: told to the person, logged by kind
            _LOG.error("import %s %s", type(error).__name__, self.number)
            fault = InputError(
                "ファイルを読む途中で思わぬ不具合が起きました。何も書き込んでいません。",
                hint="ファイルを分けて試し、続く場合は下の番号を管理者に知らせてください。",
            )
            self.error = wire(fault, self.number)
            self.state = "failed"

    def _plain(self, text: str) -> str:
        """A sentence that names files as the person does."""
        for file in self.files:
            text = text.replace(str(file), file.name)
        return text

    def _note(self, path: str, done: int, total: int | None) -> None:
        self.doing = (PurePosixPath(path).name, done, total)


def stage(
    files: Iterable[tuple[str, BinaryIO]],
    options: ImportOptions,
    *,
    parent: Path | None,
    number: str,
) -> Upload:
    """Copy uploaded files aside under safe names. Raises InputError when there is none."""
    folder = Path(tempfile.mkdtemp(prefix="tsunagu-upload-", dir=parent))
    try:
        kept = tuple(_copy(folder, name, stream) for name, stream in files)
        _check_count(len(kept))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    upload = Upload(folder=folder, files=kept, options=options, number=number)
    weakref.finalize(upload, shutil.rmtree, folder, ignore_errors=True)
    return upload


def import_options(
    settings: Settings,
    *,
    kind: str | None,
    municipality: str | None,
    mapping: str | None = None,
    actor: str = "office",
) -> ImportOptions:
    """Options as a person chose them, with the office's own mappings.

    Raises InputError for a kind that is not one.
    """
    if kind and kind not in {str(known) for known in Kind}:
        raise InputError(
            f"種類「{kind}」はありません。",
            hint=f"次から選んでください：{'・'.join(Kind)}。",
        )
    return ImportOptions(
        kind=Kind(kind) if kind else None,
        mapping=mapping or None,
        municipality=municipality or settings.municipality,
        actor=actor,
        mappings=own_mappings(settings).mappings,
        lenient=True,
    )


def import_now(
    office: Office,
    files: Iterable[tuple[str, BinaryIO]],
    options: ImportOptions,
    *,
    write: bool,
    number: str,
) -> ImportReport:
    """Read (and write) uploaded files while the caller waits. Raises InputError, StoreError."""
    from ingest.load import import_paths  # noqa: PLC0415 - heavy, only for imports

    upload = stage(files, options, parent=office.settings.upload_folder, number=number)
    report = import_paths(
        office.store,
        upload.files,
        options=replace(options, dry_run=not write, lenient=False),
        vocabulary=office.vocabulary,
        now=office.now(),
    )
    for file in report.files:
        file.path = shown_name(upload, file.path)
    return report


def _check_count(count: int) -> None:
    if count == 0:
        raise InputError(
            "ファイルが選ばれていません。",
            hint="台帳や一覧のファイルを選んでから「読み取る」を押してください。",
        )
    if count > _FILES:
        raise InputError(
            f"一度に受け取れるのは{_FILES}ファイルまでです。",
            hint="zipにまとめるか、分けて送ってください。",
        )


def _copy(folder: Path, name: str, stream: BinaryIO) -> Path:
    # 出典の名にはフォルダー名も入る。送る順によらず、同じ名のファイルはいつも同じ名になるように。
    number = 1
    while (
        target := folder / (_SENT if number == 1 else f"{_SENT}{number}") / safe_name(name)
    ).exists():
        number += 1
    target.parent.mkdir(exist_ok=True)
    with target.open("wb") as file:
        shutil.copyfileobj(stream, file, _CHUNK)
    return target


def safe_name(name: str) -> str:
    r"""The last part of a file name, without what could leave the folder.

    >>> safe_name("..\\..\\資源.csv"), safe_name("a/b/台帳.xlsx"), safe_name("..")
    ('資源.csv', '台帳.xlsx', 'file')
    """
    last = PureWindowsPath(PurePosixPath(name).name).name
    cleaned = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*').strip(". ")
    return cleaned[-150:] or "file"


def shown_rejects(upload: Upload) -> list[Reject]:
    """The rows that were not taken, under the names of files that the person knows."""
    held = upload.report.rejects if upload.report else []
    return [replace(reject, path=shown_name(upload, reject.path)) for reject in held]


def shown_name(upload: Upload, path: str) -> str:
    """A file's name as the person knows it."""
    for file in upload.files:
        if path.startswith(str(file)):
            number = file.parent.name.removeprefix(_SENT)
            which = f"（{number}つ目）" if number.isdecimal() else ""
            return file.name + path.removeprefix(str(file)) + which
    return Path(path).name
