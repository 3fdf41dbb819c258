"""The intake page: text alone is enough, nothing typed is lost, nothing is taken in twice."""

import re

import pytest
from django.test import Client

from qianjun.incident.models import Incident, Report
from qianjun.kernel.coordinates import from_wgs84
from qianjun.response.models import Draft, SourceFacts
from tests import cast
from tests.pages.reading import html_of, key_of, take_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7 }}"


def test_text_alone_opens_an_incident_and_says_so(officer: Client) -> None:
    path = take_in(officer, "路边着火了")
    page = text_of(officer.get(path))
    assert "已立案 450202-20260601-0001" in page
    assert "路边着火了" in page
    assert "在哪里？" in page  # what is missing is a question


@pytest.mark.usefixtures("places")
def test_the_four_facts_arrive(officer: Client) -> None:
    sent = {"where": "弯塘社区", "source": "119", "injured": "2", "missing": "0"}
    sent |= {"caller_name": "演示王", "caller_phone": "10000012345", "occurred": "14:02"}
    take_in(officer, "居民楼起火", **sent)
    report = Report.objects.get()
    assert report.source == "119"
    assert report.channel == "phone"
    assert report.place_name == "弯塘社区"
    assert report.occurred_at is not None
    assert report.occurred_at.isoformat() == "2026-06-01T06:02:00+00:00"
    told = dict(report.figures.values_list("kind", "value"))
    assert told == {"injured": 2, "missing": 0}


def test_a_time_that_is_still_to_come_was_yesterday(officer: Client) -> None:
    take_in(officer, "昨晚的事", occurred="23:50")
    at = Report.objects.get().occurred_at
    assert at is not None
    assert at.isoformat() == "2026-05-31T15:50:00+00:00"


@pytest.mark.parametrize("wrong", ["25:00", "昨天", "02-30 10:00", "99-99 10:00", "14:2"])
def test_a_time_that_is_none_is_named(officer: Client, wrong: str) -> None:
    response = officer.post("/intake/", {"key": key_of(officer), "text": "火", "occurred": wrong})
    assert response.status_code == 422
    assert "时刻写成 14:02" in text_of(response)
    assert wrong in html_of(response)


def test_without_text_nothing_is_opened_and_what_was_typed_stays(officer: Client) -> None:
    sent = {"key": key_of(officer), "text": " ", "where": "弯塘社区", "source": "122"}
    response = officer.post("/intake/", {**sent, "caller_phone": "10000012345"})
    page = html_of(response)
    assert response.status_code == 422
    assert "请写一句发生了什么" in page
    assert 'value="弯塘社区"' in page
    assert 'value="10000012345"' in page
    assert 'value="122" checked' in page
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("injured", "很多"),
        ("injured", "-1"),
        ("dead", "9" * 30),
        ("source", "moon"),
        ("channel", "telepathy"),
        ("join", "999999"),
        ("join", "' OR 1=1"),
        ("caller_name", "字" * 61),
        ("where", "字" * 201),
        ("text", "字" * 5001),
        ("text", "a\0b"),
        ("place", "没有这个候选"),
        ("key", ""),
        ("key", "short"),
    ],
)
def test_a_wrong_value_is_one_sentence_and_writes_nothing(
    officer: Client, field: str, value: str
) -> None:
    sent = {"key": key_of(officer), "text": "火", field: value}
    response = officer.post("/intake/", sent)
    assert response.status_code in (404, 422)
    assert not Report.objects.exists()


def test_hostile_text_is_shown_and_does_nothing(officer: Client) -> None:
    path = take_in(officer, HOSTILE, where=HOSTILE[:60], caller_name=HOSTILE[:60])
    for page in (path, "/", "/incidents/", f"/incidents/?q={HOSTILE[:30]}", f"{path}live/"):
        shown = html_of(officer.get(page))
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown


def test_the_same_form_sent_twice_is_taken_in_once(officer: Client) -> None:
    sent = {"key": key_of(officer), "text": "按了两次"}
    first, second = officer.post("/intake/", sent), officer.post("/intake/", sent)
    assert first.headers["Location"] == second.headers["Location"]
    assert Report.objects.count() == 1


