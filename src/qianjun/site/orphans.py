"""No process of ours outlives the one that started it. 不留孤儿进程"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)  # now: between fork and exec nothing should be loaded


def die_with_parent(sig: int = signal.SIGKILL) -> None:
    """Have the kernel send this signal when the parent dies, however it dies (Linux)."""
    if sys.platform != "linux":
        return
    parent = os.getppid()
    _libc.prctl(PR_SET_PDEATHSIG, sig)
    if os.getppid() != parent:  # it died before we had asked
        os.kill(os.getpid(), sig)
