"""Addresses of numbers and offices. 号码路由"""

from django.urls import URLPattern, path

from qianjun.org.phonebook import pages

_NUMBER = "contacts/numbers/<slug:what>/<int:number>"
urlpatterns: list[URLPattern] = [
    path("contacts/checks/", pages.checks, name="number_checks"),
    path(f"{_NUMBER}/check/", pages.check, name="number_check"),
    path(f"{_NUMBER}/reveal/", pages.reveal, name="number_reveal"),
    path("contacts/<slug:unit>/offices/", pages.set_office, name="office_set"),
    path("contacts/<slug:unit>/offices/drop/", pages.drop_office, name="office_drop"),
    path("contacts/<slug:unit>/numbers/", pages.add_number, name="number_add"),
]
