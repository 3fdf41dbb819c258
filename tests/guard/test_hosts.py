"""Nothing outside is named: no host, no folder of one machine, no telephone that could ring."""

import re

import pytest

from tests.guard.tree import listed, texts

ADDRESS = re.compile(r"\b(?:https?|wss?)://([^/\s\"'`<>)}\]]*)")
# names of namespaces and addresses that lead nowhere but here
HERE = re.compile(
    r"^(?:www\.w3\.org|127\.0\.0\.1|localhost|testserver|(?:[\w-]+\.)*example\.test"
    r"|[{%$(\\].*|)(?::[\d{%$].*)?$"
)
# documents and licences may say where something comes from, tests try bad addresses; code may not
DOCUMENTS = (".md", "LICENSE")
TESTS = "tests/"
FUNDING = re.compile(r'^\s*"(?:url|funding)": "https:' + r'//[^"]+"')
# split, so that this file does not name them
REGISTRIES = (
    "pypi" + ".org",
    "pypi.tuna" + ".",
    "files.python" + "hosted",
    "registry.npm" + "js",
    "npm" + "mirror",
    "mirrors" + ".",
)
FOLDERS = re.compile(r"(?<![\w./~-])(?:/(?:work|root|home|Users)/|[A-Z]:\\\\?Users)")
MOBILE = re.compile(r"(?<![\w.+-])(?:\+?86[- ]?)?1[3-9]\d{9}(?![\w.])")


def outside(name: str, text: str) -> list[str]:
    """Every address of the outside that the file names."""
    if name.endswith(DOCUMENTS) or name.startswith(TESTS):
        return []
    return [
        f"{name}:{at} {host}"
        for at, line in enumerate(text.splitlines(), 1)
        if not (name.endswith("package-lock.json") and FUNDING.search(line))
        for host in ADDRESS.findall(line)
        if not HERE.match(host)
    ]


def found(name: str, text: str, *, pattern: re.Pattern[str]) -> list[str]:
    """Every line that the pattern finds."""
    lines = enumerate(text.splitlines(), 1)
    return [f"{name}:{at} {m.group()}" for at, line in lines if (m := pattern.search(line))]


def test_no_address_of_the_outside_stands_in_the_code() -> None:
    problems = [line for name, text in texts() for line in outside(name, text)]
    assert not problems, listed(problems)


def test_no_registry_is_named_anywhere() -> None:
    problems = [f"{name} {r}" for name, text in texts() for r in REGISTRIES if r in text]
    assert not problems, listed(problems)


def test_no_folder_of_one_machine_is_named_anywhere() -> None:
    problems = [line for name, text in texts() for line in found(name, text, pattern=FOLDERS)]
    assert not problems, listed(problems)


def test_no_telephone_that_could_ring_is_named_anywhere() -> None:
    problems = [line for name, text in texts() for line in found(name, text, pattern=MOBILE)]
    assert not problems, listed(problems)


@pytest.mark.parametrize("text", ["x = 'https:" + "//tiles.invalid/a'", "http:" + "//a.b/c"])
def test_the_check_sees_an_address(text: str) -> None:
    assert outside("src/x.py", text)


@pytest.mark.parametrize(
    "text",
    [
        "http://www.w3.org/2000/svg",
        "http://127.0.0.1:8765/",
        "f'http://{host}'",
        "http://localhost:1",
    ],
)
def test_the_check_lets_an_address_pass(text: str) -> None:
    assert not outside("src/x.py", text)


def test_a_lock_file_may_say_whom_to_fund_and_no_more() -> None:
    url = '"url": "https:' + '//give.invalid/x"'
    assert not outside("package-lock.json", f"  {url}")
    assert outside("package-lock.json", '  "resolved": "https:' + '//registry.invalid/x"')


def test_the_check_sees_a_folder_and_a_telephone() -> None:
    assert found("x", "cd /ro" + "ot/x", pattern=FOLDERS)
    assert not found("x", "/usr/bin/x docs/ho" + "me/x", pattern=FOLDERS)
    assert found("x", "电话 138" + "00000000。", pattern=MOBILE)
    assert not found("x", "10000000031 1" + "38000000001 a138" + "00000000", pattern=MOBILE)
