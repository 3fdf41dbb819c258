"""The one store of settings: what administrators choose, module by module. 设置库

A module declares ``TITLE`` and ``OPTIONS`` in its ``options.py`` and reads ``setting(module,
name)``, ``text_setting`` or ``secret``; the page is made from the declaration.
"""

from qianjun.org.store.queries import secret, setting, text_setting
from qianjun.org.store.shelf import forget

__all__ = ["forget", "secret", "setting", "text_setting"]
