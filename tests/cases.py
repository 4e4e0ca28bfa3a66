"""How many cases a property test tries: `make test-long` multiplies them by `CARNET_CASES`."""

from __future__ import annotations

import os


def cases(usual: int) -> int:
    return usual * int(os.environ.get("CARNET_CASES", "1"))
