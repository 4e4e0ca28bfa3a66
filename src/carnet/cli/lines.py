"""A file of lines, followed: each line that is wrong is told, the others are done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from carnet.cli.errors import CommandError
from carnet.formats.lines import FileRefused, Kind, Line, LineRefused, read

_TOLD_EVERY: Final = 10_000


def follow(path: Path, kinds: Mapping[str, Kind], act: Callable[[Line], bool]) -> int:
    """`act` answers False for what was so already. 1 when a line was refused."""
    counts: Counter[str] = Counter()
    try:
        with path.open("rb") as file:
            for number, line in read(file, kinds):
                counts[_one(number, line, act)] += 1
                if counts.total() % _TOLD_EVERY == 0:
                    print(f"{counts.total()} lignes lues", flush=True)
    except FileRefused as refused:
        raise CommandError(str(refused)) from None
    except OSError as error:
        raise CommandError(f"Le fichier {path} ne se lit pas ({error.strerror}).") from None
    print(
        f"Lignes : {counts.total()} ; faites : {counts['done']} ; déjà connues : {counts['same']} ;"
        f" refusées : {counts['refused']}."
    )
    return 1 if counts["refused"] else 0


def _one(number: int, line: Line | LineRefused, act: Callable[[Line], bool]) -> str:
    from carnet.kernel.db.constraints import Violation

    try:
        if isinstance(line, LineRefused):
            raise line
        return "done" if act(line) else "same"
    except LineRefused as refused:
        rule, message = refused.rule, refused.message
    except Violation as violation:
        rule, message = violation.constraint, violation.message
    print(f"ligne {number} refusée, {rule} : {message}", flush=True)
    return "refused"
