"""The addresses of an app that runs in a browser: where it is launched, and where it takes its answer; and that of its
publisher's website. Pure."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

__all__ = ["LONGEST", "MOST", "AppAddressError", "checked", "is_website"]

MOST: Final = 10
LONGEST: Final = 500
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class AppAddressError(ValueError):
    """Its text is French."""

    def __init__(self) -> None:
        super().__init__(
            f"Une adresse d'application est en https (http sur localhost dans un bac à sable), entière, sans fragment, "
            f"sans étoile, de {LONGEST} caractères au plus."
        )


def checked(text: str, *, local: bool = True) -> str:
    """As it was given: it is compared letter for letter. Plain http only on the machine of who is there (RFC 8252), and
    only where `local` says so."""
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        raise AppAddressError from None
    plain = text.isascii() and text.isprintable() and " " not in text and len(text) <= LONGEST
    secure = parts.scheme == "https" or (local and parts.scheme == "http" and host in _LOOPBACK)
    if not plain or not secure or not host or parts.username is not None or {"#", "*", "\\"} & set(text):
        raise AppAddressError
    return text


def is_website(text: str) -> bool:
    """Whether a link may lead there: of the web, whole, and nobody signs in by it."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    plain = text.isprintable() and not {" ", "\\", "<", ">", '"'} & set(text)
    named = "." in host.strip(".") and not host.startswith(".")
    return plain and parts.scheme in {"https", "http"} and named and parts.username is None
