"""A browser without a screen: signs in, follows links, sends forms with their token."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape

import httpx2


class Browsing:
    def __init__(self, client: httpx2.Client) -> None:
        self.client = client

    def signs_in_as(self, key: str) -> None:
        """Who practises in several places does so in the main one."""
        answer = self.client.post("/demo/connexion", data={"actor": key}, follow_redirects=True)
        if answer.url.path == "/pro/situation":
            self.client.post("/pro/situation", data=first_place(answer.text), follow_redirects=True)

    def opens(self, path: str) -> httpx2.Response:
        return self.client.get(path, follow_redirects=True)

    def text(self, path: str) -> str:
        """What a person reads on the page, spaces made plain."""
        return plain(self.opens(path).text)

    def sends(self, path: str, fields: dict[str, str], *, follow: bool = True) -> httpx2.Response:
        return self.client.post(path, data=fields | token(self.opens(path).text), follow_redirects=follow)

    def documents(self, path: str = "/documents") -> list[str]:
        """The addresses of the documents of a list, in its order."""
        return re.findall(r'<a class="cn-row__t" href="(/documents/[0-9a-f-]{36})"', self.opens(path).text)


def first_place(page: str) -> dict[str, str]:
    """The form that chooses the first of several places of practice."""
    place = re.search(r'name="lieu" value="([^"]+)"', page)
    assert place
    return {"lieu": place[1], **token(page)}


def token(page: str) -> dict[str, str]:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found
    return {"csrfmiddlewaretoken": found[1]}


def plain(page: str) -> str:
    words = unescape(re.sub(r"<[^>]+>", " ", page)).replace("\u00a0", " ").replace("\u202f", " ")
    return " ".join(words.replace("’", "'").split())


@contextmanager
def browsing(base: str, key: str = "") -> Iterator[Browsing]:
    with httpx2.Client(base_url=base, timeout=30) as client:
        found = Browsing(client)
        if key:
            found.signs_in_as(key)
        yield found
