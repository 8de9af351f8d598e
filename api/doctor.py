"""``tsunagu doctor``: is everything that the product needs in place, and what to do if not."""

import hashlib
import importlib.util
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from importlib.resources import files
from pathlib import Path

from api.office import Office
from graph.errors import TsunaguError
from graph.model.element import NodeKind

_PACKAGES = ("graph", "matching", "ingest", "casework", "maps", "reports", "api")
_HOME = Path(__file__).resolve().parent.parent
_STALE_SHARE = 0.5
_FONT_SUFFIXES = {".ttf", ".ttc", ".otf"}
_JAPANESE = ("gothic", "noto", "ipa", "meiryo", "yugoth", "msgothic", "takao", "hiragino", "cjk")
_FONT_FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("/Library/Fonts"),
    Path("/System/Library/Fonts"),
    Path("C:/Windows/Fonts"),
    Path.home() / ".fonts",
    Path.home() / ".local/share/fonts",
)


class Level(StrEnum):
    """How a check came out. Only ``bad`` makes the whole unfit."""

    GOOD = "good"
    NOTE = "note"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at: what was found, and what to do."""

    key: str
    label: str
    level: Level
    found: str
    todo: str | None = None


def examine(office: Office, *, deep: bool = True) -> list[Check]:
    """Look at everything; ``deep`` also reads the store through. Never raises for what it sees."""
    looks = _LOOKS if deep else [look for look in _LOOKS if look[0] not in _DEEP]
    return [check for look in looks for check in _safely(look, office)]


def _safely(look: "_Look", office: Office) -> Sequence[Check]:
    key, label, run = look
    try:
        return list(run(office))
    except TsunaguError as error:
        return [Check(key=key, label=label, level=Level.BAD, found=error.message, todo=error.hint)]


def _store(office: Office) -> Iterator[Check]:
    store = office.store
    yield Check(
        key="store",
        label="保存先",
        level=Level.GOOD,
        found=f"{store.url} を読めました（形式の版 {store.schema_version()}、変更番号 {store.head()}）。",
    )


def _store_whole(office: Office) -> Iterator[Check]:
    faults = office.store.check()
    yield Check(
        key="store_whole",
        label="保存先の中身",
        level=Level.BAD if faults else Level.GOOD,
        found="／".join(faults[:5]) if faults else "全体を読み通し、傷みはありません。",
        todo="tsunagu restore で直近の控えから戻してください。" if faults else None,
    )


def _data(office: Office) -> Iterator[Check]:
    with office.view() as view:
        total = view.counts().get(NodeKind.RESOURCE, 0)
        limit = office.today - timedelta(days=office.settings.stale_days)
        stale = sum(1 for n in view.nodes(NodeKind.RESOURCE) if _is_old(n.props, limit))
    if total == 0:
        yield Check(
            key="data",
            label="データ",
            level=Level.NOTE,
            found="資源がまだ登録されていません。",
            todo="tsunagu import 台帳.csv で取り込んでください。",
        )
        return
    many = stale / total > _STALE_SHARE
    yield Check(
        key="data",
        label="データの新しさ",
        level=Level.NOTE if many else Level.GOOD,
        found=f"資源 {total:,}件のうち {stale:,}件は {office.settings.stale_days}日以上確かめられていません。",
        todo="画面の「確認待ち」から、古い順に電話などで確かめてください。" if stale else None,
    )


def _is_old(props: object, limit: object) -> bool:
    assured = props.get("assured_date")  # type: ignore[attr-defined]
    return assured is None or assured < limit


def _vocabulary(office: Office) -> Iterator[Check]:
    version = office.vocabulary.version
    yield Check(
        key="vocabulary", label="語彙", level=Level.GOOD, found=f"読めました（版 {version[:12]}）。"
    )


def _assets(_office: Office) -> Iterator[Check]:
    broken = [*_broken_web(), *_broken_maps()]
    yield Check(
        key="assets",
        label="画面の部品",
        level=Level.BAD if broken else Level.GOOD,
        found=f"次の部品が元と違います：{'、'.join(broken)}" if broken else "すべて元のままです。",
        todo="製品を入れ直してください（make install）。" if broken else None,
    )


def _broken_web() -> Iterator[str]:
    folder = _HOME / "api" / "web" / "static" / "vendor"
    manifest = json.loads((folder / "MANIFEST.json").read_text(encoding="utf-8"))
    for entry in manifest["files"]:
        if _sha256(folder / entry["path"]) != entry["sha256"]:
            yield entry["path"]


def _broken_maps() -> Iterator[str]:
    folder = Path(str(files("maps").joinpath("vendor")))
    manifest = json.loads((folder / "MANIFEST.json").read_text(encoding="utf-8"))
    for package in manifest["packages"]:
        for path, digest in package["files"].items():
            if _sha256(folder / path) != digest:
                yield path


def _sha256(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def _fonts(_office: Office) -> Iterator[Check]:
    found = next(_japanese_fonts(), None)
    yield Check(
        key="fonts",
        label="日本語の字形",
        level=Level.GOOD if found else Level.NOTE,
        found=f"{found} があります。" if found else "日本語の字形が見つかりません。",
        todo=None
        if found
        else "PDFで文字が欠けます。Debian・Ubuntuでは apt install fonts-ipaexfont で入ります。",
    )


def _japanese_fonts() -> Iterator[str]:
    for folder in _FONT_FOLDERS:
        if not folder.is_dir():
            continue
        for path in folder.rglob("*"):
            if path.suffix.lower() in _FONT_SUFFIXES and any(
                word in path.name.lower() for word in _JAPANESE
            ):
                yield path.name


def _names(_office: Office) -> Iterator[Check]:
    foreign = [name for name in _PACKAGES if not _is_ours(name)]
    yield Check(
        key="names",
        label="名前の重なり",
        level=Level.BAD if foreign else Level.GOOD,
        found=f"別の製品の {'、'.join(foreign)} が先に読まれています。"
        if foreign
        else "別の製品と名前は重なっていません。",
        todo="つなぐ専用の環境（make install が作る .venv）で動かし、PYTHONPATH を外してください。"
        if foreign
        else None,
    )


def _is_ours(name: str) -> bool:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        return False
    return Path(spec.origin).resolve().parent.parent == _HOME


_Look = tuple[str, str, Callable[[Office], Iterator[Check]]]
_LOOKS: tuple[_Look, ...] = (
    ("names", "名前の重なり", _names),
    ("store", "保存先", _store),
    ("store_whole", "保存先の中身", _store_whole),
    ("vocabulary", "語彙", _vocabulary),
    ("data", "データ", _data),
    ("assets", "画面の部品", _assets),
    ("fonts", "日本語の字形", _fonts),
)
#: Looks that read everything: left to the command.
_DEEP = frozenset({"store_whole", "data", "fonts"})
