"""Addresses of the book of contacts. 通讯录路由"""

from django.urls import URLPattern, path

from qianjun.org.book import pages

urlpatterns: list[URLPattern] = [
    path("contacts/", pages.contacts, name="contacts"),
    path("contacts/<slug:unit>/", pages.unit, name="contact"),
    path("contacts/<slug:unit>/set/", pages.enter, name="contact_set"),
    path("contacts/<slug:unit>/drop/", pages.drop, name="contact_drop"),
]
