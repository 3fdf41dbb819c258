"""The pages of goods: what is there, what is missing, and each step by who may take it."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import translation

from qianjun.kernel import clock
from qianjun.org.seeding import seed_units
from qianjun.supply import actions
from qianjun.supply.models import Lot, Movement, TransferOrder
from qianjun.supply.queries.orders import state_of
from qianjun.supply.seeding import seed_demo_stock
from tests import cast
from tests.incident.fires import taken
from tests.supply.stores import approved, has, issued, keeper, proposed, stocked, store

pytestmark = pytest.mark.django_db(transaction=True)
PAGE_BYTES = 100 * 1024


def shown(client: Client, path: str, *, status: int = 200) -> str:
    """A page as text without its tags."""
    reply = client.get(path)
    assert reply.status_code == status, path
    return re.sub(r"<[^>]+>|\s+", " ", reply.content.decode())


def sent(client: Client, path: str, **fields: object) -> str:
    """A form that was sent, and the page that followed."""
    reply = client.post(path, fields, follow=True)
    return re.sub(r"<[^>]+>|\s+", " ", reply.content.decode())


def now(row: TransferOrder) -> str:
    """The state of an order."""
    return state_of(TransferOrder.objects.get(pk=row.pk))


def test_the_stock_shows_what_is_below_its_red_line() -> None:
    seed_units()
    seed_demo_stock()
    officer = cast.signed_in(cast.XIAOWANG)
    page = shown(officer, "/supplies/")
    assert "折叠床" in page
    assert "缺 110" in page  # the earthquake plan asks for 120
    assert "示例" in page
    assert "入库" not in page
    soon = shown(officer, "/supplies/?show=soon")
    assert "医用外科口罩" in soon
    assert "帐篷" not in soon
    assert "棉胎" in shown(officer, "/supplies/?q=mt")
    assert "没有符合的物资" in shown(officer, "/supplies/?q=没有这个")
    gaps = shown(officer, "/supplies/gaps/")
    assert "缺 30" in gaps  # fire: 40 beds, 10 there
    assert shown(officer, "/supplies/?show=gap").count("缺 ") > 10


def test_an_empty_house_says_what_to_do() -> None:
    page = shown(cast.signed_in(cast.XIAOWANG), "/supplies/")
    assert "还没有物资品目" in page
    assert "还没有仓库" in page
    assert "没有未了结的调拨单" in shown(cast.signed_in(cast.XIAOWANG), "/supplies/orders/")


def test_the_leader_opens_a_store_and_the_keeper_fills_counts_and_corrects_it() -> None:
    cast.unit()
    leader, man = cast.signed_in(cast.LAOLI), cast.signed_in(cast.KEEPER)
    store("450202-OLD")
    told = sent(leader, "/supplies/stores/", name="演示二库", code="450202-OLD", keeper="450202")
    assert "这个仓库代码已经有了" in told
    assert "演示二库" in sent(
        leader, "/supplies/stores/", name="演示二库", code="450202-NEW", keeper="450202"
    )
    place = store("450202-NEW")
    form = {"store": place.pk, "code": "tent", "key": "one-key-for-tents", "shelf": "B-1"}
    assert "请写整数" in sent(man, "/supplies/in/", **form, quantity="很多")
    assert "日期写成" in sent(man, "/supplies/in/", **form, quantity="5", expires_on="明天")
    assert "已入库" in sent(man, "/supplies/in/", **form, quantity="15")
    sent(man, "/supplies/in/", **form, quantity="15")  # the same form twice is one slip
    assert has("tent") == (15, 0, 15)
    lot = Lot.objects.get()
    assert "账实不符" in sent(man, f"/supplies/lots/{lot.pk}/count/", found="14")
    assert "盘点已记" in sent(man, f"/supplies/lots/{lot.pk}/count/", found="14", why="丢失")
    assert "已核销" in sent(man, f"/supplies/lots/{lot.pk}/loss/", quantity="2", why="破损")
    row = Movement.objects.get(reason="loss")
    path = f"/supplies/movements/{row.pk}/reverse/"
    assert "已冲正" in sent(man, path, why="记错")
    assert "已经冲正过" in sent(man, path, why="记错")
    assert has("tent") == (14, 0, 14)
    ledger = shown(man, "/supplies/tent/")
    assert "破损" in ledger
    assert "核销单" in shown(man, f"/supplies/slips/{row.slip}/")


def test_an_order_goes_from_the_desk_to_the_scene_and_back() -> None:
    stocked("folding_bed", 10)
    officer, leader, man = (cast.signed_in(p) for p in (cast.XIAOWANG, cast.LAOLI, cast.KEEPER))
    incident = taken(cast.actor(cast.XIAOWANG)).stored.incident_id
    form = {"incident": incident, "code1": "folding_bed", "quantity1": "40", "key": "a-key-of-ours"}
    assert "请写整数" in sent(officer, "/supplies/orders/propose/", **(form | {"quantity1": "x"}))
    assert "缺 30" in sent(officer, "/supplies/orders/propose/", **form)
    sent(officer, "/supplies/orders/propose/", **form)
    row = TransferOrder.objects.get()
    here = f"/supplies/orders/{row.pk}/"
    assert "批准调拨" not in shown(officer, here)
    assert row.number in shown(leader, "/supplies/orders/")
    assert "已批准 1 张" in sent(leader, "/supplies/orders/approve/", order=row.pk)
    assert "没有选中" in sent(leader, "/supplies/orders/approve/")
    assert "发出物资" in shown(man, here)
    assert "已出库" in sent(man, f"{here}issue/")
    made = man.post(f"{here}link/").content.decode()
    link = re.search(r"/g/[a-z2-7]{42}", made)
    assert link
    assert 'class="qr"' in made
    assert "代记签收" in shown(officer, here)
    assert "已记签收" in sent(officer, f"{here}receive/", **{"got-folding_bed": "9"}, note="少一张")
    assert "数量不符" in shown(officer, here)
    told = sent(man, f"{here}return/", **{"back-folding_bed": "9", "lost-folding_bed": "1"})
    assert "核销的请写明原因" in told
    back = {"back-folding_bed": "9", "lost-folding_bed": "1", "why": "途中丢失"}
    assert "归还已记" in sent(man, f"{here}return/", **back)
    assert now(row) == "returned"
    assert has("folding_bed") == (9, 0, 9)
    assert row.number in shown(officer, "/supplies/orders/?show=all")
    assert Client().get(link[0]).status_code == 410


def test_several_orders_are_approved_with_one_key_and_one_that_cannot_be_says_why() -> None:
    stocked("tent", 1)
    rows = [proposed(("tent", 1)), proposed(("tent", 1))]
    told = sent(
        cast.signed_in(cast.LAOLI), "/supplies/orders/approve/", order=[row.pk for row in rows]
    )
    assert "已批准 1 张" in told
    assert "没有可用的了" in told
    cancelled = sent(
        cast.signed_in(cast.XIAOWANG), f"/supplies/orders/{rows[1].pk}/cancel/", why="不用了"
    )
    assert "已撤销" in cancelled
    assert [now(row) for row in rows] == ["approved", "cancelled"]


def test_the_phone_signs_by_its_link_alone_and_looking_changes_nothing() -> None:
    stocked("sheet", 80)
    row = issued(("sheet", 40))
    path = actions.open_receipt(by=keeper(), order_id=row.pk)
    phone = Client(enforce_csrf_checks=True, headers={"accept": "text/html"})
    for _look in range(2):
        reply = phone.get(path)
        assert reply.status_code == 200
        assert len(reply.content) < PAGE_BYTES
        assert "no-referrer" in reply.headers["Referrer-Policy"]
    assert phone.head(path).status_code == 200
    assert now(row) == "issued"
    kept = {"act": "receive", "note": "少两条"}
    wrong = phone.post(f"{path}/acts", {**kept, "act_id": uuid4(), "got-sheet": "四十"})
    assert wrong.status_code == 422
    for told in ("请写整数", 'value="四十"', "少两条"):
        assert told in wrong.content.decode(), told
    odd = sent(phone, f"{path}/acts", act="receive", act_id=uuid4(), **{"got-gold": "1"})
    assert "没有这种物资" in odd
    assert now(row) == "issued"
    assert "已签收，谢谢" in sent(
        phone, f"{path}/acts", **kept, act_id=uuid4(), **{"got-sheet": "38"}
    )
    again = sent(phone, f"{path}/acts", act="receive", act_id=uuid4(), **{"got-sheet": "1"})
    assert "已签收，谢谢" in again
    line = row.lines.get()
    assert line.received == 38
    altered = path[:-1] + ("a" if path[-1] != "a" else "b")
    assert phone.get(altered).status_code == 404
    assert phone.post(f"{altered}/acts").status_code == 404


def pressed(path: str, **told: object) -> tuple[int, dict[str, object]]:
    """What the queue of a phone sends, and what it hears."""
    body = {"act": "receive", "act_id": str(uuid4())} | told
    reply = Client().post(f"{path}/acts", json.dumps(body), "application/json")
    return reply.status_code, json.loads(reply.content)


def test_a_signature_given_without_signal_counts_from_then_and_once(
    held_clock: clock.Held,
) -> None:
    stocked("sheet", 80)
    row = issued(("sheet", 40))
    path = actions.open_receipt(by=keeper(), order_id=row.pk)
    signed_at = held_clock.forward(timedelta(minutes=4))
    held_clock.forward(timedelta(minutes=50))
    act = {
        "act_id": str(uuid4()),
        "got-sheet": "40",
        "happened_at": signed_at.isoformat(),
        "sent_at": clock.real().isoformat(),
    }
    assert pressed(path, **(act | {"got-sheet": "x"}))[1]["code"] == "not_a_number"
    status, told = pressed(path, **act)
    assert (status, told["outcome"]) == (200, "taken")
    assert pressed(path, **act)[1]["outcome"] == "repeated"
    assert pressed(path, act="throw")[0] == 422
    row.refresh_from_db()
    assert row.received_at == signed_at
    shown_ = json.loads(Client().get(path, headers={"accept": "application/json"}).content)
    assert (shown_["kind"], shown_["acts"]) == ("receipt", [])
    assert shown_["lines"][0]["received"] == 40


def test_a_link_of_another_matter_opens_no_order() -> None:
    from qianjun.org.links import make_link

    stocked("sheet", 80)
    row = issued(("sheet", 40))
    for about in (("incident", str(row.incident_id)), ("order", "999999")):
        path = make_link(purpose="g", about=about)
        assert Client().get(path).status_code == 404
        assert (
            Client().post(f"{path}/acts", {"act": "receive", "act_id": uuid4()}).status_code == 404
        )
    task = make_link(purpose="t", about=("order", str(row.pk)))
    assert Client().get(task.replace("/t/", "/g/")).status_code == 404


def test_who_may_not_sees_no_form_and_no_page() -> None:
    stocked("tent", 5)
    row = approved(("tent", 1))
    here = f"/supplies/orders/{row.pk}/"
    leader_of_all = cast.signed_in(cast.JUZHANG)
    page = shown(leader_of_all, here)
    for word in ("发出物资", "批准调拨", "撤销调拨单"):
        assert word not in page
    assert leader_of_all.post(f"{here}issue/").status_code == 403
    for part in (cast.XIAOCHEN, cast.JIEDAO, cast.SYSTEM):
        assert cast.signed_in(part).get("/supplies/").status_code == 403
    assert Client().get("/supplies/").status_code == 302
    for missing in ("/supplies/nothing/", "/supplies/orders/999/", "/supplies/slips/XX-1/"):
        assert leader_of_all.get(missing).status_code == 404


def test_an_english_reader_gets_the_words_of_the_goods() -> None:
    stocked("folding_bed", 10)
    row = approved(("folding_bed", 4))
    reader = cast.signed_in(cast.XIAOWANG)
    reader.cookies["django_language"] = "en"
    with translation.override("en"):
        assert "Folding beds" in shown(reader, "/supplies/")
        assert "Approved, to be issued" in shown(reader, f"/supplies/orders/{row.pk}/")
