"""Commands against hostile words: an exit code, one sentence, never a trace."""

import json
from pathlib import Path

import pytest
from django.db import connection

from qianjun.site import cli, database
from tests.hostile.examples import furnish
from tests.hostile.values import BIDI, HUGE, IDS, TEXTS, Raw
from tests.settings import FOLDER

pytestmark = pytest.mark.django_db(transaction=True)
GOOD, REFUSED, BAD_INPUT = 0, 1, 2
# no program can be given these as a word, or more than so many of them
WORDS = [t for t in TEXTS if isinstance(t, str) and "\x00" not in t and len(t) < 100_000]


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Commands work on the database of this test."""
    name = str(connection.settings_dict["NAME"])
    monkeypatch.setenv("DATABASE_URL", database.dsn(FOLDER, name))
    monkeypatch.setenv("QIANJUN_REALM", "demo")
    monkeypatch.setenv("QIANJUN_DATA", str(tmp_path))
    furnish()


class Said:
    """What a command answered."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


def run(capsys: pytest.CaptureFixture[str], *words: str) -> Said:
    """Run a command in this process."""
    try:
        code = cli.run(words)
    except SystemExit as ended:
        code = int(ended.code or 0)
    out, err = capsys.readouterr()
    assert code in (GOOD, REFUSED, BAD_INPUT), words
    assert "Traceback" not in err, words
    assert code == GOOD or err.strip() or out.strip(), words
    return Said(code, out, err)


@pytest.mark.parametrize("text", WORDS, ids=range(len(WORDS)))
def test_locate_answers_whatever_it_is_asked(capsys: pytest.CaptureFixture[str], text: str) -> None:
    said = run(capsys, "locate", "--json", "--", text)
    if said.code == GOOD:
        answer = json.loads(said.out)
        assert answer["answer"] in ("found", "unsure", "none", "elsewhere")


def test_locate_answers_each_line_of_a_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    lines = [w.replace("\n", " ").replace("\r", " ").replace("\u2028", " ") for w in WORDS]
    file = tmp_path / "lines"
    file.write_text("\n".join(lines), encoding="utf-8")
    said = run(capsys, "locate", "--json", "--lines", str(file))
    answers = [json.loads(line) for line in said.out.splitlines()]
    assert said.code == GOOD
    assert len(answers) >= len(lines)


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", "学院路口起火了".encode("gb18030"), b"\xed\xa0\x80", b""]
)
def test_locate_says_what_it_cannot_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "lines"
    file.write_bytes(content)
    said = run(capsys, "locate", "--json", "--lines", str(file))
    assert said.code == (BAD_INPUT if content else GOOD)


@pytest.mark.parametrize(
    "words", [["locate"], ["locate", "--lines", "/nowhere/x"], ["locate", "a", "b"]]
)
def test_locate_without_a_text_is_bad_input(
    capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert run(capsys, *words).code == BAD_INPUT


@pytest.mark.parametrize("role", ["", "admin", "值班员", "duty_officer ", "'; DROP", "x" * 5000])
def test_a_token_of_an_unknown_role_is_bad_input(
    capsys: pytest.CaptureFixture[str], role: str
) -> None:
    said = run(capsys, "token", "--role", role)
    assert said.code == BAD_INPUT
    assert not said.out


@pytest.mark.parametrize(
    "days", ["0", "-1", "x", "1e9", "1.5", "nan", str(HUGE), "99999999999", ""]
)
def test_a_token_of_impossible_days_is_bad_input(
    capsys: pytest.CaptureFixture[str], days: str
) -> None:
    said = run(capsys, "token", "--role", "duty_officer", f"--days={days}")
    assert said.code == BAD_INPUT
    assert not said.out


@pytest.mark.parametrize("name", ["", BIDI, "\x07", "x" * 10_000, "\udcff", "=1+1", "🔥"])
def test_a_token_of_any_name_is_made_or_refused(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    said = run(capsys, "token", "--role", "duty_officer", "--name", name, "--json")
    assert said.code != GOOD or json.loads(said.out)["token"]


@pytest.mark.parametrize("unit", ["-1", "../x", "0", "x" * 5000, "\udcff", "４５０２０２"])
def test_a_token_for_an_unknown_unit_is_bad_input(
    capsys: pytest.CaptureFixture[str], unit: str
) -> None:
    assert run(capsys, "token", "--role", "duty_officer", f"--unit={unit}").code == BAD_INPUT


HEADS = [
    "",
    ":",
    "1",
    "1:",
    ":00",
    "-1:00",
    "1:zz",
    "x:y",
    f"{HUGE}:{'0' * 64}",
    "1:" + "f" * 10_000,
]


@pytest.mark.parametrize("head", HEADS, ids=range(len(HEADS)))
def test_verify_says_what_is_wrong_with_a_head(
    capsys: pytest.CaptureFixture[str], head: str
) -> None:
    said = run(capsys, "audit", "verify", f"--head={head}", "--json")
    assert said.code in (REFUSED, BAD_INPUT)


NOTHING = [
    *([""], ["--"], ["--nothing"], ["audit", "nothing"], ["bench", "../x"], ["bench", "nothing"]),
    *(["nothing"], [BIDI], ["token", "--rol", "duty_officer"], ["serve", "--port", "99999"]),
    *(["demo", "--port", "x"], ["init", "--realm", "nowhere"]),
    *(["init", "--relink", "duty_officer"], ["init", "--relink"], ["init", "--login", "x"]),
]


@pytest.mark.parametrize("words", NOTHING, ids=range(len(NOTHING)))
def test_words_that_mean_nothing_are_bad_input(
    capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert run(capsys, *words).code in (REFUSED, BAD_INPUT)


def test_the_tables_of_values_hold_what_they_should() -> None:
    assert len(WORDS) > 15
    assert any(isinstance(text, Raw) for text in TEXTS)
    assert len(IDS) > 20
