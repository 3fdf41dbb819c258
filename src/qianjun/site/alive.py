"""Drop a connection the database has closed, without a statement for each request. 连接检查"""

import select
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection

from qianjun.site.threads import Environ, WsgiApp


def alive_first(app: WsgiApp) -> WsgiApp:
    """The same application, on a connection of its thread that is not known to be dead."""

    def answer(env: Environ, start: Callable[..., Any], /) -> Iterable[bytes]:
        drop_dead_connection()
        return app(env, start)

    return answer


def drop_dead_connection() -> None:
    """Close this thread's idle connection when its socket has ended; the next use opens one.

    Between requests the server says nothing, so a readable socket is one that was hung up.
    """
    raw = connection.connection
    if raw is not None and (raw.closed or _readable(raw.fileno())):
        connection.close()


def _readable(number: int) -> bool:
    watch = select.poll()
    watch.register(number, select.POLLIN)
    return bool(watch.poll(0))
