"""Lists in one cell: parts set off by ; 、 or a new line."""

import re

from ingest.clean.blanks import tidy

_SEPARATORS = re.compile(r"[;；、，,|｜\r\n]|⏎|（改行）|\(改行\)")
_CLOSERS = {"(": ")", "（": "）", "「": "」", "『": "』", "[": "]", "【": "】"}


def split_list(text: str) -> tuple[str, ...]:
    """The parts of a cell, tidy, each once, in order. Marks inside brackets do not divide.

    >>> split_list('ひきこもり; 精神疾患、ひとり親')
    ('ひきこもり', '精神疾患', 'ひとり親')
    >>> split_list('相談（電話、来所）；訪問'), split_list(' ')
    (('相談(電話、来所)', '訪問'), ())
    """
    parts, start, waiting = list[str](), 0, list[str]()
    last = {closer: text.rfind(closer) for closer in _CLOSERS.values()}
    for at, mark in enumerate(text):
        if waiting and mark == waiting[-1]:
            waiting.pop()
        elif mark in _CLOSERS and last[_CLOSERS[mark]] > at:
            waiting.append(_CLOSERS[mark])
        elif not waiting and (match := _SEPARATORS.match(text, at)):
            parts.append(text[start:at])
            start = match.end()
    parts.append(text[start:])
    return tuple(dict.fromkeys(part for p in parts if (part := tidy(p.replace("改行)", "")))))
