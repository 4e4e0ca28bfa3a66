"""A child that dies with its parent, even when the parent is killed and can tell nobody."""

from __future__ import annotations

import ctypes
import os
import signal

_PR_SET_PDEATHSIG = 1


def die_with(parent: int) -> None:
    """To be called first thing in the child. Linux only, where it is the kernel that keeps the promise."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    # It may have died in the instant before.
    if os.getppid() != parent:
        os._exit(1)
