"""Asks clamd (INSTREAM) about a deposit. Configured and silent means refused: an unscanned document never
gets in."""

from __future__ import annotations

import socket
import struct
from urllib.parse import unquote, urlsplit

import structlog

from carnet.kernel.vault.errors import Refused, ScannerUnavailable, StoreFault

_CONNECT = 5.0
_ANSWER = 60.0
_PART = 256 * 1024
_LONGEST_ANSWER = 4096
_log = structlog.get_logger("carnet.vault")


def scan(data: bytes | bytearray | memoryview, address: str) -> None:
    """Raises Refused for malware, ScannerUnavailable for anything but a clear answer."""
    try:
        answer = _ask(data, address)
    except OSError:
        raise ScannerUnavailable from None
    if answer.endswith(" FOUND"):
        raise Refused(
            "malware",
            "L'antivirus a reconnu un logiciel malveillant dans ce fichier : il n'a pas été déposé.",
        )
    if answer != "stream: OK":
        # Most often a limit of clamd's own below ours (StreamMaxLength, see docs/operate/keys.md).
        _log.error("antivirus gave no verdict", reason="limit" if "limit" in answer else "unclear")
        raise ScannerUnavailable


def ping(address: str) -> bool:
    try:
        with _connect(address) as connection:
            connection.sendall(b"zPING\0")
            return _answer(connection) == "PONG"
    except OSError:
        return False


def _ask(data: bytes | bytearray | memoryview, address: str) -> str:
    with _connect(address) as connection:
        try:
            connection.sendall(b"zINSTREAM\0")
            view = memoryview(data)
            while view:
                part, view = view[:_PART], view[_PART:]
                connection.sendall(struct.pack("!L", len(part)))
                connection.sendall(part)
            connection.sendall(struct.pack("!L", 0))
        except (BrokenPipeError, ConnectionResetError):
            # clamd answers and hangs up as soon as its own StreamMaxLength is passed: its answer is still to
            # be read.
            pass
        return _answer(connection)


def _connect(address: str) -> socket.socket:
    """`tcp://host:port`, or `unix:///path`."""
    parts = urlsplit(address)
    if parts.scheme == "unix":
        connection = _connect_unix(unquote(parts.path))
    elif parts.scheme == "tcp" and parts.hostname and parts.port:
        connection = socket.create_connection((parts.hostname, parts.port), timeout=_CONNECT)
    else:
        raise StoreFault("CARNET_CLAMD : adresse attendue de la forme tcp://hôte:port ou unix:///chemin.")
    connection.settimeout(_ANSWER)
    return connection


def _connect_unix(path: str) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(_CONNECT)
    try:
        connection.connect(path)
    except BaseException:
        connection.close()
        raise
    return connection


def _answer(connection: socket.socket) -> str:
    received = bytearray()
    while b"\0" not in received and len(received) < _LONGEST_ANSWER:
        part = connection.recv(_LONGEST_ANSWER)
        if not part:
            break
        received += part
    return received.partition(b"\0")[0].decode("utf-8", "replace")
