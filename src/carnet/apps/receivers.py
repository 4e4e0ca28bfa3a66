"""Where software lets itself be told: addresses that its publisher registered with it, and what lies below them."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db import transaction

from carnet.apps.models import Receiver
from carnet.kernel import clock
from carnet.kernel.calling import parts_of
from carnet.kernel.db import READER, WRITER, query, statements
from carnet.kernel.ids import uuid7

MOST: Final = 5
_SQL = statements("carnet.apps")


class NotAnAddress(ValueError):
    """No absolute https address (http in the networks of the settings alone), or one with a name, a question or a
    mark."""


class TooManyReceivers(Exception):
    """The client has as many as it may."""


def check(address: str) -> str:
    """Raises `NotAnAddress`."""
    parts = parts_of(address)
    if parts is None or parts.query or "/../" in f"{parts.path}/" or "%" in parts.path:
        raise NotAnAddress
    return address


def add(*, client_id: UUID, address: str) -> None:
    """Raises `NotAnAddress`, `TooManyReceivers`."""
    check(address)
    with transaction.atomic(using=WRITER):
        known = Receiver.objects.using(WRITER).filter(client_id=client_id)
        if address in set(known.values_list("address", flat=True)):
            return
        if known.count() >= MOST:
            raise TooManyReceivers
        Receiver.objects.using(WRITER).create(id=uuid7(), client_id=client_id, address=address, at=clock.now())


def remove(*, client_id: UUID, address: str) -> bool:
    """What is below it is told nothing any more, from now on."""
    return bool(Receiver.objects.using(WRITER).filter(client_id=client_id, address=address).delete()[0])


def of_client(client_id: UUID) -> list[str]:
    return [row["address"] for row in query(READER, _SQL["receivers"], {"client_id": client_id})]


def covers(addresses: list[str], asked: str) -> bool:
    """Whether an address is one of those, or lies below one: the same machine, and a path that goes on from theirs."""
    parts = parts_of(asked)
    if parts is None or "/../" in f"{parts.path}/" or "/./" in f"{parts.path}/" or "%2" in parts.path.lower():
        return False
    for each in addresses:
        own = parts_of(each)
        if own is None or (own.scheme, own.hostname, own.port) != (parts.scheme, parts.hostname, parts.port):
            continue
        if parts.path == own.path or parts.path.startswith(own.path.rstrip("/") + "/"):
            return True
    return False
