"""Pages obey their own policy: nothing inline, everything labelled and translatable."""

import re

import pytest

from tests.guard.tree import SRC, files, listed, name_of, text_of

INLINE = {
    "style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "inline script": re.compile(
        r"<script\b(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", re.IGNORECASE
    ),
    "event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "script address": re.compile(r"javascript:", re.IGNORECASE),
    "htmx that evaluates": re.compile(r"\bhx-on|hx-vals\s*=\s*[\"']js:", re.IGNORECASE),
    "address outside": re.compile(r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE),
}
TAGS = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|<!--.*?-->", re.DOTALL)
TRANSLATED = re.compile(
    r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}"
    r"|{%\s*(?:translate|trans)\b.*?%}|{{.*?}}|{%.*?%}",
    re.DOTALL,
)
CHINESE = re.compile(r"[\u4e00-\u9fff]+")


def inline(name: str, text: str) -> list[str]:
    """Everything that the content policy would refuse, or that leads outside."""
    return [
        f"{name}:{text.count(chr(10), 0, found.start()) + 1} {what}"
        for what, pattern in INLINE.items()
        for found in pattern.finditer(text)
    ]


def untranslated(name: str, text: str) -> list[str]:
    """Chinese words of a template that stand outside the translating tags."""
    rest = TRANSLATED.sub(" ", TAGS.sub(" ", text))
    return [f"{name}: {word}" for word in CHINESE.findall(rest)]


def test_no_template_carries_inline_style_script_or_an_address_outside() -> None:
    found = files(".html", ".svg", ".txt", under=SRC)
    problems = [line for p in found for line in inline(name_of(p), text_of(p))]
    assert not problems, listed(problems)


def test_every_word_of_a_template_can_be_translated() -> None:
    found = [p for p in files(".html", under=SRC) if "templates" in p.parts]
    problems = [line for p in found for line in untranslated(name_of(p), text_of(p))]
    assert not problems, listed(problems)


@pytest.mark.parametrize(
    "text",
    [
        '<p class="x" style="color: red">',
        "<style>p {}</style>",
        "<script>alert(1)</script>",
        '<script type="module">import "x"</script>',
        '<button type="button" onclick="x()">',
        '<a href="javascript:x">',
        '<div hx-on:click="x">',
        "<div hx-vals='js:{}'>",
        '<img src="//tiles.invalid/x">',
    ],
)
def test_the_check_sees(text: str) -> None:
    assert inline("x.html", text)


@pytest.mark.parametrize(
    "text",
    [
        '<script type="module" src="/static/x.js"></script>',
        '<script id="x" type="application/json">{}</script>',
        '<section data-on="1" class="on">',
        '<a href="/x">',
    ],
)
def test_the_check_lets_pass(text: str) -> None:
    assert not inline("x.html", text)


def test_the_check_sees_words_that_nobody_can_translate() -> None:
    assert untranslated("x.html", "<p>值班台</p>") == ["x.html: 值班台"]
    assert not untranslated("x.html", "{% translate '值班台' %}{# 值班 #}{{ name|default:'无' }}")
    assert not untranslated("x.html", "{% blocktranslate %}共 {{ n }} 件{% endblocktranslate %}")
