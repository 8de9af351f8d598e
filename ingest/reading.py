"""Reads the cells of one resource; what can't be read stays as its text and is counted."""

import re
from collections.abc import Mapping
from typing import Any

from graph.vocabulary.concept import Family
from ingest.clean.lists import split_list
from ingest.context import Context
from ingest.typed import is_unknown, read_mark

#: 全国のファイルでは、定員の0は「書かれていない」。
_ZERO_IS_UNKNOWN = frozenset({"capacity"})
_ZERO = re.compile(r"\s*[0０](?:[.．][0０])?\s*[名人]?\s*")
_REMARKED = re.compile(r"\S\s*[(（].*[)）]\s*$")
#: 読めなかった値の記録に使う見出し（人が読む）。
LABELS = {
    "category": "分類",
    "area": "利用できる区域",
    "contact_ids": "連絡先ID",
    "attributes": "対象属性",
    "ineligible": "対象外",
    "needs": "対応ニーズ",
    "activities": "活動・関心",
    "roles": "役割",
    "settings": "場の特徴",
}


class Reading:
    """Collects typed values, what was not understood, and warnings for one resource."""

    def __init__(self, cells: Mapping[str, str], context: Context) -> None:
        self.cells = cells
        self.context = context
        self.extra: dict[str, str] = {}
        self.unresolved: list[str] = []
        self.warnings: list[str] = []

    def text(self, name: str) -> str | None:
        """The office's words."""
        return self.cells.get(name)

    def miss(self, name: str, text: str) -> None:
        """Keep a value that was not understood."""
        self.unresolved.append(f"{LABELS.get(name, name)}：{text}")
        self.warnings.append(f"{name}_unresolved")

    def value(self, name: str, read: Any) -> Any:  # noqa: ANN401 - the type is that of the parser
        """Read one cell; what can't be read stays in ``extra`` and is counted."""
        text = self.cells.get(name)
        if text is None or is_unknown(text):
            return None
        found = read(text)
        if found is None:
            self.extra[name] = text
            if name not in _ZERO_IS_UNKNOWN or not _ZERO.fullmatch(text):
                self.warnings.append(f"{name}_unread")
        return found

    def mark(self, name: str) -> bool | None:
        """A yes or no; the words after it in brackets (○（一部地域）) are kept as they stand."""
        found: bool | None = self.value(name, read_mark)
        text = self.cells.get(name, "")
        if found is not None and _REMARKED.search(text):
            self.extra[name] = text
        return found

    def concepts(self, name: str, families: tuple[Family, ...]) -> tuple[str, ...] | None:
        """Concept keys of a cell that lists words."""
        text = self.cells.get(name)
        if text is None:
            return None
        keys: list[str] = []
        for word in split_list(text):
            key = self.context.concept(word, *families)
            if key is None:
                self.miss(name, word)
            else:
                keys.append(key)
        return tuple(dict.fromkeys(keys))
