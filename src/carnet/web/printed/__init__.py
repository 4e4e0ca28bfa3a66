"""Pages that are printed: their sources, beside what fills them in."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

from carnet.kernel import typeset

__all__ = ["made"]

_HERE = Path(__file__).parent
Name = Literal["summary", "certificate"]


def made(name: Name, data: dict[str, Any], *, at: datetime, whose: object = None) -> typeset.Pdf:
    return typeset.pdf(_source(name), data, at=at, whose=whose)


@cache
def _source(name: Name) -> str:
    return "\n".join((_HERE / f"{each}.typ").read_text(encoding="utf-8") for each in ("common", name))
