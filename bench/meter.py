"""Processor time of the processes that serve, as Linux counts it."""

from __future__ import annotations

import os
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
_USER, _CHILDREN_END = 11, 15
_PARENT = 1


def processor_of_family(root: int) -> float:
    """Seconds of a process and of everything below it, those that have ended meanwhile among them."""
    return sum(sum(int(each) for each in fields[_USER:_CHILDREN_END]) for fields in _family(root)) / _TICK


def process_that_runs(module: str, below: int) -> int:
    """The process below `below` that runs a Python module."""
    for number in _numbers_below(below):
        words = Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0")
        if module.encode() in words:
            return number
    raise LookupError(f"No process runs {module}.")


def _family(root: int) -> list[list[str]]:
    return [fields for number in (root, *_numbers_below(root)) if (fields := _stat(number))]


def _numbers_below(root: int) -> list[int]:
    parents = {
        int(each.name): fields
        for each in Path("/proc").iterdir()
        if each.name.isdigit() and (fields := _stat(int(each.name)))
    }
    found, wave = [], [root]
    while wave:
        wave = [number for number, fields in parents.items() if int(fields[_PARENT]) in wave]
        found += wave
    return found


def _stat(number: int) -> list[str]:
    """The fields after the name, which may hold spaces; none when the process has ended."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(") ")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
