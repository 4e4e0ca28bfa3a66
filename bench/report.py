"""Writes what was measured: the figures as JSON, the page that tells them, and its drawing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import orjson

from bench.drawing import draw

_NAMES: Final = {
    "list": "List of 20 documents (ITI-67)",
    "open": "Opening a CDA of 50 kB (ITI-68)",
    "simplified": "Deposit of a CDA of 50 kB (ITI-105)",
    "provide": "Deposit of a CDA of 50 kB (ITI-65)",
}
_HEAD: Final = """\
<!-- Written by `make bench` from what it measured: run it again instead of changing this page. -->
# How fast

What Carnet does most, measured over HTTP through `carnet serve`, beside the floor: what PostgreSQL and the disk
allow at most on the same machine, at the same time, for the same work. A ratio of 0.5 means that half of what is
possible is reached.

`make bench` measures again and writes this page, [the figures](performance/figures.json) and the drawing.
`BENCH_SECONDS` (of one run), `BENCH_ROUNDS` and `BENCH_SIZE` (documents in the database) shorten or lengthen it.
"""
_HOW: Final = """\
## How it was measured

- **Data.** Records are copies, by COPY, of records that came in by real deposits, in every table that a deposit writes.
  Lists and openings go to 48 records, deposits to 96 others: their rows are compressed as those of a deposit. The many
  others are left uncompressed. Only the records read have files. The speed of copying counts every row in every
  table, made and sent by COPY; the other one also all the indexes, made anew at the end, and the check of every foreign
  key. Neither counts a file, vacuum or seal of the trail, nor the wait until the last commits stand on the disk. Every
  deposit is another document, made before the clock starts.
- **Carnet** runs as installed, with two web processes; everything (Carnet, PostgreSQL, the driver) shares the machine.
  Each client is a connection that asks again as soon as it is answered.
- **Floor of the list**: pgbench with the very statement that Carnet sends, with its values, policies and line of
  the trail, prepared, as the same log-in, over as many connections as the web has threads.
- **Floor of the opening**: that statement, then the content read and decrypted, in as many processes and threads as
  the web has; nothing is sent anywhere.
- **Floor of the deposits**: the bytes encrypted and written durably by the vault, then the transaction that Carnet
  itself was seen to run, statement by statement with rows of the same size, and its durable commit.
- Carnet and floor take turns; each figure is the median of the rounds. `web`, `worker`, `PostgreSQL` and `driver`
  are milliseconds of processor time for one operation; what the vault does in the floors counts as `driver`. The
  worker reads the words of what was deposited, for search, meanwhile.
"""


def write(found: Mapping[str, Any], docs: Path) -> None:
    folder = docs / "performance"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "figures.json").write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2) + b"\n")
    (folder / "ratio.svg").write_text(draw(found["measures"], _NAMES), encoding="utf-8")
    (docs / "performance.md").write_text(page(found), encoding="utf-8")


def page(found: Mapping[str, Any]) -> str:
    parts = [_HEAD, "![Share of the floor that is reached](performance/ratio.svg)\n", _taken(found)]
    for scenario, title in _NAMES.items():
        measures = [each for each in found["measures"] if each["scenario"] == scenario]
        parts += [f"## {title}\n", _table(measures)]
    return "\n".join([*parts, _HOW])


def _taken(found: Mapping[str, Any]) -> str:
    machine, settings, filling = found["machine"], found["settings"], found["filling"]
    copied, whole = (round(filling["documents"] / filling[each]) for each in ("copied", "seconds"))
    return (
        f"Taken on {machine['date']}: {machine['processor']}, {machine['cores']} cores, {machine['memory_gib']} GiB, "
        f"Python {machine['python']}, PostgreSQL {machine['postgresql']}, Granian {machine['granian']}; "
        f"{settings['documents']} documents (copied at {copied} a second; at {whole} with the indexes and the keys), "
        f"{settings['rounds']} rounds of {settings['seconds']:g} s. "
        f"Load average at the end, the benchmark's own included: {machine['load_at_end']}.\n"
    )


def _table(measures: Iterable[Mapping[str, Any]]) -> str:
    head = ("clients", "", "a second", "p50 ms", "p99 ms", "web ms", "worker ms", "PostgreSQL ms", "driver ms", "ratio")
    lines = [head, ("---:", "---", *["---:"] * 8)]
    for each in measures:
        lines.append((str(each["clients"]), "Carnet", *_figures(each["carnet"]), f"**{each['ratio']:.2f}**"))
        lines.append(("", "floor", *_figures(each["floor"]), ""))
    return "".join(f"| {' | '.join(line)} |\n".replace("|  |", "| |") for line in lines)


def _figures(given: Mapping[str, float]) -> tuple[str, ...]:
    times = (given[name] for name in ("p50", "p99", "web", "worker", "postgresql", "driver"))
    return f"{given['throughput']:.0f}", *(f"{each:.2f}" for each in times)
