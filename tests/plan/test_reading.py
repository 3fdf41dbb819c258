"""A file that is no plan is refused with file, line, key and what to do."""

import re

import pytest

from tests.plan.files import GOOD, faults, read, spoiled

LINE = re.compile(r"cold\.toml:(\d+) ")


def line_of(said: str) -> int:
    found = LINE.match(said)
    assert found, said
    return int(found[1])


def written_at(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_a_good_file_is_a_plan() -> None:
    assert faults(GOOD) == []
    plan = read(GOOD)
    assert (plan.code, plan.title.en, plan.levels[0].authority.role) == (
        "cold",
        "Cold plan",
        "leader_in_charge",
    )
    assert plan.supplies[0].months == (12, 1, 2)
    assert plan.tasks[0].from_level == 4


def test_a_file_that_lacks_a_language_is_refused_where_it_lacks_it() -> None:
    bare = 'title = { zh = "综合协调" }'
    text = spoiled('title = { zh = "综合协调", en = "Coordination" }', bare)
    (said,) = faults(text)
    line = written_at(text, bare)
    assert said == f"cold.toml:{line} posts[1].title.en：缺这一项，请补上。"


def test_a_file_that_is_not_called_as_its_hazard_is_refused() -> None:
    (said,) = faults(GOOD, name="winter.toml")
    assert said.startswith("winter.toml:1 code：")
    assert "cold.toml" in said


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('en = "Cold plan"', 'en = " "', "title.en"),
        ("review_by = 2028-01-05", "review_by = 2026-01-05", "review_by"),
        ("review_by = 2028-01-05\n", "", "review_by"),
        ("review_by = 2028-01-05", 'review_by = "2028-01-05"', "review_by"),
        ("review_by = 2028-01-05", "review_by = 2028-01-05T00:00:00Z", "review_by"),
        ("sample = true", "sample = 1", "sample"),
        ('categories = ["11B05"]', "categories = []", "categories"),
        ('categories = ["11B05"]', 'categories = ["雪"]', "categories"),
        ('categories = ["11B05"]', 'categories = ["11B05", "11B05"]', "categories"),
        ('categories = ["11B05"]', 'categories = ["11B05", "11B08"]', "cards"),
        ("n = 1\n", "n = 2\n", "levels[1].word"),
        ("n = 1\n", "n = 5\n", "levels[1].n"),
        ("n = 1\n", "n = true\n", "levels[1].n"),
        ('word = "一级"', 'word = "I级"', "levels[1].word"),
        ('role = "leader_in_charge"', 'role = "king"', "levels[1].authority.role"),
        ('how = "signed"', 'how = "recorded"', "levels[1].authority.body"),
        ('how = "signed"', 'body = "senate"\nhow = "signed"', "levels[1].authority.body"),
        ("figures = { dead = 1 }", "figures = { deaf = 1 }", "levels[1].triggers[1].figures.deaf"),
        ("figures = { dead = 1 }", "figures = { dead = 0 }", "levels[1].triggers[1].figures.dead"),
        ("figures = { dead = 1 }", "", "levels[1].triggers[1]"),
        (
            "figures = { dead = 1 }",
            'warning = { hazard = "11B05", colours = ["pink"] }',
            "levels[1].triggers[1].warning.colours",
        ),
        (
            "figures = { dead = 1 }",
            'water_level = { station = "liuzhou", at_least = nan, unit = "m" }',
            "levels[1].triggers[1].water_level.at_least",
        ),
        (
            "figures = { dead = 1 }",
            'water_level = { station = "liuzhou", at_least = 8250, unit = "cm" }',
            "levels[1].triggers[1].water_level.unit",
        ),
        (
            "figures = { dead = 1 }",
            'instruction = ["mayor"]',
            "levels[1].triggers[1].instruction",
        ),
        ('unit = "450202"', 'unit = "nobody"', "posts[1].unit"),
        ('lead = "@street"', 'lead = "@street-office"', "tasks[1].lead"),
        ('lead = "@street"', 'lead = "450202"', "tasks[1].supporting"),
        ("due_min = 60", "due_min = 0", "tasks[1].due_min"),
        ("due_min = 60", 'due_min = "60"', "tasks[1].due_min"),
        ("first = true", "", "tasks"),
        ("first = true", "frist = true", "tasks[1].frist"),
        ('way = "invitation"', 'way = "command"', "forces[1].way"),
        ("months = [12, 1, 2]", "months = [13]", "supplies[1].months"),
        ("months = [12, 1, 2]", "months = []", "supplies[1].months"),
        ('code = "food"', 'code = "who"', "cards[1].questions[5].code"),
        ('safety = { zh = "不要在屋里烧炭。"', "safety = { zh = 1", "cards[1].safety.zh"),
        ('code = "end"', 'code = "finish"', "texts"),
        ("{time}终止。", "{when}终止。", "texts[2].text"),
        ("{time}终止。", "终止。", "texts[2].text"),
        ("[[basis]]", "[[bases]]", "basis"),
    ],
)
def test_what_is_wrong_is_named(old: str, new: str, key: str) -> None:
    text = spoiled(old, new)
    named = [said.split(" ", 1)[1].split("：")[0] for said in faults(text)]
    assert key in named


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('unit = "450202"', 'unit = "nobody"'),
        ("due_min = 60", "due_min = 0"),
        ('how = "signed"', 'how = "shouted"'),
        ("figures = { dead = 1 }", "figures = { dead = 0 }"),
        ("{time}终止。", "{when}终止。"),
        ('code = "food"', 'code = "Food"'),
    ],
)
def test_the_line_is_that_of_the_fault(old: str, new: str) -> None:
    text = spoiled(old, new)
    (said,) = faults(text)
    near = written_at(text, new)
    if "Food" in new:  # questions written as a list: the key of the list is named
        near = written_at(text, "questions = [")
    assert line_of(said) == near


def test_everything_that_is_wrong_is_said_at_once() -> None:
    text = GOOD.replace('en = "Cold plan"', 'en = ""').replace("due_min = 60", "due_min = -1")
    assert len(faults(text)) == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "code = ",
        "code = 1\x00",
        "levels = 7",
        "levels = [1, 2]",
        "title = []",
        '[[levels]]\ntriggers = "x"',
        "a." * 2000 + "b = 1",
        "x = " + "[" * 3000 + "]" * 3000,
        "issued = 2026-99-99",
    ],
    ids=lambda text: text[:12],
)
def test_any_other_text_is_refused_and_breaks_nothing(text: str) -> None:
    assert faults(text)
