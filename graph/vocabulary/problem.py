"""A fault in a vocabulary file, told so that the person who wrote it can put it right."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """Where a fault is (file, key), what it is, and what to do (Japanese sentences)."""

    file: str
    key: str
    what: str
    todo: str

    def __str__(self) -> str:
        where = f"{self.file}「{self.key}」" if self.key else self.file
        return f"{where}：{self.what}{self.todo}"
