"""Why a sign-in failed. The reason goes to the log; people read one of a few sentences."""

from __future__ import annotations

from enum import StrEnum


class Trouble(StrEnum):
    """What the person is told. Nothing here says which check failed."""

    PROVIDER = "provider"  # not reachable, or it answered nonsense: try again later
    ATTEMPT = "attempt"  # this attempt is over (too old, twice, another browser): start again
    DENIED = "denied"  # the person gave up at the provider's
    LEVEL = "level"  # the way of signing in is not strong enough
    KEY = "key"  # the passkey is not known here any more, or what it said does not hold
    SOMEBODY = "somebody"  # another person than the one who is signed in proved who they are
    OFTEN = "often"  # too many attempts from there: wait


class SignInError(Exception):
    """`reason` is a fixed code for the log: never a value received from outside."""

    def __init__(self, trouble: Trouble, reason: str) -> None:
        super().__init__(reason)
        self.trouble = trouble
        self.reason = reason
