"""A list of what waits for the support: page by page, with how many there are, and each to be found by its number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest

__all__ = ["NAME", "PAGE", "Listing", "id_of", "listing", "number_of"]

PAGE: Final = 50
NUMBER: Final = "numero"
NAME: Final = "nom"
_LONGEST: Final = 40


class Numbered(Protocol):
    @property
    def id(self) -> UUID: ...


Row = TypeVar("Row", bound=Numbered)
Row_co = TypeVar("Row_co", bound=Numbered, covariant=True)


class Read(Protocol[Row_co]):
    def __call__(self, *, after: UUID | None, named: str, limit: int) -> Sequence[Row_co]: ...


@dataclass(frozen=True, slots=True)
class Listing(Generic[Row]):
    """`number`: what was looked for, "" for nothing; `later`: not from the beginning; `more` leads on, "" at the end.
    `many` wait in all; `by` is the parameter by which one is looked for."""

    address: str
    rows: Sequence[Row]
    many: int
    number: str
    later: bool
    more: str
    by: str = NUMBER


def id_of(request: HttpRequest, name: str) -> UUID | None:
    try:
        return UUID(request.GET.get(name, ""))
    except ValueError:
        return None


def number_of(request: HttpRequest, by: str = NUMBER) -> str:
    """ "" for what has no letter and no digit: it names nothing."""
    number = request.GET.get(by, "").strip()[:_LONGEST]
    return number if any(map(str.isalnum, number)) else ""


def listing(
    request: HttpRequest,
    address: str,
    read: Read[Row],
    many: int,
    *,
    name: str = "apres",
    size: int = PAGE,
    by: str = NUMBER,
) -> Listing[Row]:
    """The page that the address asks for; `name` is the parameter that says after which one."""
    number, after = number_of(request, by), id_of(request, name)
    found = read(after=after, named=number, limit=size + 1)
    onward = {name: str(found[size - 1].id)} if len(found) > size else {}
    more = f"?{urlencode({by: number} | onward if number else onward)}" if onward else ""
    return Listing(address, found[:size], many, number, after is not None, more, by)
