"""Modules are found by looking into the package."""

from django.conf import settings

from qianjun.site.modules import PARTS, modules_with
from tests.guard.tree import MODULES


def test_every_module_with_something_for_django_is_installed_once() -> None:
    ours = [name for name in settings.INSTALLED_APPS if name.startswith("qianjun.")]
    assert len(set(ours)) == len(ours)
    assert {f"qianjun.{name}" for name in modules_with(*PARTS)} <= set(ours)
    assert ours[-1] == "qianjun.site"


def test_a_part_is_a_file_or_a_folder_and_some_are_left_out() -> None:
    assert "incident" in modules_with("api")
    assert "response" in modules_with("pages")
    assert "kernel" not in modules_with(*PARTS)
    assert "org" not in modules_with("urls", but=("org",))
    assert set(modules_with("rules", "urls", "tables", "layers")) <= set(MODULES)
