"""Holds a finished page to its promise: nothing in it can make a browser fetch anything."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from graph.errors import TsunaguError

_FETCHING = frozenset(
    {"src", "href", "action", "formaction", "poster", "data", "srcset", "background", "ping"}
)
_STYLE = re.compile(r"url\(\s*['\"]?(?!data:|#)|@import", re.IGNORECASE)
_LOOKED_AT = re.compile("|".join((*sorted(_FETCHING), "style", "http-equiv")), re.IGNORECASE)
_INERT = ("#", "data:")
#: A start tag; a ">" inside quotes does not end it.
_TAG = re.compile(r"""<[a-zA-Z](?:[^>"']|"[^"]*"|'[^']*')*>""")
_INSIDE = re.compile(r"(<(script|style)\b[^>]*>).*?</\2\s*>", re.DOTALL | re.IGNORECASE)
_SHEET = re.compile(r"<style\b[^>]*>(.*?)</style\s*>", re.DOTALL | re.IGNORECASE)


class NotSelfContainedError(TsunaguError):
    """The page would reach outside. ``facts['found']`` lists where."""

    code = "not_self_contained"
    default_hint = "地図は書き出しませんでした。追加した重ねる情報や部品が外部を参照していないか確かめてください。"


class _Walk(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.policy = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at every attribute that may fetch."""
        given = dict(attrs)
        if (given.get("http-equiv") or "").lower() == "content-security-policy":
            self.policy = "default-src 'none'" in (given.get("content") or "")
        for name, value in attrs:
            plain = name.rpartition(":")[2]
            if plain in _FETCHING and not (value or "").startswith(_INERT):
                self.found.append(f"{tag} {name}={(value or '')[:80]}")
            if name == "style" and _STYLE.search(value or ""):
                self.found.append(f"{tag} style={(value or '')[:80]}")


def check_self_contained(page: str) -> None:
    """Raise NotSelfContainedError when a page refers to anything outside itself."""
    walk = _Walk()
    for tag in _tags(page):
        walk.reset()
        walk.feed(tag)
    walk.close()
    found = [*walk.found, *_style_faults(page)]
    if not walk.policy:
        found.append("Content-Security-Policy がない")
    if found:
        raise NotSelfContainedError(
            "地図のファイルに、外部を参照する箇所があります。", facts={"found": found}
        )


def _tags(page: str) -> Iterator[str]:
    """Every different start tag that could fetch, outside of scripts and styles."""
    found = dict.fromkeys(_TAG.findall(_INSIDE.sub(r"\1", page)))
    return (tag for tag in found if _LOOKED_AT.search(tag))


def _style_faults(page: str) -> Iterator[str]:
    for sheet in _SHEET.findall(page):
        if hit := _STYLE.search(sheet):
            yield f"style …{sheet[hit.start() : hit.start() + 80]}"
