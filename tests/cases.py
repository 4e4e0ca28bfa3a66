"""How many cases a property test tries: half of what is usual, unless `CARNET_CASES` says how many times as many, as
`make test-long` does."""

from __future__ import annotations

import os


def cases(usual: int) -> int:
    return max(round(usual * float(os.environ.get("CARNET_CASES", "0.5"))), 1)
