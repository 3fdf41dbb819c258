"""Addresses of one-time links. 登记路由"""

from django.urls import URLPattern, path

from qianjun.org.enrolling import pages

urlpatterns: list[URLPattern] = [path("<str:link>/", pages.enrolment, name="enrolment")]
