"""A browser without scripts, over real HTTP: signs in, and sends forms as they stand in a page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import httpx2

Part = tuple[str, str | bytes, str]
"""Of a form: the field's name, its content, and the file's name ("" for a plain field)."""

BOUNDARY = "papier"


@contextmanager
def visiting(base: str, key: str) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=base, timeout=60) as client:
        answer = client.post("/demo/connexion", data={"actor": key}, follow_redirects=True)
        assert answer.url.path in {"/accueil", "/bienvenue/identite"}
        yield client


def token(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found
    return found[1]


def body_of(parts: Sequence[Part], *, end: bool = True) -> bytes:
    """multipart/form-data, its files announced as whatever they please; without its end it has been cut off."""
    out = b""
    for name, content, file in parts:
        data = content if isinstance(content, bytes) else content.encode()
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'.encode()
        head += b'; filename="' + file.encode() + b'"\r\nContent-Type: application/pdf' if file else b""
        out += head + b"\r\n\r\n" + data + b"\r\n"
    return out + (f"--{BOUNDARY}--\r\n".encode() if end else b"")


def posted(client: httpx2.Client, address: str, parts: Sequence[Part], *, end: bool = True) -> httpx2.Response:
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    return client.post(address, content=body_of(parts, end=end), headers=headers)
