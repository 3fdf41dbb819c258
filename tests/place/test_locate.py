"""What a caller says, and where it is."""

import pytest

from qianjun.place.queries import Answer
from tests.place import gazette

Point = tuple[float, float]


def locate(text: str, *, near: Point | None = None, limit: int = 5) -> Answer:
    return gazette.shipped().locate(text, near=near, limit=limit)


def first(text: str) -> tuple[str, str]:
    answer = locate(text)
    return answer.answer, answer.places[0].name if answer.places else ""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("桂中社区旁边着火了", "桂中社区"),
        ("文昌社区居委会门口积水很深", "文昌社区"),
        ("静兰村委会后面塌方", "静兰村"),
        ("河东街道办事处楼下", "河东街道"),
        ("闻昌社区着火", "文昌社区"),
        ("窑步古镇有人落水", "窑埠古镇"),
        ("昌文社区着火", "文昌社区"),
        ("81路着火了", "八一路"),
        ("阳光一百广场有人打架", "阳光100城市广场"),
        ("阳光１００社区", "阳光100社区"),
        ("文昌桥上堵车", "文昌大桥"),
        ("广科大食堂", "广西科技大学"),
        ("广西科技大学着火了", "广西科技大学"),
        ("广西科技大学社区着火了", "广西科技大学社区"),
        ("柳江里有人落水", "柳江"),
        ("静兰街道的演示涂料厂着火", "演示涂料厂"),
        ("静兰涂料厂起火，已派3站，疑有危化，请通知环保和供水", "演示涂料厂"),
        ("柳州市城中区三中路一百二十号", "三中路"),
        ("三江门社区着火", "三门江社区"),
        ("柳东村着火", "柳东村"),
        ("往柳北区方向的文昌大桥上撞车", "文昌大桥"),
        ("从柳北区开过来到文昌大桥撞了", "文昌大桥"),
        ("城中区文昌路，不是鱼峰区", "文昌路"),
        ("桂林米粉店着火了，在三中路", "三中路"),
    ],
)
def test_a_place_is_found_by_what_people_say(text: str, name: str) -> None:
    assert first(text) == ("found", name)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("文昌着火了", {"文昌社区", "文昌路", "文昌大桥"}),
        ("静兰那边着火", {"静兰村", "静兰街道", "静兰桥"}),
        ("滨江路有人落水", {"滨江东路", "滨江西路"}),
        ("文社区着火", {"文昌社区", "文源社区", "文博社区"}),
    ],
)
def test_what_may_mean_several_places_names_them_all(text: str, names: set[str]) -> None:
    answer = locate(text)
    assert answer.answer == "unsure"
    assert {place.name for place in answer.places} >= names


def test_the_whole_district_is_not_a_place_to_drive_to() -> None:
    assert first("柳州市城中区着火了") == ("unsure", "城中区")
    assert first("柳州市着火了") == ("none", "")


# --- crossings and distances ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "三中路与八一路交叉口车祸",
        "三中路和八一路的路口",
        "三中路八一路口有人受伤",
        "三中路、八一路交汇处",
        "三忠路跟八一路十字路口追尾",
    ],
)
def test_a_crossing_of_two_roads_is_a_place_of_its_own(text: str) -> None:
    answer = locate(text)
    best = answer.places[0]
    assert (answer.answer, best.kind, best.name) == ("found", "junction", "三中路与八一路路口")
    assert {place.name for place in answer.places} >= {"三中路", "八一路"}


def test_a_crossing_lies_between_its_roads_and_admits_how_vaguely() -> None:
    crossing, *roads = locate("三中路与八一路交叉口").places
    assert min(r.lon for r in roads) <= crossing.lon <= max(r.lon for r in roads)
    assert crossing.radius_m >= 200


def test_one_road_at_a_crossing_is_the_road() -> None:
    assert first("三中路路口") == ("found", "三中路")


def test_a_distance_widens_the_circle() -> None:
    near, far = locate("三中路着火").places[0], locate("三中路往东两百米着火").places[0]
    assert far.radius_m == near.radius_m + 200


