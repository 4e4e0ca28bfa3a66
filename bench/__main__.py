"""`make bench`: fills a house, measures each hot path beside its floor, and writes what it found into docs/."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from bench.place import house, served
from bench.report import write

_READABLE, _FEWEST, _PATTERNS = 48, 4, 12


def main() -> int:
    size = int(os.environ.get("BENCH_SIZE", "120000"))
    seconds = float(os.environ.get("BENCH_SECONDS", "3"))
    rounds = int(os.environ.get("BENCH_ROUNDS", "3"))
    clients = [int(each) for each in os.environ.get("BENCH_CLIENTS", "1,8,32").split(",")]
    folder = Path(os.environ.get("BENCH_FOLDER", "build/bench"))
    docs = Path(os.environ.get("BENCH_DOCS", "docs"))
    with house(folder / "house") as (place, server):
        # What follows wants Django, which the house has set up.
        from bench.generate import fill  # noqa: PLC0415
        from bench.measure import measure  # noqa: PLC0415

        # A small house, for a look, has few patterns and records to go to.
        readable = min(_READABLE, max(_FEWEST, size // 400))
        filled = fill(size, readable=readable, writable=2 * readable, wanted=min(_PATTERNS, readable))
        copied, whole = (filled.documents / each for each in (filled.copied, filled.seconds))
        say(f"{filled.documents} documents: copied at {copied:.0f} a second, with indexes and keys at {whole:.0f}")
        with served(place) as serving:
            found = measure(place, server, serving, filled, clients=clients, seconds=seconds, rounds=rounds, say=say)
    write(found, docs)
    return 0


def say(line: str) -> None:
    sys.stderr.write(f"bench: {line}\n")


if __name__ == "__main__":
    sys.exit(main())
