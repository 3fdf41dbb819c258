"""Command line. 命令行"""

import os
import sys


def main() -> None:
    """Run a command; what is not ours goes to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qianjun.site.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