def test_a_form_that_was_taken_in_takes_no_other_words(officer: Client) -> None:
    key = key_of(officer)
    officer.post("/intake/", {"key": key, "text": "第一件"})
    response = officer.post("/intake/", {"key": key, "text": "第二件"})
    assert response.status_code == 422
    assert "这张单已经立过案" in text_of(response)
    assert Report.objects.count() == 1


def test_a_refused_form_may_be_sent_again_with_its_key(officer: Client) -> None:
    key = key_of(officer)
    assert officer.post("/intake/", {"key": key, "text": "火", "dead": "x"}).status_code == 422
    assert officer.post("/intake/", {"key": key, "text": "火", "dead": "0"}).status_code == 302


@pytest.mark.usefixtures("places")
def test_looking_keeps_the_draft_and_writes_nothing_else(officer: Client) -> None:
    response = officer.post("/intake/look/", {"text": "弯塘社区起火，3人受伤", "where": ""})
    page = text_of(response)
    assert "弯塘社区" in page
    assert "火灾" in page
    assert "受伤 3" in page
    assert "趁电话没挂再问" in page
    assert not Report.objects.exists()
    assert Draft.objects.get().fields == {"text": "弯塘社区起火，3人受伤"}


def test_a_draft_is_there_again_and_gone_when_taken_in(officer: Client) -> None:
    officer.post("/intake/look/", {"text": "说到一半", "source": "110", "injured": "2"})
    page = html_of(officer.get("/intake/"))
    assert "说到一半" in page
    assert 'value="110" checked' in page
    take_in(officer, "说到一半，说完了")
    assert "说到一半" not in html_of(officer.get("/intake/"))


def test_a_draft_belongs_to_one_person(officer: Client) -> None:
    officer.post("/intake/look/", {"text": "我的草稿"})
    assert "我的草稿" not in html_of(cast.signed_in(cast.XIAOZHAO).get("/intake/"))


def test_a_form_is_put_away_or_cleared_without_a_script(officer: Client) -> None:
    away = officer.post("/intake/keep/", {"text": "等会儿再填"})
    assert away.headers["Location"] == "/"
    assert "等会儿再填" in html_of(officer.get("/intake/"))
    officer.post("/intake/clear/", {"text": "等会儿再填"})
    assert "等会儿再填" not in html_of(officer.get("/intake/"))


@pytest.mark.usefixtures("places")
def test_none_and_elsewhere_are_answers(officer: Client) -> None:
    nowhere = text_of(officer.post("/intake/look/", {"text": "着火了"}))
    assert "没有认出地点" in nowhere
    elsewhere = text_of(officer.post("/intake/look/", {"text": "柳南区河西路着火了"}))
    assert "听起来不在本区" in elsewhere


@pytest.mark.usefixtures("places")
def test_a_possible_duplicate_is_shown_and_can_be_joined(officer: Client) -> None:
    path = take_in(officer, "弯塘社区起火，有明火")
    look = html_of(officer.post("/intake/look/", {"text": "弯塘社区着火了"}))
    ident = path.strip("/").rsplit("/", 1)[1]
    assert f'name="join" id="join-{ident}"' in look
    assert take_in(officer, "弯塘社区着火了", join=ident) == path
    assert "2 份" in text_of(officer.get(path))


@pytest.mark.usefixtures("places")
def test_what_is_near_and_hardly_the_same_is_folded_and_can_be_joined(officer: Client) -> None:
    path = take_in(officer, "弯塘社区起火，有明火")
    ident = path.strip("/").rsplit("/", 1)[1]
    crash = {"text": "弯塘社区两车相撞"}
    look = officer.post("/intake/look/", crash)
    assert "另有 1 件在附近" in text_of(look)
    assert "750 米内的在办事件" in text_of(look)
    fold = html_of(look).split('<details id="nearby">')[1].split("</details>")[0]
    assert f'name="join" id="join-{ident}"' in fold
    chosen = html_of(officer.post("/intake/look/", crash | {"join": ident}))
    assert '<details id="nearby" open>' in chosen
    assert take_in(officer, "弯塘社区两车相撞", join=ident) == path


