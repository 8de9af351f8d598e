"""Holds a finished page to its promise: nothing in it can make a browser fetch anything."""

import re
from html.parser import HTMLParser

from graph.errors import TsunaguError

_FETCHING = frozenset(
    {"src", "href", "action", "formaction", "poster", "data", "srcset", "background", "ping"}
)
_STYLE = re.compile(r"url\(\s*['\"]?(?!data:|#)|@import", re.IGNORECASE)
_INERT = ("#", "data:")


class NotSelfContainedError(TsunaguError):
    """The page would reach outside. ``facts['found']`` lists where."""

    code = "not_self_contained"
    default_hint = "地図は書き出しませんでした。追加した重ねる情報や部品が外部を参照していないか確かめてください。"


class _Walk(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.policy = False
        self._style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at every attribute that may fetch."""
        self._style = tag == "style"
        given = dict(attrs)
        if (given.get("http-equiv") or "").lower() == "content-security-policy":
            self.policy = "default-src 'none'" in (given.get("content") or "")
        for name, value in attrs:
            plain = name.rpartition(":")[2]
            if plain in _FETCHING and not (value or "").startswith(_INERT):
                self.found.append(f"{tag} {name}={(value or '')[:80]}")
            if name == "style" and _STYLE.search(value or ""):
                self.found.append(f"{tag} style={(value or '')[:80]}")

    def handle_endtag(self, tag: str) -> None:
        """Leave a style sheet."""
        if tag == "style":
            self._style = False

    def handle_data(self, data: str) -> None:
        """Look into style sheets."""
        if self._style and (hit := _STYLE.search(data)):
            self.found.append(f"style …{data[hit.start() : hit.start() + 80]}")


def check_self_contained(page: str) -> None:
    """Raise NotSelfContainedError when a page refers to anything outside itself."""
    walk = _Walk()
    walk.feed(page)
    walk.close()
    if not walk.policy:
        walk.found.append("Content-Security-Policy がない")
    if walk.found:
        raise NotSelfContainedError(
            "地図のファイルに、外部を参照する箇所があります。", facts={"found": walk.found}
        )
