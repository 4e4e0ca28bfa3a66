"""From whom a professional keeps what they put in, at the person's request: read from a form. Pure."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from carnet.web.i18n import gettext

MASKED: Final = "masque"
SECRET: Final = "secret"  # noqa: S105  (the name of a box)
NOTES: Final = frozenset({MASKED, SECRET})
"""What may be asked of something noted: nothing of it waits for an announcement."""


def secret_fault(labels: Collection[str], *, represented: bool) -> str:
    if SECRET in labels and not represented:
        return gettext("Le secret vis-à-vis des représentants ne vaut que pour une personne mineure ou représentée")
    return ""
