"""Given points are checked, doubtful ones are not used, and nothing goes online by itself."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from graph.areas import AreaTree
from graph.errors import InputError
from graph.model.place import Area, AreaKind, Facility, Precision
from graph.model.values import Point
from ingest.gazetteer import Gazetteer, TownRow
from ingest.geocode import GazetteerGeocoder, Locator, check_point, metres_outside
from ingest.online import AnswerCache, open_online, services

WEST = {
    "type": "Polygon",
    "coordinates": [[[140.0, 35.0], [140.5, 35.0], [140.5, 36.0], [140.0, 36.0], [140.0, 35.0]]],
}
INSIDE, OUTSIDE = Point(35.5, 140.2), Point(35.5, 140.6)


@pytest.fixture
def areas() -> AreaTree:
    city = Area(id="a1", name="みほん市", kind=AreaKind.CITY, polygon=json.dumps(WEST))
    return AreaTree([city], {})


@pytest.fixture
def gazetteer() -> Gazetteer:
    row = TownRow(
        prefecture="千葉県", city="みほん市", town="本町一丁目", point=Point(35.51, 140.21)
    )
    return Gazetteer.from_rows([row])


def test_a_good_point_is_kept(areas: AreaTree, gazetteer: Gazetteer) -> None:
    found = Locator(gazetteer=gazetteer).locate("みほん市本町1-2-3", areas=areas, given=INSIDE)
    assert (found.point, found.precision, found.point_doubt) == (INSIDE, Precision.GIVEN, None)


@pytest.mark.parametrize(
    ("given", "word"),
    [
        (OUTSIDE, "みほん市の外"),
        (Point(140.2, 35.5), "入れ替わっています"),
        (Point(53.41291, -8.24389), "日本の外"),
        (Point(369.56, 140.1), "ありえない数"),
    ],
)
def test_a_doubtful_point_is_said_and_replaced_by_the_address(
    areas: AreaTree, gazetteer: Gazetteer, given: Point, word: str
) -> None:
    found = Locator(gazetteer=gazetteer).locate("みほん市本町1-2-3", areas=areas, given=given)
    assert found.point_doubt is not None
    assert word in found.point_doubt
    assert (found.point, found.precision) == (Point(35.51, 140.21), Precision.CHOME)


def test_without_any_help_a_doubtful_point_is_dropped_not_used() -> None:
    found = Locator().locate(None, given=Point(53.4, -8.2))
    assert found.point is None
    assert found.point_doubt is not None


def test_a_facility_is_placed(areas: AreaTree, gazetteer: Gazetteer) -> None:
    facility = Facility(
        id="f", address="みほん市本町1丁目2", point=OUTSIDE, precision=Precision.GIVEN
    )
    placed = Locator(gazetteer=gazetteer).place(facility, areas)
    assert (placed.point, placed.precision) == (Point(35.51, 140.21), Precision.CHOME)
    assert placed.point_doubt
    untouched = Facility(id="g", address=None)
    assert Locator(gazetteer=gazetteer).place(untouched, areas) == untouched


def _square(lat: float, lon: float) -> str:
    ring = [[lon, lat], [lon + 0.1, lat], [lon + 0.1, lat + 0.1], [lon, lat + 0.1], [lon, lat]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


@pytest.fixture
def wards() -> AreaTree:
    """A city that no gazetteer knows, with two wards side by side and a town in one."""
    found = [
        Area(id="c", name="みほん市", kind=AreaKind.CITY),
        Area(id="e", name="東区", kind=AreaKind.WARD, polygon=_square(35.0, 140.1)),
        Area(id="w", name="西区", kind=AreaKind.WARD, polygon=_square(35.0, 140.0)),
        Area(id="t", name="新橋一丁目", kind=AreaKind.TOWN, polygon=_square(35.0, 140.1)),
    ]
    return AreaTree(found, {"e": ["c"], "w": ["c"], "t": ["e"]})


@pytest.mark.parametrize(
    "address",
    [
        "みほん市東区新橋一丁目3-15",
        "みほん市東区新橋１－３－１５　新橋公民館",
        "みほん市東区新橋1の3",
    ],
)
def test_a_town_of_the_offices_own_areas_gives_its_middle(wards: AreaTree, address: str) -> None:
    found = Locator().locate(address, areas=wards)
    assert found.precision is Precision.TOWN
    assert found.point == Point(pytest.approx(35.05), pytest.approx(140.15))  # type: ignore[arg-type]
    assert Locator().locate("みほん市東区ない町1", areas=wards).point is None


@pytest.mark.parametrize("address", ["みほん市東区新橋一丁目3-15", "千葉県みほん市東区ない町1-1"])
def test_a_point_in_another_ward_of_the_city_is_doubted(wards: AreaTree, address: str) -> None:
    away = Locator().locate(address, areas=wards, given=Point(35.05, 140.05))
    assert away.precision is not Precision.GIVEN
    assert away.point_doubt is not None
    assert "東区の外" in away.point_doubt
    right = Locator().locate(address, areas=wards, given=Point(35.05, 140.15))
    assert (right.precision, right.point_doubt) == (Precision.GIVEN, None)


@given(st.floats(35.0, 36.0), st.floats(140.0, 141.0))
def test_only_points_beyond_the_tolerance_are_doubted(lat: float, lon: float) -> None:
    boundary = box(140.0, 35.0, 140.5, 36.0)
    point = Point(lat, lon)
    check = check_point(point, boundary=boundary, place="みほん市")
    assert (check.point is None) == (metres_outside(point, boundary) > 100)
    assert (check.point is None) == (check.doubt is not None)


def test_the_gazetteer_is_a_geopy_geocoder(gazetteer: Gazetteer) -> None:
    location = GazetteerGeocoder(gazetteer).geocode("みほん市本町1-1")
    assert location is not None
    assert not isinstance(location, list)
    assert (location.latitude, location.longitude) == (35.51, 140.21)
    assert GazetteerGeocoder(gazetteer).geocode("どこでもない") is None


class _Fake(BaseHTTPRequestHandler):
    asked: list[str] = []  # noqa: RUF012 - 一つの試験の間だけ使う

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)["q"][0]
        self.asked.append(f"{self.headers['User-Agent']}|{query}")
        if "止まる" in query:
            self.send_response(503)
            self.end_headers()
            return
        answer: list[dict[str, object]] = []
        if "ない" not in query and self.path.startswith("/address-search"):
            answer = [
                {
                    "geometry": {"coordinates": [140.21, 35.51]},
                    "properties": {"title": "千葉県みほん市本町一丁目2番"},
                }
            ]
        elif "ない" not in query:
            answer = [
                {"lat": "35.51", "lon": "140.21", "display_name": "本町一丁目", "place_rank": 18}
            ]
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Keep quiet: an address is nobody else's business."""


