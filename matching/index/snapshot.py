"""A compiled segment kept as plain files: arrays that are memory-mapped, and a small JSON.

A snapshot names what it was made from (rules of compiling, vocabulary, the store's change it is
level with). Whatever does not agree is passed over and compiled anew; a snapshot is never trusted
further than that.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import matching
from graph.model.codec import canonical_json
from matching.index.column import freeze
from matching.index.facet import Facet
from matching.index.segment import Labels, Segment, Sets

META = "index.json"
_ARRAYS = (
    "id_bytes",
    "id_ends",
    "digests",
    "place_key",
    "zone_starts",
    "by_place",
    "by_place_key",
    "by_id",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a snapshot was compiled from. ``mark`` tells the store's change it is level with."""

    rules: str
    vocabulary: str
    head: int
    mark: str


def compile_rules() -> str:
    """Digest of the code that turns a record into columns: new code, new snapshot."""
    root = Path(matching.__file__).parent
    digest = hashlib.blake2b(digest_size=12)
    for path in sorted([*root.glob("*.py"), *root.glob("criteria/*.py"), *root.glob("index/*.py")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def save(segment: Segment, origin: Origin, folder: Path) -> None:
    """Write a snapshot beside the old one and put it in its place whole."""
    folder.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix="new-", dir=folder))
    try:
        for name, array in _arrays(segment):
            np.save(fresh / f"{name}.npy", array, allow_pickle=False)
        meta = {
            "origin": {name: getattr(origin, name) for name in Origin.__slots__},
            "size": segment.size,
            "numbers": list(segment.numbers),
            "labels": {name: item.values for name, item in segment.labels.items()},
            "sets": {
                name: sorted(item.universe, key=item.universe.__getitem__)
                for name, item in segment.sets.items()
            },
            "zone_areas": segment.zone_areas,
            # 並びは、横に並べた番号（hot）の列の順。
            "facets": [[*names] for names, facet in segment.facets.items() if facet],
            "no_facets": [[*names] for names, facet in segment.facets.items() if not facet],
        }
        (fresh / META).write_text(canonical_json(meta), encoding="utf-8")
        place = folder / "base"
        with _aside(place):
            fresh.rename(place)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


@contextmanager
def _aside(place: Path) -> Iterator[None]:
    """Move what is there out of the way. Whoever has it mapped keeps reading the moved files."""
    old = None
    if place.exists():
        old = Path(tempfile.mkdtemp(prefix="old-", dir=place.parent)) / "base"
        place.rename(old)
    yield
    if old is not None:
        shutil.rmtree(old.parent, ignore_errors=True)


def load(folder: Path) -> tuple[Segment, Origin] | None:
    """The snapshot of a folder, memory-mapped; ``None`` when there is none that can be read."""
    place = folder / "base"
    try:
        meta: dict[str, Any] = json.loads((place / META).read_text(encoding="utf-8"))
        return _segment(place, meta), Origin(**meta["origin"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def forget(folder: Path) -> None:
    """Drop the snapshot of a folder."""
    with _aside(folder / "base"):
        pass


def _segment(place: Path, meta: Mapping[str, Any]) -> Segment:
    def array(name: str) -> npt.NDArray[Any]:
        mapped = np.load(place / f"{name}.npy", mmap_mode="r", allow_pickle=False)
        # 素の配列として見る。memmap のままでは小さな演算が一つずつ遅くなる。
        plain: npt.NDArray[Any] = mapped.view(np.ndarray)
        return plain

    segment = Segment(
        size=int(meta["size"]),
        id_bytes=array("id_bytes"),
        id_ends=array("id_ends"),
        digests=array("digests"),
        place_key=array("place_key"),
        zone_starts=array("zone_starts"),
        by_place=array("by_place"),
        by_place_key=array("by_place_key"),
        by_id=array("by_id"),
        numbers={name: array(f"n-{name}") for name in meta["numbers"]},
        labels={
            name: Labels(array(f"l-{name}"), [freeze(value) for value in values])
            for name, values in meta["labels"].items()
        },
        sets={
            name: Sets(
                array(f"s-{name}"),
                array(f"s-{name}-table"),
                array(f"s-{name}-known"),
                {key: position for position, key in enumerate(universe)},
            )
            for name, universe in meta["sets"].items()
        },
        zone_areas=[tuple(areas) for areas in meta["zone_areas"]],
    )
    segment.unit, segment.hot = array("unit"), array("hot")
    for column, names in enumerate(meta["facets"]):
        rows = array(f"f-{'-'.join(names)}-rows")
        segment.facets[tuple(names)] = Facet(segment.hot[:, column], rows)
    segment.facets |= {tuple(names): None for names in meta["no_facets"]}
    return segment


def _arrays(segment: Segment) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    for name in _ARRAYS:
        yield name, getattr(segment, name)
    for name, number in segment.numbers.items():
        yield f"n-{name}", number
    for name, label in segment.labels.items():
        yield f"l-{name}", label.codes
    for name, item in segment.sets.items():
        yield f"s-{name}", item.codes
        yield f"s-{name}-table", item.table
        yield f"s-{name}-known", item.known
    if segment.unit is None or segment.hot is None:
        raise ValueError("pack")
    yield "unit", segment.unit
    yield "hot", segment.hot
    for names, facet in segment.facets.items():
        if facet is not None:
            yield f"f-{'-'.join(names)}-rows", facet.rows
