"""The page of sorting without a script: rows, filters, acts, refusals, who may what."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from qianjun.incident.models import Incident, Report
from qianjun.kernel import clock
from qianjun.response.actions import Chosen, join_chosen
from qianjun.response.models import Reply, SortingStep
from qianjun.response.rules import Taken
from tests import cast
from tests.incident.fires import CRASH, FAR, nearby, taken
from tests.pages.reading import html_of, text_of

pytestmark = pytest.mark.django_db(transaction=True)
PICK = re.compile(r'name="part"[^>]*value="([^"]*)"[^>]*data-pick')


@pytest.fixture
def three(officer: Client) -> list[Taken]:
    """Two fires that may be one, and a crash elsewhere."""
    assert officer
    by = cast.actor(cast.XIAOWANG)
    near = taken(
        by, text="又说有烟", caller_phone="10000012345", caller_name="李四光", **nearby(200)
    )
    return [near, taken(by), taken(by, text=CRASH, **FAR)]


def parts(client: Client, path: str = "/reports/") -> list[str]:
    """What the boxes of the groups send."""
    return PICK.findall(html_of(client.get(path)))


def act(client: Client, name: str, *picked: str, **fields: str) -> list[dict[str, Any]]:
    """What came of each part, as the script hears it."""
    answer = client.post(
        "/reports/sort/",
        {"act": name, "part": list(picked), **fields},
        headers={"Accept": "application/json"},
    )
    outcomes: list[dict[str, Any]] = json.loads(answer.content)["outcomes"]
    return outcomes


@pytest.mark.usefixtures("three")
def test_a_group_says_what_where_how_many_and_why(officer: Client) -> None:
    page = text_of(officer.get("/reports/"))
    assert "3 份报告，2 组 其中 1 组疑似一件，归不归由人定" in page
    assert "2 个事件疑似一件 0." in page
    assert "相距 200 米，前后 0 分钟 · 有一方类型不明" in page
    assert "450202-20260601-0001" in page
    assert 'aria-current="page"' in html_of(officer.get("/reports/"))


def test_an_empty_list_says_what_will_come(officer: Client) -> None:
    assert "最近没有待办的报告" in text_of(officer.get("/reports/"))
    assert "没有符合筛选的报告" in text_of(officer.get("/reports/?source=119"))


@pytest.mark.usefixtures("three")
def test_an_opened_group_shows_words_and_masks_who_called(officer: Client) -> None:
    ident = " ".join(str(pk) for pk in Incident.objects.values_list("pk", flat=True))
    shown = officer.get("/reports/group/", {"incidents": ident})
    assert "又说有烟" in text_of(shown)
    assert "李**" in text_of(shown)
    assert "10000012345" not in html_of(shown)
    assert "<html" not in html_of(shown)


@pytest.mark.usefixtures("three")
def test_the_suggestion_of_a_group_is_taken_and_undone(officer: Client) -> None:
    suggested, _crash = parts(officer)
    (done,) = act(officer, "join", suggested)
    assert done["done"]
    assert "份报告已归并到 450202-20260601-0001。" in done["said"]
    assert len(parts(officer)) == 2
    answer = officer.post("/reports/undo/", headers={"Accept": "application/json"})
    assert json.loads(answer.content)["outcomes"][0]["said"].startswith("已撤销：归并")
    assert Incident.objects.filter(state="open").count() == 3
    empty = officer.post("/reports/undo/", headers={"Accept": "application/json"})
    assert empty.status_code == 409


@pytest.mark.usefixtures("three")
def test_several_groups_make_one_incident_or_each_its_own(officer: Client) -> None:
    both = parts(officer)
    outcomes = act(officer, "join_each", *both)
    assert [one["done"] for one in outcomes] == [True, False]
    assert "(already_there)" in outcomes[1]["said"]
    (done,) = act(officer, "join", *parts(officer))
    assert done["done"]
    assert Incident.objects.filter(state="open").count() == 1


@pytest.mark.usefixtures("three")
def test_one_group_that_changed_meanwhile_does_not_stop_the_others(officer: Client) -> None:
    suggested, crash = parts(officer)
    by = cast.actor(cast.XIAOZHAO)
    reports = tuple(one.split(":")[0] for one in suggested.split())
    join_chosen(by=by, chosen=Chosen(reports=reports))
    outcomes = act(officer, "close", suggested, crash, answer="已处置", close_incidents="1")
    assert [one["done"] for one in outcomes] == [False, True]
    assert "(stale)" in outcomes[0]["said"]
    assert Reply.objects.count() == 1


@pytest.mark.usefixtures("three")
def test_acts_of_one_key_are_undone_together(officer: Client) -> None:
    act(officer, "close", *parts(officer), answer="已处置", close_incidents="1", round="one")
    assert SortingStep.objects.count() == 2
    assert Incident.objects.filter(state="open").count() == 0
    officer.post("/reports/undo/")
    assert Incident.objects.filter(state="open").count() == 3
    assert "已撤销" in text_of(officer.get("/reports/"))


@pytest.mark.usefixtures("three")
def test_a_plain_form_is_answered_with_the_list(officer: Client) -> None:
    suggested, _crash = parts(officer)
    sent = {"act": "apart", "part": suggested, "next": "/reports/?hours=6"}
    answer = officer.post("/reports/sort/", sent)
    assert answer.headers["Location"] == "/reports/?hours=6"
    assert "不再提示归并" in text_of(officer.get("/reports/?hours=6"))
    assert len(parts(officer)) == 3
    officer.post("/reports/sort/", {"act": "join", "next": "/reports/"})
    assert "请先选一组" in text_of(officer.get("/reports/"))


@pytest.mark.usefixtures("three")
def test_a_caller_without_consent_is_called_and_ticked_off(officer: Client) -> None:
    act(officer, "close", *parts(officer), answer="已处置", close_incidents="1")
    waiting = officer.get("/reports/?state=to_call")
    assert "待电话答复 1" in text_of(waiting)
    report = Report.objects.exclude(caller_phone="").get()
    shown = officer.get(
        "/reports/group/", {"incidents": str(report.incident_id), "state": "to_call"}
    )
    assert "已电话答复" in text_of(shown)
    told = officer.post(f"/reports/{report.pk}/told/", {"next": "/reports/?state=to_call"})
    assert told.headers["Location"] == "/reports/?state=to_call"
    assert "没有符合筛选的报告" in text_of(officer.get("/reports/?state=to_call"))
    officer.post(f"/reports/{report.pk}/told/", {"next": "/reports/"})
    assert "(nobody_to_call)" in text_of(officer.get("/reports/"))


@pytest.mark.usefixtures("three")
def test_units_take_what_is_assigned(officer: Client) -> None:
    cast.unit(cast.STREET)
    (done, *_rest) = act(officer, "assign", *parts(officer), unit=cast.STREET, note="到场核实")
    assert "已指派，任务记在事件里" in done["said"]
    assert "已指派" in text_of(officer.get("/reports/?state=assigned"))
    (refused,) = act(officer, "assign", parts(officer)[0], unit="")
    assert "(unit_needed)" in refused["said"]


@pytest.mark.parametrize(
    "query",
    [
        "hours=x&start=-1&state=moon&order=?",
        "q=%00%27&street=%25&kind=%5C",
        "start=999999",
        "start=40",
        "source=%E2%80%AE&channel=🙂",
    ],
)
@pytest.mark.usefixtures("three")
def test_no_filter_breaks_the_page(officer: Client, query: str) -> None:
    good = (200, 400) if "%00" in query else (200,)
    assert officer.get(f"/reports/?{query}").status_code in good
    assert officer.get(f"/reports/group/?incidents=1&{query}").status_code in good


@pytest.mark.parametrize("part", ["x", "1", "1:2:3 4", "9" * 40, "\0", ":", "1:'"])
def test_no_part_breaks_an_act(officer: Client, part: str) -> None:
    for name in ("join", "split", "apart", "assign", "close", "dance", ""):
        for outcome in act(officer, name, part, answer="好", unit="x\0y", round="\0"):
            assert not outcome["done"]
    assert officer.get("/reports/group/?incidents=x").status_code == 404
    named = {"steps": f"{part} 1"}
    assert officer.post("/reports/undo/", named).status_code == 302


def test_words_of_callers_stay_words(officer: Client) -> None:
    by = cast.actor(cast.XIAOWANG)
    taken(by, text="<script>alert(1)</script>起火", title='"><img src=x onerror=1>')
    page = html_of(officer.get("/reports/"))
    assert "<img src=x" not in page
    one = Incident.objects.get()
    assert "<script>alert" not in html_of(officer.get(f"/reports/group/?incidents={one.pk}"))


@pytest.mark.usefixtures("three")
def test_readers_see_the_groups_and_no_button(officer: Client) -> None:
    picked = parts(officer)
    leader = cast.signed_in(cast.JUZHANG)
    page = html_of(leader.get("/reports/"))
    assert "sort-form" not in page
    assert "data-pick" not in page
    assert leader.post("/reports/sort/", {"act": "join", "part": picked}).status_code == 403
    assert leader.post("/reports/undo/").status_code == 403
    for part in (cast.JIEDAO, cast.SYSTEM, cast.AUDIT):
        assert cast.signed_in(part).get("/reports/").status_code == 403
    assert Client().get("/reports/").status_code == 302


@pytest.mark.usefixtures("three")
def test_yesterday_is_not_today(officer: Client, held_clock: clock.Held) -> None:
    held_clock.forward(timedelta(hours=30))
    assert "最近没有待办的报告" in text_of(officer.get("/reports/"))
    assert len(parts(officer, "/reports/?hours=72")) == 2
