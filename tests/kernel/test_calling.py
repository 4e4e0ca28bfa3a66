"""Whoever names an address chooses where our request goes: never into the house, never further, never for long."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from carnet.kernel import calling
from carnet.kernel.calling import NotCalled, Way

OWN = Way(("127.0.0.0/8", "::1/128"), 0.6)

INSIDE = (
    *("http://127.0.0.1/", "https://127.0.0.1/", "https://localhost/", "https://[::1]/", "https://0.0.0.0/"),
    *("https://10.1.2.3/", "https://172.16.0.1/", "https://192.168.1.1/", "https://169.254.169.254/latest/meta-data"),
    *("https://100.64.0.1/", "https://[fd00::1]/", "https://[fe80::1]/", "https://[::ffff:10.0.0.1]/"),
    *("https://[64:ff9b::a00:1]/", "https://[2002:a00:1::]/", "https://224.0.0.1/", "https://255.255.255.255/"),
    *("https://2130706433/", "https://0x7f.1/", "http://8.8.8.8/"),
)


@pytest.mark.parametrize("address", INSIDE)
def test_nothing_leads_into_the_house(address: str) -> None:
    with pytest.raises(NotCalled) as refused:
        calling.post(address, b"", {}, Way((), 1.0))
    assert refused.value.why in {"refused", "unknown"}


@pytest.mark.parametrize(
    "address",
    [
        *("", "ftp://example.com/", "https://", "https://user@example.com/", "https://example.com/#a", "//example.com"),
        *("https://example.com:0/", "https://exa mple.com/", "https://example.com:99999/", "https://é.example/"),
        "https://example.com/\r\nHost: other",
    ],
)
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(NotCalled) as refused:
        calling.post(address, b"", {}, OWN)
    assert refused.value.why == "address"


def test_a_name_with_one_place_inside_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is resolved once, and what was looked at is what is called."""
    asked: list[str] = []

    def resolved(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return [(2, 1, 6, "", ("8.8.8.8", port)), (2, 1, 6, "", ("10.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    with pytest.raises(NotCalled) as refused:
        calling.post("https://receiver.example/", b"", {}, Way((), 1.0))
    assert (refused.value.why, asked) == ("refused", ["receiver.example"])


@contextmanager
def answering(status: int, *, drip: float = 0.0) -> Iterator[tuple[str, list[str]]]:
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            paths.append(self.path)
            self.rfile.read(int(self.headers["Content-Length"]))
            if drip:
                self.wfile.write(b"HTTP/1.1 200 OK\r\n")
                with suppress(OSError):
                    for _ in range(10):
                        time.sleep(drip)
                        self.wfile.write(b"X-Drop: 1\r\n")
                return
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(b"x" * 10)

        def log_message(self, *_: object) -> None:
            """Nothing on the screen."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", paths
    finally:
        server.shutdown()
        server.server_close()


def test_a_name_that_takes_its_time_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(3))
    began = time.monotonic()
    with pytest.raises(NotCalled) as left:
        calling.post("https://receiver.example/", b"", {}, Way((), 0.3))
    assert left.value.why == "timeout"
    assert time.monotonic() - began < 2


def test_a_redirection_is_an_answer_and_not_a_way() -> None:
    with answering(302) as (base, paths):
        assert calling.post(f"{base}/here?a=1", b"{}", {"Content-Type": "text/plain"}, OWN) == 302
        assert paths == ["/here?a=1"]
        with pytest.raises(NotCalled) as secure:
            calling.post(base.replace("http:", "https:"), b"{}", {}, OWN)
        assert secure.value.why in {"tls", "broken"}


def test_who_answers_drop_by_drop_is_left() -> None:
    with answering(200, drip=0.2) as (base, _):
        began = time.monotonic()
        with pytest.raises(NotCalled) as left:
            calling.post(base, b"{}", {}, OWN)
        assert left.value.why == "timeout"
        assert time.monotonic() - began < 2


def test_nobody_there() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        with pytest.raises(NotCalled) as gone:
            calling.post(f"http://127.0.0.1:{held.getsockname()[1]}/", b"", {}, OWN)
        assert gone.value.why == "unreachable"
