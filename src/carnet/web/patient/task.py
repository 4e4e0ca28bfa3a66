"""One thing to do, of those that the home puts forward."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Task:
    """`href`: where it is done."""

    text: str
    more: str
    href: str
    icon: str
    kind: str = "brand"
