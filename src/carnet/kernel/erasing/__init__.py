"""Erasing a record for good: its rows, the key of its contents, the contents. What was done in it stays told, by the
lines of the trail, without what they were about.

The journal says which records were erased, inside the database and in a file outside it; it is durable before the
erasing is, and replayed after each restoration, so that no backup brings back what was erased.
"""

from __future__ import annotations

from carnet.kernel.erasing.erase import erase
from carnet.kernel.erasing.replay import replay

__all__ = ["erase", "replay"]
