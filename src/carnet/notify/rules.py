"""Of what a person may be told by e-mail, and to which address. Pure; the words are in `notify.wording`."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """Names of facts that rooms tell (`kernel.happened`). `WAITING`: there is something to speak of with a professional
    (R1111-53). `CARED`: something new or corrected in the record of somebody whom one helps, among what one was
    given. `ALERT`: the record of a médecin traitant's patient was opened in an emergency (R1111-48).
    `APPS`: apps that a person let in may still read. `ERASING`: the record is to be erased."""

    EMERGENCY = "emergency"
    RIGHTS = "rights"
    DOCUMENT = "document"
    CORRECTION = "correction"
    FIRST_ACCESS = "first-access"
    WAITING = "waiting"
    ALERT = "alert"
    APPS = "apps"
    CARED = "cared"
    SECURITY = "security"
    STOPPED = "stopped"
    SETTLED = "settled"
    ENTRANCE = "entrance"
    ERASING = "erasing"
    ANSWER = "answer"
    GROWING = "growing"
    GROWN = "grown"


OF_PROFESSIONALS: Final = frozenset({Kind.ALERT})
OF_ACCOUNT: Final = frozenset({Kind.STOPPED, Kind.SETTLED, Kind.ENTRANCE, Kind.ERASING})
"""Told to the holder alone, also of what they did themselves: somebody else may have done it in their session."""
ALWAYS: Final = OF_ACCOUNT | {Kind.SECURITY, Kind.ANSWER, Kind.GROWING, Kind.GROWN}
"""Told to whoever has an address: a thief of an account would not choose to be told of; who asked something gets the
answer, and what the age changes nobody chooses."""
DEFAULT: Final = frozenset({Kind.EMERGENCY, Kind.RIGHTS, Kind.FIRST_ACCESS, Kind.WAITING, Kind.APPS})


def is_address(text: str) -> bool:
    """Enough to be sent to; whether somebody reads it is found out by asking them. No line breaks, one @."""
    name, _, domain = text.partition("@")
    plain = text.isascii() and text.isprintable() and " " not in text and not set(text) & set('<>,;:\\"()[]')
    return plain and 0 < len(name) <= _LONGEST_NAME and "." in domain.strip(".") and "@" not in domain and _fits(text)


_MARKS: Final = str.maketrans("", "", " .-()/\u00a0\u202f")
# Mobile numbers as they are dialled in France, and the country of each.
_HOME: Final = (
    ("0639", "+262"),
    ("0690", "+590"),
    ("0691", "+590"),
    ("0692", "+262"),
    ("0693", "+262"),
    ("0694", "+594"),
    ("0696", "+596"),
    ("0697", "+596"),
    ("06", "+33"),
    ("07", "+33"),
)
_FRENCH_LENGTH: Final = 10


def mobile(text: str) -> str | None:
    """A number to which a text can be sent, as the world dials it (E.164); None for another one, or for none."""
    typed = text.translate(_MARKS)
    number = f"+{typed[2:]}" if typed.startswith("00") else typed
    if number.isascii() and number.isdigit() and len(number) == _FRENCH_LENGTH:
        home = next((code for start, code in _HOME if number.startswith(start)), None)
        return f"{home}{number[1:]}" if home else None
    digits = number.removeprefix("+")
    world = number.startswith("+") and digits.isascii() and digits.isdigit() and digits[:1] != "0"
    if not world or not 8 <= len(digits) <= 15:  # noqa: PLR2004  (E.164)
        return None
    return number if not digits.startswith("33") or mobile(f"0{digits[2:]}") else None


_LONGEST_NAME: Final = 64
_LONGEST: Final = 254


def _fits(text: str) -> bool:
    return len(text) <= _LONGEST and ".." not in text and not text.endswith(".")
