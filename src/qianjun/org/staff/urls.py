"""Addresses of the pages of people and roles. 人员页路由"""

from django.urls import URLPattern, path

from qianjun.org.staff import pages

urlpatterns: list[URLPattern] = [
    path("people/", pages.people, name="people"),
    path("people/add/", pages.add, name="person_add"),
    path("people/<int:person>/", pages.person, name="person"),
    path("people/<int:person>/account/", pages.account, name="person_account"),
    path(
        "people/<int:person>/addresses/<int:address>/consent/",
        pages.consent,
        name="address_consent",
    ),
    path("people/<int:person>/addresses/<int:address>/first/", pages.first, name="address_first"),
    path(
        "people/<int:person>/addresses/<int:address>/reveal/", pages.reveal, name="address_reveal"
    ),
    path("people/<int:person>/change/", pages.change, name="person_change"),
    path("people/<int:person>/link/", pages.link, name="person_link"),
    path("people/<int:person>/second/", pages.second, name="person_second"),
    path("people/<int:person>/roles/", pages.grant, name="role_grant"),
    path("people/<int:person>/roles/<int:grant>/end/", pages.end, name="role_end"),
    path("roles/", pages.roles, name="roles"),
]
