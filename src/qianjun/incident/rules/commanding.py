"""What a command post consists of: who commands, and its groups. 指挥部规则"""

from dataclasses import dataclass
from typing import Final

from qianjun.kernel.words import noop as _

PLACE_MOST: Final = 200
NAME_MOST: Final = 60
TITLE_MOST: Final = 60
DECIDER_MOST: Final = 100
WHY_MOST: Final = 500
DEPUTIES_MOST: Final = 9
# who commands now: our own post, or the city that has taken over
DISTRICT, CITY = "district", "city"
COMMANDS: Final[dict[str, str]] = {DISTRICT: _("本区指挥部"), CITY: _("市指挥部")}


@dataclass(frozen=True, kw_only=True)
class Seat:
    """A place in a command post. 指挥职务

    ``lead`` is the unit that usually has it, a code of ``org/tables/units.csv``; an example until
    the own plan says otherwise. Without ``is_group`` it is somebody by name, not a unit.
    """

    zh: str
    is_group: bool = False
    lead: str = ""


ON_SCENE, CHIEF, DEPUTY, FIREGROUND = "on_scene", "chief", "deputy", "fireground"
# of these there is one at a time; of deputies several
SEATS: Final[dict[str, Seat]] = {
    ON_SCENE: Seat(zh=_("现场总指挥")),
    CHIEF: Seat(zh=_("总指挥")),
    DEPUTY: Seat(zh=_("副总指挥")),
    # command of the fireground stays with the brigade, whoever commands around it
    FIREGROUND: Seat(zh=_("火场指挥（消防）"), lead="450202-XF"),
    "coordination": Seat(zh=_("综合协调组"), is_group=True, lead="450202"),
    "rescue": Seat(zh=_("抢险救援组"), is_group=True, lead="450202-XF"),
    "medical": Seat(zh=_("医疗救护组"), is_group=True, lead="450202-WJ"),
    "order": Seat(zh=_("治安交通组"), is_group=True, lead="450202-GA"),
    "relocation": Seat(zh=_("转移安置组"), is_group=True, lead="450202-MZ"),
    "supplies": Seat(zh=_("物资保障组"), is_group=True, lead="450202-GX"),
    "publicity": Seat(zh=_("新闻宣传组"), is_group=True, lead="450202-XCB"),
    "aftermath": Seat(zh=_("善后组"), is_group=True, lead="450202-QZFB"),
}
GROUPS: Final = tuple(code for code, seat in SEATS.items() if seat.is_group)


@dataclass(frozen=True, kw_only=True)
class Whom:
    """Who is to have a seat, as it is told: a person of the house by id, else by name. 何人"""

    person: str = ""
    name: str = ""
    title: str = ""
    unit: str = ""

    def is_nobody(self) -> bool:
        """Whether nothing was told."""
        return not (self.person or self.name.strip() or self.unit)


@dataclass(frozen=True, kw_only=True)
class Matter:
    """Something open that goes along when command changes hands. 移交事项

    ``kind`` is task, callout, order or deadline; ``due_at`` RFC 3339 or empty.
    """

    kind: str
    ident: str
    title: str
    state: str = ""
    due_at: str = ""
    who: str = ""

    def as_json(self) -> dict[str, str | None]:
        """As it is kept and answered."""
        return {
            "kind": self.kind,
            "id": self.ident,
            "title": self.title,
            "state": self.state or None,
            "due_at": self.due_at or None,
            "who": self.who or None,
        }
