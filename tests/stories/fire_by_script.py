"""The fire by programs alone: each step asks through the interface what people would press."""

from typing import Final

from tests.site.running import until
from tests.stories.fireground import Desk, Row

NEED: Final = 20
FIRST: Final = 9  # first measures of the sample plan
TENTS: Final = 3


def started(desk: Desk, incident: str) -> Row:
    """First measures, then level III: proposed by the desk, recorded by who may."""
    room = f"incidents/{incident}"
    looked = desk.post(f"{room}/first_measures", preview=True)
    assert {one["id"] for one in looked["tasks"]} == {None}
    first = desk.post(f"{room}/first_measures")
    assert (len(first["tasks"]), first["messages"]) == (FIRST, looked["messages"])
    asked = {"plan": "fire", "level": 3, "why": "疑有甲苯", "matters": "疏散下风向"}
    looked = desk.post(f"{room}/activation", **asked, preview=True)
    assert (looked["id"], looked["asked_of"]) == (None, ["bureau_leader"])
    proposed = desk.post(f"{room}/activation", **asked)
    assert proposed["state"] == "proposed"
    decision = f"activations/{proposed['id']}/decision"
    assert desk.refusal(decision, approve=True) == (403, "not_allowed")
    active = desk.other("bureau_leader").post(decision, approve=True, note="同意")
    assert (active["state"], active["level"]) == ("active", 3)
    kept = {one["id"] for one in first["tasks"]}
    assert kept <= {one["id"] for one in active["tasks"]}, "nobody is ordered the same twice"
    assert {one["state"] for one in (*active["callouts"], *active["orders"])} == {"proposed"}
    assert desk.messages(incident, "callout") == []
    return active


def called(desk: Desk, incident: str, callout: Row) -> list[Row]:
    """The messages of a wave, once everybody has his."""
    sent = desk.confirm(callout)
    assert desk.confirm(callout)["waves"] == sent["waves"], "the second key again changes nothing"
    return list(
        until(
            lambda: (
                rows if len(rows := desk.messages(incident, "callout")) == sent["disturbed"] else []
            )
        )
    )


def by_hand(desk: Desk, messages: list[Row]) -> None:
    """They answer with their own thumbs, come and are there."""
    for one in messages:
        assert desk.pressed(one, "opened")["state"] == "read"
        assert desk.pressed(one, "accept", eta_min=15)["outcome"] == "taken"
        assert desk.pressed(one, "en_route")["state"] == "en_route"
        assert desk.pressed(one, "arrived")["state"] == "arrived"


def goods(desk: Desk, incident: str) -> None:
    """Tents out with a slip, signed for, and back; nothing is there twice."""
    leader, keeper = desk.other("leader_in_charge"), desk.other("keeper")

    def free() -> int:
        rows = keeper.rows("supplies")
        return int(next(row["free"] for row in rows if row["code"] == "tent"))

    before = free()
    told = {"code": "tent", "quantity": TENTS, "receiver": "450202007", "why": "安置点"}
    order = desk.post(f"incidents/{incident}/orders", **told)
    path = f"orders/{order['id']}"
    assert desk.refusal(f"{path}/approve") == (403, "not_allowed")
    assert leader.post(f"{path}/approve")["lines"][0]["reserved"] == TENTS
    issued = keeper.post(f"{path}/issue")
    assert issued["slip"].startswith("CK-")
    assert free() == before - TENTS
    assert "supplies" in desk.holds(incident)
    assert desk.post(f"{path}/receive")["state"] == "received"
    assert keeper.post(f"{path}/return")["state"] == "returned"
    assert free() == before
    assert "supplies" not in desk.holds(incident)


def tasks(desk: Desk, incident: str) -> None:
    """Every order is signed for and done by its link; a silent one went on to somebody else."""
    sent = [one for one in desk.messages(incident, "order") if one["links"]]
    assert desk.refusal(f"incidents/{incident}/close") == (409, "held")
    for one in sent:
        desk.pressed(one, "accept")  # the simulated people may have signed already
        assert desk.pressed(one, "done", text="已办")["state"] == "done"
    counted = desk.get(f"incidents/{incident}")["tasks"]
    assert counted["open"] == 0
    assert 0 < counted["done"] <= len(sent)


def home(desk: Desk, incident: str, callout: str, messages: list[Row]) -> None:
    """Stand-down; who is there goes when his work is done; nobody is out without being asked."""
    assert desk.post(f"callouts/{callout}/stand_down")["state"] == "stood_down"
    for one in messages:
        assert desk.pressed(one, "left")["state"] == "left"
        assert desk.pressed(one, "home")["outcome"] == "taken"
    assert "people" in desk.holds(incident)
    desk.pass_time(hours=7)
    until(lambda: desk.counts(callout)["arrived"] == 0)
    if "people" in desk.holds(incident):
        # whoever said yes and never came is asked by telephone before it may end
        assert desk.refusal(f"callouts/{callout}/end") == (409, "people_out")
    ended = desk.post(f"callouts/{callout}/end", reason="没到的已电话问到，在家")
    assert ended["state"] == "ended"
    assert "people" not in desk.holds(incident)
    assert desk.counts(callout)["left"] >= NEED
