"""What the garbage collector is spared in a process that answers people."""

from __future__ import annotations

import gc
from typing import Final

_YOUNG: Final = 50_000
"""Objects made and not yet gone before the young ones are looked through. A page of a heavy record makes some tens of
thousands, nearly all of which go by themselves; at Python's 700 it would be looked through again and again."""


def settle() -> None:
    """After a process has loaded what it keeps: code, addresses, templates, tables. Looking through that takes a tenth
    of a second, and would be done in the middle of somebody's request."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 20, 20)
