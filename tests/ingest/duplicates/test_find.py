"""Finding duplicates: vetoes, shared venues, blocks against comparing everything, re-imports."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model.values import Point
from ingest.duplicates import Band, DuplicateKey, find_duplicates, make_key, score_pair
from ingest.duplicates.block import LARGEST_BLOCK, candidate_pairs
from ingest.duplicates.find import count_rarity
from tests.ingest.duplicates.labelled import labelled_pairs

ADDRESS = "千葉市美浜区高洲3丁目12番1号"


def key(name: str, address: str = ADDRESS, **more: object) -> DuplicateKey:
    more.setdefault("id", f"{name}@{address}@{more.get('kind')}")
    return make_key(name=name, address=address, **more)  # type: ignore[arg-type] # 試験では欄を名で渡す


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("高洲第一保育所", "高洲第二保育所"),
        ("高洲第1公園", "高洲第２公園"),
        ("高洲公民館", "高洲第二公民館"),
        ("ひまわりA棟", "ひまわりB棟"),
        ("あおぞらⅠ", "あおぞらⅡ"),
        ("高洲三丁目集会所", "高洲四丁目集会所"),
        ("高洲東保育園", "高洲西保育園"),
        ("高洲保育園", "高洲保育園分園"),
        ("ひまわりデイサービス", "ひまわり訪問介護"),
        ("月曜たまり場ひなた", "水曜たまり場ひなた"),
        ("高洲小学校（体育館）", "高洲小学校（グラウンド）"),
        ("高洲小学校", "高洲小学校体育館"),
        ("高洲会館（駐車場）", "高洲会館"),
        ("高洲交流センター（交流センター図書室）", "高洲交流センター"),
        ("特養高洲（ユニット型）", "特養高洲"),
    ],
)
def test_numbers_sides_and_kinds_forbid_merging_even_at_one_address(left: str, right: str) -> None:
    pair = score_pair(key(left, phones=["043-277-0001"]), key(right, phones=["043-277-0001"]))
    assert pair.band is Band.DIFFERENT
    assert any(r.points < -5 and r.sentence.endswith("。") for r in pair.reasons)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("高洲第一保育所", "高洲第１保育所"),
        ("社会福祉法人ひだまり会　ひだまりデイサービス", "ひだまりデイサービス"),
        ("ﾃﾞｲｻｰﾋﾞｽ ひだまり", "デイサービスひだまり"),
        ("千葉市立高洲小学校", "高洲小学校"),
        ("医療法人社団弘誠会サンシャイン歯科", "サンシャイン歯科"),
        ("市立高洲小学校（体育館）", "高洲小学校体育館"),
        ("高洲小学校（体育館を含む）", "高洲小学校"),
        ("みほん市社会福祉協議会　高洲苑", "特別養護老人ホーム高洲苑"),
        ("旭ヶ丘保育園", "旭が丘保育園"),
        ("就労継続　支援Ｂ型事業所ひなた", "就労継続支援B型事業所　ひなた"),
    ],
)
def test_spellings_of_one_place_are_merged(left: str, right: str) -> None:
    other = "千葉県千葉市美浜区高洲３－１２－１　高洲ビル２Ｆ"
    assert score_pair(key(left), key(right, other)).band is Band.MERGED


def test_two_words_for_one_part_of_a_place_are_put_before_a_person() -> None:
    pair = score_pair(key("高洲小学校（校庭）"), key("高洲小学校グランド"))
    assert pair.band is Band.REVIEW


def test_a_word_of_their_own_keeps_two_of_one_address_apart() -> None:
    left, right = "研究センター附属保育園すくすく", "研究センター附属保育園わくわく"
    assert score_pair(key(left), key(right)).band is Band.DIFFERENT


def test_two_groups_of_one_hall_are_not_one() -> None:
    groups = [
        key(name, phones=["043-200-0000"])
        for name in ("囲碁の会", "うたごえ広場", "公民館手話サークル", "高洲公民館")
    ]
    assert list(find_duplicates(groups)) == []


def test_a_common_phone_is_weak_evidence() -> None:
    many = [
        key(f"ふれあい会{name}", f"千葉市美浜区磯辺{n}-1", phones=["043-200-0000"])
        for n, name in enumerate("あいうえおか", 1)
    ]
    rarity = count_rarity(many)
    phone = next(
        r for r in score_pair(many[0], many[1], rarity).reasons if r.code.startswith("phone")
    )
    assert phone.points <= 1.2


def test_services_of_different_kinds_at_one_office_stay_apart() -> None:
    office = [
        key("ケアステーションひだまり", kind=kind, provider_number="1270101234")
        for kind in ("訪問介護", "通所介護", "居宅介護支援")
    ]
    assert list(find_duplicates(office)) == []


def test_a_renamed_office_is_found_by_its_registration() -> None:
    a = key("ユアーズ", kind="就労継続支援Ａ型", provider_number="1270101234")
    b = key("ワークプレイス", kind="就労継続支援Ａ型", provider_number="1270101234")
    pair = score_pair(a, b)
    assert pair.band is Band.REVIEW
    assert any(r.code == "same_registration" for r in pair.reasons)


def test_name_and_phone_alone_go_to_a_person() -> None:
    a = key("ひだまりの家", "", phones=["043-277-0001"])
    b = key("ひだまりの家", "", phones=["043-277-0001"])
    assert score_pair(a, b).band is Band.REVIEW


@given(st.permutations(range(40)))
def test_score_does_not_depend_on_the_order(order: list[int]) -> None:
    pair = labelled_pairs()[order[0]]
    left, right = score_pair(pair.a, pair.b), score_pair(pair.b, pair.a)
    assert (left.score, left.band) == (right.score, right.band)


def test_blocking_loses_nothing_that_comparing_everything_would_merge() -> None:
    keys = [k for pair in labelled_pairs() for k in (pair.a, pair.b)][:260]
    rarity = count_rarity(keys)
    everything = {
        (a.id, b.id)
        for a, b in combinations(keys, 2)
        if score_pair(a, b, rarity).band is Band.MERGED
    }
    found = {(p.a, p.b) for p in find_duplicates(keys) if p.band is Band.MERGED}
    assert found == everything
    assert len(everything) > 40


def test_only_pairs_with_something_new_are_shown_and_old_ones_are_kept_out() -> None:
    old = [
        key("ひだまりの家", id="old1"),
        key("ひだまりの家", id="old2"),
        key("よその会", "松戸市根本1-1", id="old3"),
    ]
    new = [key("ひだまりの家", id="new1")]
    assert {(p.a, p.b) for p in find_duplicates(new, iter(old))} == {
        ("old1", "new1"),
        ("old2", "new1"),
    }
    again = [key("ひだまりの家", id="old1")]
    assert {(p.a, p.b) for p in find_duplicates(again, iter(old))} == {("old2", "old1")}


def test_a_huge_block_stays_bounded() -> None:
    same = [key("デイサービス", id=f"{n:05}", phones=["043-000-0000"]) for n in range(3000)]
    pairs = candidate_pairs(same, new_from=0)
    assert len(pairs) <= 3000 * 2 * LARGEST_BLOCK
    assert len({tuple(p) for p in pairs.tolist()}) == len(pairs)


def test_every_pair_has_reasons_that_add_up() -> None:
    a = key("ひだまりの家", point=Point(35.6, 140.1), phones=["043-277-0001"])
    b = key("ひだまりのいえ", point=Point(35.6001, 140.1), phones=["043-277-0001"])
    pair = score_pair(a, b)
    assert pair.reasons
    assert all(r.sentence and r.code for r in pair.reasons)
    assert 0 <= pair.score <= 1