@pytest.mark.usefixtures("places")
def test_a_street_takes_reports_in_and_is_told_the_number_alone() -> None:
    street = cast.signed_in(cast.JIEDAO)
    assert take_in(street, "弯塘社区有积水") == "/intake/"
    assert "已接报，编号 J-20260601-0001" in text_of(street.get("/intake/"))
    look = text_of(street.post("/intake/look/", {"text": "弯塘社区有积水"}))
    assert "450202-2026" not in look


# --- what each source is asked, answers, proposals ----------------------------------------------


@pytest.mark.usefixtures("places")
def test_what_119_told_beside_stands_below_the_words_and_by_code(officer: Client) -> None:
    own = {"own-119-sent": "3 站 8 车", "own-119-goods": "疑有甲苯", "own-110-sent": "2 车"}
    asked = {"card": "chemical_fire", "ask-inside": "两个人没出来", "ask-moon": "?"}
    path = take_in(officer, "一车间起火", where="静兰涂料厂", source="119", **own, **asked)
    report = Report.objects.get()
    assert report.text.splitlines() == [
        "静兰涂料厂 一车间起火",
        "派出力量：3 站 8 车",
        "危险品：疑有甲苯",
        "有没有人没出来？两个人没出来",
    ]
    kept = SourceFacts.objects.get(report=report)
    assert kept.own == {"sent": "3 站 8 车", "goods": "疑有甲苯"}
    assert (kept.source, kept.card, kept.answers) == (
        "119",
        "chemical_fire",
        {"inside": "两个人没出来"},
    )
    assert "派出力量：3 站 8 车" in text_of(officer.get(path))


def test_a_choice_that_is_none_is_not_written(officer: Client) -> None:
    own = {"own-above-mark": "internal", "own-above-urgency": "now", "own-above-unit": "市值班室"}
    take_in(officer, "请核实一起火灾", source="above", **own)
    assert "标注：内部" in Report.objects.get().text
    assert SourceFacts.objects.get().own == {"unit": "市值班室", "mark": "内部"}


def test_nothing_beside_writes_no_row(officer: Client) -> None:
    take_in(officer, "路边着火了", source="119")
    assert Report.objects.get().text == "路边着火了"
    assert not SourceFacts.objects.exists()


def test_a_field_of_a_source_that_is_too_long_is_named_and_stays(officer: Client) -> None:
    sent = {"key": key_of(officer), "text": "火", "source": "119", "own-119-sent": "站" * 121}
    response = officer.post("/intake/", sent)
    assert response.status_code == 422
    assert "站" * 121 in html_of(response)


@pytest.mark.usefixtures("places")
def test_titles_and_questions_of_the_house_are_not_judged(officer: Client) -> None:
    plain = text_of(officer.post("/intake/look/", {"text": "弯塘社区着火了"}))
    asked = {"text": "弯塘社区着火了", "card": "fire", "ask-nearby": "没有", "source": "119"}
    looked = text_of(officer.post("/intake/look/", {**asked, "own-119-goods": "没有"}))
    for page in (plain, looked):
        assert "还没有达到启动条件" in page
        assert "危化" not in page


@pytest.mark.usefixtures("places")
def test_what_is_typed_into_the_fields_is_no_longer_asked(officer: Client) -> None:
    fields = {"text": "弯塘社区居民楼起火", "source": "119"}
    assert "还缺：伤亡、失联、发生时间。" in text_of(officer.post("/intake/look/", fields))
    fields |= {"injured": "0", "dead": "0"}
    assert "还缺：发生时间。" in text_of(officer.post("/intake/look/", fields))
    answered = text_of(officer.post("/intake/look/", {**fields, "occurred": "14:02"}))
    assert "还缺" not in answered
    wrong = text_of(officer.post("/intake/look/", {**fields, "occurred": "昨天"}))
    assert "还缺：发生时间。" in wrong


@pytest.mark.usefixtures("places")
def test_figures_that_are_typed_move_the_grade_and_the_plan(officer: Client) -> None:
    fields = {"text": "弯塘社区居民楼起火", "source": "119"}
    assert "还没有达到启动条件" in text_of(officer.post("/intake/look/", fields))
    looked = text_of(officer.post("/intake/look/", {**fields, "dead": "3"}))
    assert "建议启动 城中区火灾事故应急预案 二级" in looked
    assert "批准人：区政府常务副区长，不是值班员" in looked
    assert "建议 较大" in looked