@pytest.fixture
def server() -> Iterator[str]:
    _Fake.asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), _Fake) as http:
        thread = threading.Thread(target=http.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{http.server_address[1]}"
        http.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("key", "precision"), [("gsi", Precision.BLOCK), ("nominatim", Precision.TOWN)]
)
def test_an_online_service_is_asked_once_and_without_the_building(
    tmp_path: Path, server: str, key: str, precision: Precision
) -> None:
    cache = AnswerCache(tmp_path / "answers.jsonl")
    service = open_online(
        key, user_agent="みほん市 test".encode().hex(), cache=cache, base_url=server, delay_s=0
    )
    for _ in range(3):
        found = service.find("みほん市本町1-2　さくら荘203号室")
        assert found is not None
        assert (found.point, found.precision) == (Point(35.51, 140.21), precision)
    assert service.find("みほん市ない町1") is None
    assert service.find("みほん市ない町1") is None
    assert len(_Fake.asked) == 2
    assert not any("さくら荘" in asked for asked in _Fake.asked)
    again = open_online(
        key,
        user_agent="x",
        cache=AnswerCache(tmp_path / "answers.jsonl"),
        base_url=server,
        delay_s=0,
    )
    assert again.find("みほん市本町1-2") is not None
    assert len(_Fake.asked) == 2


def test_trouble_on_the_line_is_not_remembered(tmp_path: Path, server: str) -> None:
    cache = AnswerCache(tmp_path / "a.jsonl")
    service = open_online("gsi", user_agent="x", cache=cache, base_url=server, delay_s=0)
    assert service.find("みほん市止まる町1") is None
    assert len(cache) == 0


def test_online_is_only_asked_when_the_gazetteer_does_not_know(
    tmp_path: Path, server: str, gazetteer: Gazetteer
) -> None:
    service = open_online(
        "gsi", user_agent="x", cache=AnswerCache(tmp_path / "a"), base_url=server, delay_s=0
    )
    locator = Locator(gazetteer=gazetteer, online=[service])
    assert locator.locate("みほん市本町1-2-3").precision is Precision.CHOME
    assert _Fake.asked == []
    assert locator.locate("よその市新町1-2").precision is Precision.BLOCK
    assert len(_Fake.asked) == 1


def test_services_say_their_terms_and_a_wrong_name_is_refused() -> None:
    assert {s.key for s in services()} == {"gsi", "nominatim"}
    assert all(s.terms.startswith("https://") and s.delay_s >= 1 for s in services())
    with pytest.raises(InputError, match="という位置検索はありません"):
        open_online("google", user_agent="x", cache={})
    with pytest.raises(InputError, match="名乗り"):
        open_online("gsi", user_agent=" ", cache={})
