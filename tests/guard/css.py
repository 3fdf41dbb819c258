"""Read style sheets as far as the guards need it. 样式表"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
WHITE = 255
# WCAG 2.x relative luminance: below this channel value the curve is a line
LINEAR_BELOW = 0.04045


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """One ``name: value`` with the selectors and at-rules around it, outermost first."""

    around: tuple[str, ...]
    name: str
    value: str

    @property
    def selector(self) -> str:
        """The innermost selector."""
        return self.around[-1] if self.around else ""


def declarations(text: str) -> Iterator[Declaration]:
    """Every declaration of a style sheet, in order."""
    around: list[str] = []
    for piece, end in re.findall(r"([^{};]*)([{};])", COMMENT.sub("", text)):
        words = " ".join(piece.split())
        if ":" in words and end != "{":
            name, value = words.split(":", 1)
            yield Declaration(around=tuple(around), name=name.strip(), value=value.strip())
        if end == "{":
            around.append(words)
        elif end == "}" and around:
            around.pop()


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``, 0 black to 1 white (WCAG 2.x)."""
    channels = [int(colour[at : at + 2], 16) / WHITE for at in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= LINEAR_BELOW else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21 (WCAG 2.x)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)
