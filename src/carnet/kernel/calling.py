"""Calling an address that somebody outside has named: never a machine of the house, never where they lead on to, and
not for longer or for more than is said. Whoever names an address chooses where our request goes: what it resolves to is
looked at, and that same address is called."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from time import monotonic
from typing import Any, Final, Literal
from urllib.parse import SplitResult, urlsplit

Why = Literal["address", "refused", "unknown", "unreachable", "tls", "timeout", "broken"]
_MOST: Final = 64 * 1024
_LONGEST: Final = 2000
_PORTS: Final = {"https": 443, "http": 80}
# Forms of an IPv6 address that carry an IPv4 one, which is the one that is reached (RFC 6052).
_CARRYING: Final = ipaddress.ip_network("64:ff9b::/96")

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotCalled(Exception):
    """Nobody answered. `why` is for who named the address: "refused" when it leads to where we do not call."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Way:
    """`networks` are those in which a receiver may stand though they are not public, by the operator's word; there
    alone a receiver may do without TLS. `seconds` for the whole of it."""

    networks: Sequence[str] = ()
    seconds: float = 5.0


def parts_of(address: str) -> SplitResult | None:
    """The parts of an absolute https or http address that names nothing but a place; None for any other."""
    if len(address) > _LONGEST or not address.isascii() or not address.isprintable() or " " in address:
        return None
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    well = parts.scheme in _PORTS and parts.hostname and not parts.fragment and "@" not in parts.netloc
    return parts if well and port != 0 else None


def post(address: str, body: bytes, headers: Mapping[str, str], way: Way) -> int:
    """The status of the answer; nothing else of it counts, and a redirection is not followed. Raises `NotCalled`."""
    parts = parts_of(address)
    if parts is None:
        raise NotCalled("address")
    port = parts.port or _PORTS[parts.scheme]
    began = monotonic()
    place = _place(parts.hostname or "", port, secure=parts.scheme == "https", way=way)
    left = max(way.seconds - (monotonic() - began), 0.001)
    connection = _connection(parts, port, str(place), left)
    late = threading.Event()
    end = threading.Timer(left, _cut, [connection, late])
    end.daemon = True
    end.start()
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body=body, headers={**headers, "Connection": "close"})
        answer = connection.getresponse()
        answer.read(_MOST)
    except TimeoutError:
        raise NotCalled("timeout") from None
    except ssl.SSLError:
        raise NotCalled("tls") from None
    except ConnectionRefusedError:
        raise NotCalled("unreachable") from None
    except (OSError, HTTPException, ValueError):
        raise NotCalled("timeout" if late.is_set() else "broken") from None
    finally:
        end.cancel()
        connection.close()
    if late.is_set():
        # Cut in its head, it reads as one that has ended.
        raise NotCalled("timeout")
    return answer.status


def _place(host: str, port: int, *, secure: bool, way: Way) -> _Address:
    """The first address of that name; every one of them must be one that may be called."""
    found = _resolved(host, port, way.seconds)
    places = [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    if not places or not all(_may_be_called(each, secure=secure, way=way) for each in places):
        raise NotCalled("refused")
    return places[0]


def _resolved(host: str, port: int, seconds: float) -> Sequence[Any]:
    """A name's own servers may be as slow as a receiver: who asks them has no end of its own, and is left behind."""
    answer: list[Sequence[Any]] = []

    def ask() -> None:
        with suppress(OSError, UnicodeError):
            answer.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))

    asking = threading.Thread(target=ask, name="resolving", daemon=True)
    asking.start()
    asking.join(seconds)
    if asking.is_alive():
        raise NotCalled("timeout")
    if not answer:
        raise NotCalled("unknown")
    return answer[0]


def _may_be_called(place: _Address, *, secure: bool, way: Way) -> bool:
    meant = _meant(place)
    if any(meant in ipaddress.ip_network(each) for each in way.networks):
        return True
    return secure and meant.is_global and not (meant.is_multicast or meant.is_reserved or meant.is_unspecified)


def _meant(place: _Address) -> _Address:
    if isinstance(place, ipaddress.IPv4Address):
        return place
    if place in _CARRYING:
        return ipaddress.IPv4Address(int(place) & 0xFFFFFFFF)
    carried = place.ipv4_mapped or place.sixtofour or (place.teredo[1] if place.teredo else None)
    return carried or place


class _Plain(HTTPConnection):
    """To the place that was looked at, under the name that was asked for."""

    def __init__(self, place: str, host: str, port: int, seconds: float) -> None:
        super().__init__(host, port, timeout=seconds)
        self._there = place

    def connect(self) -> None:
        self.sock = socket.create_connection((self._there, self.port), self.timeout)


class _Secure(HTTPSConnection):
    def __init__(self, place: str, host: str, port: int, seconds: float) -> None:
        self._own = ssl.create_default_context()
        super().__init__(host, port, timeout=seconds, context=self._own)
        self._there = place

    def connect(self) -> None:
        raw = socket.create_connection((self._there, self.port), self.timeout)
        self.sock = raw
        self.sock = self._own.wrap_socket(raw, server_hostname=self.host)


def _connection(parts: SplitResult, port: int, place: str, seconds: float) -> HTTPConnection:
    made = _Secure if parts.scheme == "https" else _Plain
    return made(place, parts.hostname or "", port, seconds)


def _cut(connection: HTTPConnection, late: threading.Event) -> None:
    """Who answers drop by drop never lets a single wait run out."""
    late.set()
    held = connection.sock
    if held is not None:
        try:
            held.shutdown(socket.SHUT_RDWR)
        except OSError:
            return
