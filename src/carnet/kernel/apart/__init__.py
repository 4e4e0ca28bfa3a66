"""Work on files that come from anywhere, done in processes apart from those that hold keys and a database.

Libraries in native code that read a hostile file may crash, loop, fill the memory or be taken over. So a small
warm process without our environment is handed the file through a pipe, and forks for each one a child with
limits of memory, time and output, which dies with its answer. A module that works there offers
`answer(head, body)`; it and what it imports must be cheap to start.
"""

from __future__ import annotations

from carnet.kernel.apart.helper import Busy, Failed, Helper
from carnet.kernel.apart.wire import Frame, Limits

__all__ = ["Busy", "Failed", "Frame", "Helper", "Limits"]
