"""A record made quickly is the record: equal, frozen, copied and pickled as any other."""

import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, replace

import pytest

from graph.model.quick import quick, quick_in_order


@dataclass(frozen=True, slots=True)
class Pair:
    """Two fields by place, one of them with a default."""

    left: str
    right: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bag:
    """Fields by name, one of them made anew each time."""

    held: list[int] = field(default_factory=list)
    name: str


@dataclass(frozen=True, slots=True)
class Checked:
    """Does something of its own when it is made."""

    text: str

    def __post_init__(self) -> None:
        if not self.text:
            raise ValueError("空")


@dataclass(frozen=True)
class Loose:
    """Has no slots."""

    text: str = "a"


@dataclass(frozen=True, slots=True)
class Triple(Pair):
    """Has slots from another class."""

    third: int = 3


def test_it_is_the_same_record() -> None:
    made = quick(Pair)("a", "b")
    assert type(made) is Pair
    assert made == Pair("a", "b")
    assert hash(made) == hash(Pair("a", "b"))
    assert repr(made) == repr(Pair("a", "b"))
    assert quick(Pair)("a") == Pair("a")
    assert replace(made, left="c") == Pair("c", "b")
    assert copy.copy(made) == pickle.loads(pickle.dumps(made)) == made


def test_it_is_as_frozen() -> None:
    made = quick(Pair)("a")
    with pytest.raises(FrozenInstanceError):
        made.left = "b"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del made.left


def test_fields_by_name_and_made_anew() -> None:
    make = quick(Bag)
    first, second = make(name="a"), make(name="a")
    assert first == second == Bag(name="a")
    assert first.held is not second.held
    with pytest.raises(TypeError):
        make([], "a")  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        make()  # type: ignore[call-arg]


def test_what_is_made_in_its_own_way_stays_so() -> None:
    assert quick(Checked)("a") == Checked("a")
    with pytest.raises(ValueError, match="空"):
        quick(Checked)("")
    assert quick(Loose)("b") == Loose("b")
    assert quick(Triple)("a", "b", 4) == Triple("a", "b", 4)
    assert quick_in_order(Checked)("a") == Checked("a")
    with pytest.raises(ValueError, match="空"):
        quick_in_order(Checked)("")
    assert quick_in_order(Loose)("b") == Loose("b")


def test_all_fields_in_their_order() -> None:
    assert quick_in_order(Bag)([1], "a") == Bag(held=[1], name="a")
    with pytest.raises(TypeError):
        quick_in_order(Pair)("a")
