"""What the mapping screen shows: every column with examples, its proposed field and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.datastructures import FormData

from ingest.chosen import KEEP, LEAVE_OUT, choices_of
from ingest.header import column_key
from ingest.peek import TablePeek
from ingest.propose import Guess
from ingest.schema import FIELDS, Kind

#: Kinds of list a person may map by hand.
MAPPED_KINDS: tuple[str, ...] = (Kind.RESOURCES, Kind.CONTACTS, Kind.AREAS, Kind.PROGRAMS)
#: どの行にも同じ値を入れられる項目。
FIXED = ("category", "area", "department", "publication")
_OFTEN = (
    "name",
    "category",
    "address",
    "phone",
    "schedule",
    "eligibility",
    "cost",
    "organization",
    "area",
    "description",
    "note",
)
#: 番号は対応表では行の鍵になり、選ぶ項目ではない。
_NOT_CHOSEN = frozenset({"id", "geometry"})
_SURE, _LIKELY = 0.9, 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnRow:
    """One column: its place in the header, examples, what is chosen, what it seems and why."""

    number: int
    column: str
    examples: tuple[str, ...]
    chosen: str
    why: str
    sure: str


def field_groups(kind: Kind) -> Mapping[str, Mapping[str, str]]:
    """The fields to choose from, the frequent ones first."""
    fields = {name: label for name, label in FIELDS[kind].items() if name not in _NOT_CHOSEN}
    often = {name: fields[name] for name in _OFTEN if name in fields}
    rest = {name: label for name, label in fields.items() if name not in often}
    return {"よく使う項目": often, "そのほかの項目": rest}


def column_rows(peek: TablePeek, kind: Kind, form: FormData | None) -> Sequence[ColumnRow]:
    """The columns; what a person chose on the form stands before what is proposed."""
    seed = seed_choices(peek, kind)
    rows = []
    for number, column in enumerate(peek.header):
        guess = peek.guesses.get(column) if kind is Kind.RESOURCES else None
        chosen = seed.get(column, KEEP)
        if form is not None:
            chosen = str(form.get(f"c.{number}") or KEEP)
        rows.append(
            ColumnRow(
                number=number,
                column=column,
                examples=peek.examples.get(column, ()),
                chosen=chosen,
                why=_why(guess, chosen),
                sure=_sure(guess, chosen),
            )
        )
    return rows


def seed_choices(peek: TablePeek, kind: Kind) -> dict[str, str]:
    """What is chosen for the columns before a person says anything: column → field."""
    if peek.mapping is not None and peek.mapping.kind is kind:
        return choices_of(peek.mapping, peek.uses)
    if kind is Kind.RESOURCES:
        return _taken(peek.guesses)
    labels = {column_key(label): name for name, label in FIELDS[kind].items()}
    same = {column: labels.get(column_key(column), "") for column in peek.header}
    return {column: name for column, name in same.items() if name and name not in _NOT_CHOSEN}


def _taken(guesses: Mapping[str, Guess]) -> dict[str, str]:
    taken: dict[str, str] = {}
    for guess in sorted(guesses.values(), key=lambda g: -g.score):
        if guess.field not in taken.values():
            taken[guess.column] = guess.field
    return taken


def _why(guess: Guess | None, chosen: str) -> str:
    if guess is None or chosen == LEAVE_OUT:
        return ""
    label = FIELDS[Kind.RESOURCES].get(guess.field, guess.field)
    return guess.why if guess.field == chosen else f"「{label}」かもしれません：{guess.why}"


def _sure(guess: Guess | None, chosen: str) -> str:
    if guess is None or guess.field != chosen:
        return ""
    if guess.score >= _SURE:
        return "確か"
    return "たぶん" if guess.score >= _LIKELY else "弱い手がかり"
