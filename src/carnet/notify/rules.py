"""Of what a person may be told by e-mail, and to which address. Pure; the words are in `notify.wording`."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """Names of facts that rooms tell (`kernel.happened`)."""

    EMERGENCY = "emergency"
    RIGHTS = "rights"
    DOCUMENT = "document"
    CORRECTION = "correction"
    FIRST_ACCESS = "first-access"
    SECURITY = "security"
    STOPPED = "stopped"
    SETTLED = "settled"


OF_ACCOUNT: Final = frozenset({Kind.STOPPED, Kind.SETTLED})
"""Told to the holder alone, also of what they did themselves: somebody else may have done it in their session."""
ALWAYS: Final = OF_ACCOUNT | {Kind.SECURITY}
"""Told to whoever has an address: a thief of an account would not choose to be told of."""
DEFAULT: Final = frozenset({Kind.EMERGENCY, Kind.RIGHTS, Kind.FIRST_ACCESS})


def is_address(text: str) -> bool:
    """Enough to be sent to; whether somebody reads it is found out by asking them. No line breaks, one @."""
    name, _, domain = text.partition("@")
    plain = text.isascii() and text.isprintable() and " " not in text and not set(text) & set('<>,;:\\"()[]')
    return plain and 0 < len(name) <= _LONGEST_NAME and "." in domain.strip(".") and "@" not in domain and _fits(text)


_LONGEST_NAME: Final = 64
_LONGEST: Final = 254


def _fits(text: str) -> bool:
    return len(text) <= _LONGEST and ".." not in text and not text.endswith(".")
