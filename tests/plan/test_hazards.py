"""Each hazard of the library: which plan is proposed, at which level, with which questions."""

from typing import Any

import pytest

from qianjun.plan import queries
from qianjun.plan.rules import Situation, Standing, suggest

BY_CITY = frozenset({"city"})
BY_REGION = frozenset({"region"})


def judged(category: str, **known: Any) -> tuple[str, int | None] | None:
    """Code of the plan and number of the level that are proposed; None without a plan."""
    found = suggest(queries.plans(), Situation(category=category, **known))
    return (found.plan.code, found.level.n if found.level else None) if found else None


@pytest.mark.parametrize(
    ("category", "plan"),
    [
        ("13A00", "epidemic"),
        ("13A07", "epidemic"),
        ("13F00", "epidemic"),
        ("11C00", "earthquake"),
        ("11C02", "earthquake"),
        ("12D00", "chemical"),
        ("12D02", "chemical"),
        ("12D03", "fire"),  # chemicals on fire stay with the fire plan
        ("12G00", "fire"),
        ("12G01", "fire"),
        ("12P13", "collapse"),
        ("11B05", "cold"),
        ("11B04", "cold"),
        ("11B21", "road_ice"),
        ("11B03", "flood"),
        ("11A02", "flood"),
        ("12S00", "crowd"),
        ("12S02", "crowd"),
        ("12C00", "work_accident"),
        ("12F00", "work_accident"),
        ("12P00", None),  # a smell of gas is no collapse
        ("11B00", None),  # a fallen tree is neither cold nor ice
        ("13E00", None),
        ("14A00", None),
    ],
)
def test_the_plan_is_that_of_the_kind(category: str, plan: str | None) -> None:
    found = queries.proposal(category=category, figures={}, words="")
    assert (found.plan if found else None) == plan


@pytest.mark.parametrize(
    ("category", "known", "told"),
    [
        ("13A07", {}, ("epidemic", None)),
        ("13A07", {"words": "小学多人发烧"}, ("epidemic", 4)),
        ("13A02", {}, ("epidemic", 4)),
        ("13F00", {}, ("epidemic", 3)),
        ("13A05", {}, ("epidemic", 2)),
        ("13A08", {}, ("epidemic", 1)),
        ("13A07", {"figures": {"serious": 5}}, ("epidemic", 3)),
        ("11C02", {}, ("earthquake", None)),
        ("11C02", {"words": "震感强烈，墙上有裂缝"}, ("earthquake", 4)),
        ("11C02", {"words": "震感强烈，没有倒塌"}, ("earthquake", 4)),
        ("11C02", {"words": "老房子倒塌，有人被埋"}, ("earthquake", 3)),
        ("11C02", {"figures": {"evacuated": 3000}}, ("earthquake", 2)),
        ("12D02", {"words": "酒精泄漏"}, ("chemical", 4)),
        ("12D02", {"words": "液氨泄漏"}, ("chemical", 3)),
        ("12D04", {}, ("chemical", 3)),
        ("12D02", {"words": "漏的油流进柳江了"}, ("chemical", 2)),
        ("12D02", {"figures": {"dead": 10}}, ("chemical", 1)),
        ("12P13", {"words": "房子要塌了，墙上裂缝很大"}, ("collapse", 4)),
        ("12P13", {"words": "自建房垮塌"}, ("collapse", 3)),
        ("12P13", {"words": "宿舍垮塌"}, ("collapse", 2)),
        ("12P13", {"figures": {"missing": 30}}, ("collapse", 1)),
        ("11B05", {"warnings": (Standing(hazard="11B05", colour="blue"),)}, ("cold", 4)),
        ("11B05", {"warnings": (Standing(hazard="11B05", colour="red"),)}, ("cold", 1)),
        ("11B05", {"warnings": (Standing(hazard="11B21", colour="red"),)}, ("cold", None)),
        ("11B08", {"words": "屋里烤火，一氧化碳中毒"}, ("cold", 3)),
        ("11B21", {"warnings": (Standing(hazard="11B21", colour="orange"),)}, ("road_ice", 3)),
        ("11B21", {"words": "桥面结冰，车打滑"}, ("road_ice", 4)),
        ("11B21", {"words": "桥面结冰，校车停在桥上"}, ("road_ice", 3)),
        ("11B21", {"instructed_by": BY_REGION}, ("road_ice", 1)),
        ("12S00", {"words": "广场上人太多，挤不动"}, ("crowd", 3)),
        ("12S00", {"words": "楼梯口发生踩踏"}, ("crowd", 2)),
        ("12S02", {}, ("crowd", 2)),
        ("12S00", {"figures": {"dead": 3}}, ("crowd", 1)),
        ("12C00", {"words": "工人从架子上坠落"}, ("work_accident", 4)),
        ("12F00", {"words": "两人下井清淤没上来"}, ("work_accident", 3)),
        ("12C00", {"figures": {"dead": 3}}, ("work_accident", 2)),
        ("12F00", {"instructed_by": BY_CITY}, ("work_accident", 4)),
    ],
)
def test_a_trigger_of_each_plan_is_judged_right(
    category: str, known: dict[str, Any], told: tuple[str, int | None]
) -> None:
    assert judged(category, **known) == told


@pytest.mark.parametrize(
    ("category", "words", "card", "desk"),
    [
        ("13A00", "工地几个人发烧", "epidemic", "120"),
        ("13A00", "幼儿园好几个孩子出疹子", "school_illness", "120"),
        ("11C00", "刚才地震了", "earthquake", "119"),
        ("11C00", "地震，有人被埋", "quake_buried", "119"),
        ("12D00", "槽罐车泄漏", "chemical_leak", "119"),
        ("12D00", "泄漏，有人晕倒", "chemical_hurt", "119"),
        ("12D03", "着火，有人晕倒", "fire", "119"),  # what a plan leaves out, its cards do too
        ("12P13", "半边楼没了", "collapse", "119"),
        ("12P13", "墙裂缝越来越大，要塌", "house_cracks", "119"),
        ("11B05", "老人在家冻得厉害", "cold", "120"),
        ("11B05", "关着门烧炭，头晕", "heating_poisoning", "120"),
        ("11B21", "桥上都是冰", "road_ice", "122"),
        ("11B21", "校车滑到路边", "bus_on_ice", "122"),
        ("12S00", "出口堵住了，人太多", "crowd", "110"),
        ("12S00", "有人被踩", "crush", "120"),
        ("12C00", "工人手被压伤", "work_accident", "120"),
        ("12F00", "污水井里两个人没声音了", "confined_space", "119"),
        ("12C00", "基坑坍塌，埋了人", "site_collapse", "119"),
    ],
)
def test_the_card_asks_about_what_is_said_and_names_the_desk(
    category: str, words: str, card: str, desk: str
) -> None:
    found = queries.card_for(category, words=words)
    assert found
    assert (found.code, found.hand_over) == (card, desk)


def test_nobody_is_told_to_go_down_after_the_others() -> None:
    card = queries.card_for("12F00", words="化粪池里有人倒下")
    assert card
    assert "谁也不要下去救" in card.safety