# --- hints ---------------------------------------------------------------------------------------


def test_the_street_around_a_place_is_no_rival_of_it() -> None:
    alone, hinted = locate("文昌着火"), locate("潭中街道文昌着火")
    assert "潭中街道" not in [place.name for place in hinted.places[:3]]
    assert hinted.places[0].probability > alone.places[0].probability


def test_the_community_around_a_place_tells_namesakes_apart() -> None:
    assert first("桂中社区那边的滨江路") == ("found", "滨江东路")


def test_the_caller_nearby_tells_namesakes_apart() -> None:
    east, west = (locate(f"滨江{side}路").places[0] for side in "东西")
    by_east = locate("滨江路有人落水", near=(east.lon, east.lat))
    by_west = locate("滨江路有人落水", near=(west.lon, west.lat))
    assert (by_east.places[0].name, by_west.places[0].name) == ("滨江东路", "滨江西路")


def test_a_caller_far_away_does_not_hide_what_he_names() -> None:
    assert locate("三中路着火", near=(109.50, 24.42)).places[0].name == "三中路"


# --- elsewhere -----------------------------------------------------------------------------------


def test_another_district_is_named_with_a_rough_point() -> None:
    best = locate("柳南区飞鹅路着火").places[0]
    assert (best.name, best.code, best.kind) == ("柳南区", "450204", "division")
    assert best.radius_m > 10_000


def test_an_own_road_in_another_district_is_elsewhere_and_still_listed() -> None:
    answer = locate("鱼峰区文昌路着火")
    assert answer.answer == "elsewhere"
    assert [place.name for place in answer.places] == ["鱼峰区", "文昌路"]
    assert answer.places[1].probability <= 0.05


def test_a_street_outside_is_narrower_than_its_district() -> None:
    assert locate("柳江区拉堡镇进水").places[0].name == "拉堡镇"


def test_a_province_has_no_point_and_is_elsewhere_all_the_same() -> None:
    answer = locate("湖南省长沙市")
    assert (answer.answer, answer.places) == ("elsewhere", ())


# --- the answer ----------------------------------------------------------------------------------


def test_why_says_how_it_was_recognised() -> None:
    ways = {
        "桂中社区着火": "桂中社区: 名称",
        "桂种社区着火": "桂中社区: 同音",
        "中桂社区着火": "桂中社区: 前后颠倒",
        "文昌桥着火": "文昌大桥: 别名文昌桥",
    }
    assert {text: locate(text).places[0].why for text in ways} == ways


def test_an_answer_has_the_fields_of_the_contract() -> None:
    answer = locate("桂中社区３栋着火").as_json()
    assert set(answer) == {"answer", "places", "text_normalised", "ms"}
    assert answer["text_normalised"] == "桂中社区3栋着火"
    places = answer["places"]
    assert isinstance(places, list)
    assert set(places[0]) == {
        *("name", "code", "kind", "lon", "lat", "radius_m", "probability", "why")
    }
    assert places[0]["code"] == "450202004002"


def test_no_more_places_than_asked_for() -> None:
    assert len(locate("文昌着火了", limit=2).places) == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t",
        "😀" * 5_000,
        "'; DROP TABLE place_place; --",
        "=cmd|' /C calc'!A0",
        "<script>alert(1)</script>",
        "\u202e\u2066\ufeff",
        "\ud800\udfff",
        "\0\0",
        "8" * 5_000,
        "十" * 5_000,
        "ﷺ" * 5_000,
        "文\u0301\u0302" * 1_600,
        "一" * 20_000,
    ],
)
def test_hostile_text_has_no_place(text: str) -> None:
    assert locate(text).answer == "none"


def test_a_name_is_found_at_the_end_of_a_long_text() -> None:
    answer: Answer = locate("这里说的都是别的事情。" * 400 + "文昌大桥上有人落水")
    assert answer.places[0].name == "文昌大桥"
