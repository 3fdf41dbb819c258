"""``python -m qianjun.site``: the program, for children that know only the interpreter."""

from qianjun.site.cli import main

main()
