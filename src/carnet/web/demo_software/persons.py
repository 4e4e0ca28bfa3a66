"""The invented persons whom a professional of the demonstration may look for: nobody else is ever listed."""

from __future__ import annotations

from carnet.demo import cast
from carnet.demo.model import Identity
from carnet.web.auth.providers import PROFESSIONAL, demonstrated


def invented() -> list[Identity]:
    """None where people come in by another provider."""
    return [each.identity for each in cast.RESIDENTS] if demonstrated(PROFESSIONAL) else []
