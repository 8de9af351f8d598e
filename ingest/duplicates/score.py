"""How likely two rows are about one thing: evidence in points, each with a sentence.

Points are natural log-odds set by hand and checked on labelled pairs (tests/ingest/duplicates);
docs/reference/cleaning.md lists them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import exp

from graph.geo import rough_m
from graph.text import held_in, likeness
from ingest.duplicates.key import DuplicateKey
from ingest.duplicates.names import difference, is_part, other_letters, told_apart


class Band(StrEnum):
    """MERGED: sure enough to join; REVIEW: for a person; DIFFERENT: not shown."""

    MERGED = "merged"
    REVIEW = "review"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence. Positive points speak for one thing, negative for two."""

    code: str
    sentence: str
    points: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two keys, ``a`` the earlier one, and what speaks for and against. ``score`` is 0 to 1."""

    a: str
    b: str
    score: float
    band: Band
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Rarity:
    """How many rows share a phone, a name or an address: what is common proves little."""

    phones: Mapping[str, int] = field(default_factory=dict)
    names: Mapping[str, int] = field(default_factory=dict)
    addresses: Mapping[str, int] = field(default_factory=dict)


_START = -4.0
_MERGE_AT, _REVIEW_AT = 4.0, 0.0
_VETO = -14.0
_COMMON = 4
_NAME_STEPS = ((0.999, 5.0), (0.92, 4.2), (0.85, 3.2), (0.8, 0.0), (0.6, -1.0))
_NAME_OTHER = -4.0
_HELD, _HELD_LENGTH, _HELD_POINTS = 0.95, 4, 2.6
_ASIDE_LENGTH = 3
_SURE_NAME = 2.5
_SAME_NAME = 4.2
_TYPO = 0.7
_OTHER_WORD = 1.0
_SAME_WORD = 0.5
_NOT_RARE = Rarity()
_NEAR_M, _CLOSE_M, _APART_M, _FAR_M = 50.0, 200.0, 500.0, 2_000.0


def score_pair(a: DuplicateKey, b: DuplicateKey, rarity: Rarity = _NOT_RARE) -> Pair:
    """All evidence about two keys, and the band it puts them in."""
    reasons = tuple(_evidence(a, b, rarity))
    total = _START + sum(r.points for r in reasons)
    score = 1 / (1 + exp(-max(-30.0, min(30.0, total))))
    return Pair(a.id, b.id, score, _band(total, reasons), reasons)


def _band(total: float, reasons: tuple[Reason, ...]) -> Band:
    if total < _REVIEW_AT:
        return Band.DIFFERENT
    codes = {r.code for r in reasons if r.points > 0}
    against = any(r.points <= -1 for r in reasons)
    name = max((r.points for r in reasons if r.code in {"name", "name_part"}), default=0.0)
    placed = codes & {"address", "near", "provider_number"}
    # 名称と電話だけの一致は人に見てもらう（社協や公民館では電話が共通）。
    if total >= _MERGE_AT and name >= _SURE_NAME and placed and not against:
        return Band.MERGED
    return Band.REVIEW


def _evidence(a: DuplicateKey, b: DuplicateKey, rarity: Rarity) -> Iterator[Reason]:
    name = _name(a, b, rarity)
    yield name
    registered = _one_registration(a, b)
    if registered:
        # 届出の番号も場所も同じなら、名称の変更とみる。
        yield Reason(
            "same_registration", "同じ種類の事業所番号で、場所も同じです（名称の変更など）。", 9.0
        )
    else:
        yield from _vetoes(a, b)
    # 肝心の名がちがうもの（保育園すくすくと保育園わくわく）は、同じ住所でも別のものとみる。
    alike = name.points > _OTHER_WORD
    yield from _address(a, b, rarity, alike=alike or registered)
    yield from _phone(a, b, rarity, alike=alike or registered)
    yield from _numbers(a, b)
    one_number = (
        not (a.provider_number and b.provider_number) or a.provider_number == b.provider_number
    )
    yield from _distance(a, b, same=name.points >= _SAME_NAME and one_number)
    if a.kana and a.kana == b.kana and name.points < _NAME_STEPS[0][1]:
        yield Reason("kana", "カナが同じです。", 1.5)
    if a.email and a.email == b.email and alike:
        yield Reason("email", "メールアドレスが同じです。", 1.5)
    if a.kind and a.kind == b.kind:
        yield Reason("kind", "種類が同じです。", 0.5)


def _one_registration(a: DuplicateKey, b: DuplicateKey) -> bool:
    if not a.provider_number or a.provider_number != b.provider_number or a.kind != b.kind:
        return False
    if a.block and b.block:
        return a.town == b.town and a.block[:2] == b.block[:2]
    return a.point is not None and b.point is not None and rough_m(a.point, b.point) <= _NEAR_M


def _name(a: DuplicateKey, b: DuplicateKey, rarity: Rarity) -> Reason:
    alike = max(likeness(a.core, b.core), likeness(a.full, b.full))
    if a.parts and a.parts == b.parts:
        # 校庭とグラウンドのように、部分の呼び名がちがっても同じもの。
        alike = max(alike, likeness(a.whole, b.whole))
    points = next((p for floor, p in _NAME_STEPS if alike >= floor), _NAME_OTHER)
    shorter = min(len(a.core), len(b.core))
    longer, short = sorted((a.core, b.core), key=len, reverse=True)
    if short and longer.startswith(short) and is_part(longer[len(short) :]):
        return Reason(
            "part", f"一方は、もう一方の中の場所のようです（「{a.name}」「{b.name}」）。", -3.0
        )
    if points < _HELD_POINTS and shorter >= _HELD_LENGTH and held_in(a.core, b.core) >= _HELD:
        return Reason(
            "name_part",
            f"名称の一方がもう一方に含まれます（「{a.name}」「{b.name}」）。",
            _HELD_POINTS,
        )
    if points < _HELD_POINTS and _named_aside(a, b):
        return Reason(
            "name_part",
            f"一方のかっこの中が、もう一方の名称にあります（「{a.name}」「{b.name}」）。",
            _HELD_POINTS,
        )
    one_part = bool(a.parts) and a.parts == b.parts and a.whole == b.whole
    if (
        points > _OTHER_WORD
        and not one_part
        and (_other_word(a.core, b.core) or _other_letter(a, b))
    ):
        # 長い法人名や系列名が同じだと、肝心の名がちがっても似て見える。
        points = _OTHER_WORD
    if points > 0 and rarity.names.get(a.core, 1) > _COMMON:
        points *= 0.7
    if points >= _NAME_STEPS[0][1] * 0.7 and alike >= _NAME_STEPS[0][0]:
        return Reason("name", "名称が同じです。", points)
    said = "名称が似ています" if points > 0 else "名称がちがいます"
    return Reason("name", f"{said}（一致{alike:.0%}）。", points)


def _named_aside(a: DuplicateKey, b: DuplicateKey) -> bool:
    """「水夢館」 in brackets of the one and at the end of the other, both beginning alike.

    Words in brackets alone may be the hall a group uses.
    """
    if a.core[:_HELD_LENGTH] != b.core[:_HELD_LENGTH] or len(a.core) < _HELD_LENGTH:
        return False
    pairs = ((a.asides, b.full), (b.asides, a.full))
    return any(len(x) >= _ASIDE_LENGTH and full.endswith(x) for xs, full in pairs for x in xs)


def _other_word(a: str, b: str) -> bool:
    """Whether what differs between two names is a word of its own on both sides."""
    left, right = difference(a, b)
    return len(left) > 1 and len(right) > 1 and likeness(left, right) < _SAME_WORD


def _other_letter(a: DuplicateKey, b: DuplicateKey) -> bool:
    """Whether one kanji stands for another at two addresses (松戸公園, 松飛公園); a typo at one."""
    left, right = difference(a.core, b.core)
    one_place = bool(a.block) and a.town == b.town and a.block == b.block
    return len(left) == len(right) == 1 and left > "一" and right > "一" and not one_place


def _vetoes(a: DuplicateKey, b: DuplicateKey) -> Iterator[Reason]:
    if a.numbers != b.numbers:
        only = "・".join(sorted(a.numbers ^ b.numbers))
        yield Reason("number_mismatch", f"名称の番号や記号がちがいます（{only}）。", _VETO)
    elif (word := told_apart(a.core, b.core)) and not (
        a.block == b.block and a.town == b.town and word in a.town
    ):
        yield Reason("told_apart", f"名称が「{word}」でちがいます。", _VETO)
    elif letters := other_letters(a.core, b.core):
        yield Reason("letters", f"名称が「{letters}」でちがいます。", -4.0)
    if a.parts and b.parts and a.parts != b.parts:
        said = f"{'・'.join(sorted(a.parts))}／{'・'.join(sorted(b.parts))}"
        yield Reason("other_part", f"同じ場所の別の部分です（{said}）。", _VETO)
    elif a.parts != b.parts and _one_whole(a, b):
        only = "・".join(sorted(a.parts | b.parts))
        yield Reason("room", f"一方は、もう一方の一部のようです（{only}）。", -7.0)
    if a.former != b.former:
        yield Reason("former", "一方の名称だけに「旧」や「跡」が付いています。", -1.0)
    if a.wings != b.wings:
        only = "・".join(sorted(a.wings ^ b.wings))
        yield Reason("wing", f"同じ建物の別の届出のようです（{only}）。", _VETO)
    yield from _asides(a, b)
    if a.kind and b.kind and a.kind != b.kind:
        yield Reason("kind_mismatch", "サービスの種類がちがいます。", _VETO)
    elif a.kinds and b.kinds and not a.kinds & b.kinds:
        said = f"{'・'.join(sorted(a.kinds))}／{'・'.join(sorted(b.kinds))}"
        yield Reason("kind_words", f"名称の示す種類がちがいます（{said}）。", _VETO)


def _one_whole(a: DuplicateKey, b: DuplicateKey) -> bool:
    """Whether two names are about one place, but for the part that one of them adds."""
    if a.whole.endswith(b.whole) or b.whole.endswith(a.whole):
        return True
    return likeness(a.whole, b.whole) >= _NAME_STEPS[1][0]


def _asides(a: DuplicateKey, b: DuplicateKey) -> Iterator[Reason]:
    only_a = {x for x in a.asides - b.asides if x not in b.full}
    only_b = {x for x in b.asides - a.asides if x not in a.full}
    only = sorted(only_a | only_b)
    if any(map(is_part, only)):
        yield Reason("room", f"一方は、もう一方の中の場所です（{'／'.join(only)}）。", _VETO)
    elif only_a and only_b:
        yield Reason("aside", f"かっこの中がちがいます（{'／'.join(only)}）。", -7.0)


def _address(a: DuplicateKey, b: DuplicateKey, rarity: Rarity, *, alike: bool) -> Iterator[Reason]:
    if a.city and b.city and not _same_city(a.city, b.city):
        # 区の再編では、市と町名と番地は同じまま区名だけが変わる。
        same_city = a.city.split("市")[0] == b.city.split("市")[0] and "市" in a.city
        if not (same_city and a.town == b.town and a.block == b.block and a.block):
            yield Reason("city", "市区町村がちがいます。", -4.0 if same_city else -8.0)
            return
    if (a.town or a.block) and (b.town or b.block):
        yield from _town_and_block(a, b, rarity, alike=alike)


def _town_and_block(
    a: DuplicateKey, b: DuplicateKey, rarity: Rarity, *, alike: bool
) -> Iterator[Reason]:
    same_block = bool(a.block) and a.block == b.block
    if a.town != b.town and not _held_towns(a.town, b.town):
        if same_block and alike and likeness(a.town, b.town) >= _TYPO:
            yield Reason("address", "番地が同じで、町名が似ています。", 3.0)
        else:
            yield Reason("town", "町名がちがいます。", -3.5)
    elif same_block and not alike:
        yield Reason("address", "住所が同じです（名称が似ていないため手がかりにしません）。", 0.0)
    elif same_block:
        # 会場を使う団体どうしでは弱い手がかり。会場そのもの（同じ名称）なら強い。
        shared = a.core != b.core and (
            a.venue or b.venue or rarity.addresses.get(_address_key(a), 1) > _COMMON
        )
        said = "住所が同じです（大勢が使う場所）。" if shared else "住所が同じです。"
        yield Reason("address", said, 2.5 if shared else 4.0)
    elif a.block and b.block:
        yield _other_block(a, b, alike=alike)
    elif alike:
        yield Reason("same_town", "町名が同じです。", 1.5)


def _other_block(a: DuplicateKey, b: DuplicateKey, *, alike: bool) -> Reason:
    short = min(len(a.block), len(b.block))
    if alike and a.block[:short] == b.block[:short]:
        return Reason("address", "住所の番地までが合います。", 3.0)
    return Reason("block", "番地がちがいます。", -2.0)


def _held_towns(a: str, b: str) -> bool:
    return bool(a and b) and (a.startswith(b) or b.startswith(a))


def _address_key(key: DuplicateKey) -> str:
    return f"{key.city}{key.town}{'-'.join(map(str, key.block))}"


def _same_city(a: str, b: str) -> bool:
    return a == b or a.endswith(b) or b.endswith(a) or a.startswith(b) or b.startswith(a)


def _phone(a: DuplicateKey, b: DuplicateKey, rarity: Rarity, *, alike: bool) -> Iterator[Reason]:
    if not a.phones or not b.phones:
        return
    shared = a.phones & b.phones
    if not shared:
        yield Reason("phone_differs", "電話番号がちがいます。", -0.8)
    elif alike:
        common = min(rarity.phones.get(p, 1) for p in shared) > _COMMON
        common = common or (a.core != b.core and (a.venue or b.venue))
        said = (
            "電話番号が同じです。"
            if not common
            else "電話番号が同じです（代表番号など、ほかにも使われています）。"
        )
        yield Reason("phone", said, 1.2 if common else 3.0)
    else:
        yield Reason("phone", "電話番号は同じですが、名称が似ていません。", 0.0)


def _numbers(a: DuplicateKey, b: DuplicateKey) -> Iterator[Reason]:
    if a.legal_entity_number and b.legal_entity_number:
        if a.legal_entity_number == b.legal_entity_number:
            yield Reason("legal_entity", "法人番号が同じです。", 0.8)
        else:
            yield Reason("legal_entity_differs", "法人番号がちがいます。", -1.5)
    elif a.organization and b.organization and likeness(a.organization, b.organization) < 0.6:  # noqa: PLR2004 - 似ていない
        yield Reason("organization_differs", "運営主体がちがいます。", -1.0)
    if a.provider_number and b.provider_number:
        if a.provider_number == b.provider_number:
            yield Reason(
                "provider_number", "事業所番号が同じです。", 2.0 if a.kind == b.kind else 1.0
            )
        elif a.kind and a.kind == b.kind:
            yield Reason("provider_number_differs", "同じ種類で事業所番号がちがいます。", -5.0)


def _distance(a: DuplicateKey, b: DuplicateKey, *, same: bool) -> Iterator[Reason]:
    if a.point is None or b.point is None:
        return
    metres = rough_m(a.point, b.point)
    if metres <= _NEAR_M:
        # 住所の書き方がちがっても、同じ名のものが同じ所にあれば、人が確かめるだけの理由になる。
        said = f"座標が近接しています（約{metres:.0f}m）。"
        yield Reason("near", said, 2.5 if same else 1.5)
    elif metres <= _CLOSE_M:
        yield Reason("close", f"座標が近くにあります（約{metres:.0f}m）。", 0.5)
    elif metres > _FAR_M:
        yield Reason("far", f"座標が離れています（約{metres / 1000:.1f}km）。", -5.0)
    elif metres > _APART_M:
        yield Reason("apart", f"座標が離れています（約{metres:.0f}m）。", -1.5)
