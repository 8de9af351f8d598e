"""An upload on its way in: files kept aside, read without writing, confirmed, then written."""

import logging
import shutil
import tempfile
import threading
import weakref
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import BinaryIO

from api.errors import WireError, wire
from api.office import Office
from api.settings import Settings
from graph.errors import InputError, TsunaguError
from ingest.options import ImportOptions
from ingest.report import ImportReport
from ingest.schema import Kind

_LOG = logging.getLogger("tsunagu.web")
_CHUNK = 1 << 20
_FILES = 50


@dataclass(slots=True, weakref_slot=True)
class Upload:
    """Files a person sent and how far they are.

    ``state``: ``reading``, ``read``, ``writing``, ``written`` or ``failed``. ``report`` is the
    preview (dry run) or, once written, what was done.
    """

    folder: Path
    files: tuple[Path, ...]
    options: ImportOptions
    number: str
    state: str = "reading"
    doing: tuple[str, int, int | None] = ("", 0, None)
    report: ImportReport | None = None
    error: WireError | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

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

        try:
            self.report = import_paths(
                office.store,
                self.files,
                options=replace(self.options, dry_run=not write),
                vocabulary=office.vocabulary,
                now=office.now(),
                progress=self._note,
            )
            self.state = "written" if write else "read"
        except TsunaguError as error:
            self.error = wire(error, self.number)
            self.state = "failed"
        except Exception as error:  # noqa: BLE001 - the thread's last line: told to the person, logged by kind
            _LOG.error("import %s %s", type(error).__name__, self.number)
            fault = InputError(
                "ファイルを読む途中で思わぬ不具合が起きました。何も書き込んでいません。",
                hint="ファイルを分けて試し、続く場合は下の番号を管理者に知らせてください。",
            )
            self.error = wire(fault, self.number)
            self.state = "failed"

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
        kept = tuple(
            _copy(folder / f"{place:02d}", name, stream)
            for place, (name, stream) in enumerate(files)
        )
        _check_count(len(kept))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    upload = Upload(folder=folder, files=kept, options=options, number=number)
    weakref.finalize(upload, shutil.rmtree, folder, ignore_errors=True)
    return upload


def import_options(
    settings: Settings, *, kind: str | None, municipality: str | None, mapping: str | None = None
) -> ImportOptions:
    """Options as a person chose them. Raises InputError for a kind that is not one."""
    if kind and kind not in {str(known) for known in Kind}:
        raise InputError(
            f"種類「{kind}」はありません。",
            hint=f"次から選んでください：{'・'.join(Kind)}。",
        )
    return ImportOptions(
        kind=Kind(kind) if kind else None,
        mapping=mapping or None,
        municipality=municipality or settings.municipality,
        actor="office",
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
        options=replace(options, dry_run=not write),
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
    target = folder / safe_name(name)
    folder.mkdir()
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


def shown_name(upload: Upload, path: str) -> str:
    """A file's name as the person knows it."""
    for file in upload.files:
        if path.startswith(str(file)):
            return file.name + path.removeprefix(str(file))
    return Path(path).name
