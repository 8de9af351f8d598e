"""The office's own mappings: one TOML file each, beside the store, used before the shipped ones."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import platformdirs

from api.settings import Settings
from graph.errors import InputError, NotFoundError
from ingest.mapping import Mapping, read_mapping, shipped_mappings
from ingest.propose import mapping_toml

_FILE_URL = "sqlite:///"
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class OwnMappings:
    """The mappings that can be used, and one sentence for each file that can't."""

    mappings: tuple[Mapping, ...]
    faults: tuple[str, ...]


def mappings_folder(settings: Settings) -> Path:
    """Where they are kept: as set, else beside an embedded store, else in the user's data folder."""
    if settings.mappings is not None:
        return settings.mappings
    if settings.store.startswith(_FILE_URL):
        return Path(settings.store.removeprefix(_FILE_URL)).parent / "mappings"
    return platformdirs.user_data_path("tsunagu", appauthor=False) / "mappings"


def own_mappings(settings: Settings) -> OwnMappings:
    """Read them all; a broken file is told and passed over."""
    found: list[Mapping] = []
    faults: list[str] = []
    for path in sorted(mappings_folder(settings).glob("*.toml")):
        try:
            found.append(read_mapping(path))
        except InputError as fault:
            faults.append(f"{fault.message} {fault.hint}")
        except OSError as fault:
            faults.append(f"対応表「{path.name}」を開けません（{fault.strerror}）。")
    return OwnMappings(tuple(found), tuple(faults))


def save_mapping(settings: Settings, mapping: Mapping) -> Mapping:
    """Keep a mapping under its label; gives it with its key and file.

    One that was made for the same columns is replaced. Raises InputError when another list has
    that name already, or the folder can't be written.
    """
    folder = mappings_folder(settings)
    path = folder / f"{file_stem(mapping.label)}.toml"
    held = own_mappings(settings).mappings
    same = next((m for m in held if m.path == str(path)), None)
    if same is not None and set(same.header) != set(mapping.header):
        raise InputError(
            f"「{mapping.label}」という名前の対応表が、別の見出しの一覧のためにあります。",
            hint="別の名前を付けてください。",
            code="mapping_name_taken",
        )
    kept = replace(mapping, key=_free_key(mapping, held), path=str(path))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_text(mapping_toml(kept), encoding="utf-8")
        part.replace(path)
        for older in held:
            # 同じ見出しの対応表が二つあると、どちらが使われるか分からなくなる。
            if older.path != str(path) and older.path and set(older.header) == set(kept.header):
                Path(older.path).unlink(missing_ok=True)
    except OSError as error:
        raise InputError(
            f"対応表を保存できません（{error.strerror}）。",
            hint=f"管理者に、{folder} に書き込めるようにしてもらってください。",
            code="mapping_not_saved",
        ) from error
    return read_mapping(path)


def remove_mapping(settings: Settings, key: str) -> None:
    """Throw a mapping away; what was imported with it stays. Raises NotFoundError."""
    path = named(settings, key).path
    if path is not None:
        Path(path).unlink(missing_ok=True)


def named(settings: Settings, key: str) -> Mapping:
    """One of the office's mappings; raises NotFoundError."""
    found = next((m for m in own_mappings(settings).mappings if m.key == key), None)
    if found is None:
        raise NotFoundError(
            "その対応表はありません。",
            hint="対応表の一覧を開き直してください。",
            facts={"key": key},
        )
    return found


def mapping_labels(settings: Settings) -> dict[str, str]:
    """Key → label of every mapping, shipped and own."""
    both = (*shipped_mappings(), *own_mappings(settings).mappings)
    return {mapping.key: mapping.label for mapping in both}


def file_stem(label: str) -> str:
    r"""A file name made of a label.

    >>> file_stem("社協 サロン/一覧"), file_stem("..")
    ('社協_サロン_一覧', 'mapping')
    """
    return re.sub(r"\W+", "_", label).strip("_")[:_LONGEST] or "mapping"


def _free_key(mapping: Mapping, held: Sequence[Mapping]) -> str:
    """The key it had for this list, else its own, else one with a number.

    The key is part of the name of the source: the next edition of a list must keep it.
    """
    for other in held:
        if set(other.header) == set(mapping.header) and other.kind is mapping.kind:
            return other.key
    taken = {m.key for m in (*held, *shipped_mappings())}
    key, number = mapping.key, 1
    while key in taken:
        number += 1
        key = f"{mapping.key}_{number}"
    return key