@pytest.mark.usefixtures("places")
def test_a_number_of_the_words_is_offered_and_never_taken_by_itself(officer: Client) -> None:
    fields = {"text": "弯塘社区起火，2伤"}
    looked = html_of(officer.post("/intake/look/", fields))
    assert 'data-take="injured" data-value="2"' in looked
    taken = html_of(officer.post("/intake/look/", {**fields, "injured": "2"}))
    assert "data-take" not in taken
    assert "已填" in taken
    other = html_of(officer.post("/intake/look/", {**fields, "injured": "5"}))
    assert "改填（现为 5）" in other
    take_in(officer, fields["text"])
    assert not Report.objects.get().figures.exists()


@pytest.mark.usefixtures("places")
def test_the_kind_may_be_chosen_and_then_counts(officer: Client) -> None:
    look = text_of(officer.post("/intake/look/", {"text": "有人喊救命", "category": "12H00"}))
    assert "道路交通事故" in look
    take_in(officer, "弯塘社区有人喊救命", category="12H00")
    report = Report.objects.get()
    assert (report.category, report.category_given) == ("12H00", True)


def test_questions_change_with_the_card_and_answers_are_not_lost(officer: Client) -> None:
    first = html_of(officer.post("/intake/look/", {"text": "居民楼着火"}))
    assert 'name="card" value="fire"' in first
    again = {"text": "居民楼着火", "card": "fire"}
    assert 'id="ask"' not in html_of(officer.post("/intake/look/", again))
    more = {"text": "居民楼着火，有甲苯", "card": "fire", "ask-burning": "三楼窗帘"}
    changed = html_of(officer.post("/intake/look/", more))
    assert 'name="card" value="chemical_fire"' in changed
    assert 'value="三楼窗帘"' in changed
    gone = html_of(officer.post("/intake/look/", {"card": "chemical_fire"}))
    assert 'id="ask"' in gone


def test_119_is_not_asked_whether_it_was_called(officer: Client) -> None:
    asked = "打过 119 了吗"
    assert asked in html_of(officer.post("/intake/look/", {"text": "着火", "source": "public"}))
    theirs = html_of(officer.post("/intake/look/", {"text": "着火", "source": "119"}))
    assert asked not in theirs
    assert "先转 119" not in theirs


@pytest.mark.parametrize("name", ["own-119-sent", "ask-inside", "own-x-y", "ask-" + "z" * 40])
def test_hostile_words_beside_are_shown_and_do_nothing(officer: Client, name: str) -> None:
    sent = {"key": key_of(officer), "text": "", "source": "119", name: HOSTILE}
    for path in ("/intake/", "/intake/look/"):
        shown = html_of(officer.post(path, sent))
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown


# --- the point on the map -----------------------------------------------------------------------


@pytest.mark.usefixtures("places")
def test_a_point_of_the_map_comes_in_the_maps_own_system_and_is_stored_in_ours(
    officer: Client,
) -> None:
    lon, lat = from_wgs84(109.4310, 24.3301, crs="gcj02")
    point = {"lon": f"{lon:.6f}", "lat": f"{lat:.6f}", "crs": "gcj02"}
    look = html_of(officer.post("/intake/look/", {**point, "map_crs": "gcj02", "text": "着火"}))
    assert "图上定的点" in look
    shown = re.search(r'data-lon="([\d.]+)"', look)
    assert shown
    assert float(shown[1]) == pytest.approx(lon, abs=1e-5)
    take_in(officer, "着火", place="弯塘社区", **point)
    report = Report.objects.get()
    assert report.lon == pytest.approx(109.4310, abs=1e-5)
    assert (report.placed, report.crs) == ("given", "gcj02")


@pytest.mark.parametrize(
    "point",
    [
        {"lon": "200", "lat": "24"},
        {"lon": "nan", "lat": "24"},
        {"lon": "x", "lat": "24"},
        {"lon": "109.4", "lat": "24.3", "crs": "moon"},
    ],
)
def test_a_point_that_is_none_is_refused(officer: Client, point: dict[str, str]) -> None:
    assert officer.post("/intake/look/", {"text": "火", **point}).status_code == 200
    response = officer.post("/intake/", {"key": key_of(officer), "text": "火", **point})
    assert response.status_code == 422
    assert not Report.objects.exists()
