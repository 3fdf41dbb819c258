"""Whether words are said or denied: 没有爆炸 is no explosion. 否定"""

import re
from typing import Final

_DENIED: Final = re.compile(
    r"(?:没有|不是|并非|并未|不涉及|未涉及|未发生|未见|未发现|未造成|排除|无)(?:人|人员)?\Z"
)
LONGEST: Final = 5


def is_denied(text: str, at: int) -> bool:
    """Whether what begins at this place of the text is denied right before it."""
    return bool(_DENIED.search(text[max(0, at - LONGEST) : at]))


def is_said(word: str, text: str) -> bool:
    """Whether the word stands in the text at least once without being denied. 说到"""
    at = text.find(word)
    while at >= 0:
        if not is_denied(text, at):
            return True
        at = text.find(word, at + 1)
    return False
