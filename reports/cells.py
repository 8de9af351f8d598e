"""Values made safe for spreadsheets: no cell may start a formula (OWASP CSV injection)."""

from typing import TypeVar

_STARTERS = ("=", "+", "-", "@", "\t", "\r")
T = TypeVar("T")


def safe_cell(value: T) -> T | str:
    """Text that would start a formula gets a leading apostrophe; numbers stay numbers.

    >>> safe_cell("=1+1")
    "'=1+1"
    >>> safe_cell("居場所")
    '居場所'
    >>> safe_cell(-3)
    -3
    """
    if isinstance(value, str) and value.startswith(_STARTERS):
        return "'" + value
    return value
