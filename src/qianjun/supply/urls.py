"""Addresses of goods, orders, slips, and of the page to sign on. 物资路由"""

from django.urls import URLPattern, path

from qianjun.supply.pages import orders, receipt, stock

urlpatterns: list[URLPattern] = [
    path("g/<str:link>", receipt.receipt, name="supply_receipt"),
    path("g/<str:link>/acts", receipt.acts, name="supply_receipt_acts"),
    path("supplies/", stock.supplies, name="supplies"),
    path("supplies/gaps/", stock.gaps, name="supply_gaps"),
    path("supplies/in/", stock.take_in, name="supply_in"),
    path("supplies/stores/", stock.open_store, name="supply_store_open"),
    path("supplies/lots/<slug:lot>/count/", stock.count, name="supply_count"),
    path("supplies/lots/<slug:lot>/loss/", stock.loss, name="supply_loss"),
    path(
        "supplies/movements/<slug:movement>/reverse/",
        stock.reverse_movement,
        name="supply_reverse",
    ),
    path("supplies/slips/<slug:slip>/", stock.slip, name="supply_slip"),
    path("supplies/orders/", orders.orders, name="supply_orders"),
    path("supplies/orders/propose/", orders.propose, name="supply_propose"),
    path("supplies/orders/approve/", orders.approve, name="supply_approve"),
    path("supplies/orders/<slug:order_id>/", orders.order, name="supply_order"),
    path("supplies/orders/<slug:order_id>/cancel/", orders.cancel, name="supply_cancel"),
    path("supplies/orders/<slug:order_id>/issue/", orders.issue, name="supply_issue"),
    path("supplies/orders/<slug:order_id>/link/", orders.link, name="supply_link"),
    path("supplies/orders/<slug:order_id>/receive/", orders.receive, name="supply_receive"),
    path("supplies/orders/<slug:order_id>/return/", orders.give_back, name="supply_return"),
    path("supplies/<slug:code>/", stock.article, name="supply"),
]
