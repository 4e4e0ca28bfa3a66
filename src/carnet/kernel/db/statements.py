"""SQL stands in `.sql` files; each statement there begins with a line `-- name: the_name`."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_NAME = re.compile(r"^-- name: (\w+)\s*$", re.MULTILINE)


def text(package: str, filename: str) -> str:
    return (files(package) / filename).read_text(encoding="utf-8")


@cache
def statements(package: str, filename: str = "queries.sql") -> dict[str, str]:
    """Every named statement of a file, by name."""
    parts = _NAME.split(text(package, filename))
    return {name: body.strip() for name, body in zip(parts[1::2], parts[2::2], strict=True)}
