"""One thing that was looked at: how it stands, and what to do. 检查结果"""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warn", "bad", "skipped"]
WORDS: dict[State, str] = {"ok": "正常", "warn": "注意", "bad": "不行", "skipped": "没查"}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """How one thing stands. 检查项

    ``says`` is what was seen, ``remedy`` what to do about it, both in Chinese; ``remedy`` is empty
    when nothing needs to be done.
    """

    name: str
    title: str
    state: State
    says: str
    remedy: str = ""

    def as_json(self) -> dict[str, str]:
        """For programs."""
        return {
            "name": self.name,
            "state": self.state,
            "title_zh": self.title,
            "detail_zh": self.says,
            "remedy_zh": self.remedy,
        }

    def in_words(self) -> str:
        """For whoever sits at the terminal."""
        said = f"[{WORDS[self.state]}] {self.title}：{self.says}"
        return f"{said}\n       → {self.remedy}" if self.remedy else said


@dataclass(frozen=True, kw_only=True)
class Check:
    """A thing to look at, by name; makes its findings. 检查"""

    name: str
    title: str

    def ok(self, says: str) -> Finding:
        """Nothing to do."""
        return Finding(name=self.name, title=self.title, state="ok", says=says)

    def warn(self, says: str, remedy: str) -> Finding:
        """It works, and somebody should look after it soon."""
        return Finding(name=self.name, title=self.title, state="warn", says=says, remedy=remedy)

    def bad(self, says: str, remedy: str) -> Finding:
        """It does not work, or what is promised does not hold."""
        return Finding(name=self.name, title=self.title, state="bad", says=says, remedy=remedy)

    def skipped(self, says: str) -> Finding:
        """It could not be looked at."""
        return Finding(name=self.name, title=self.title, state="skipped", says=says)
