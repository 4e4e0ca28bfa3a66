"""A professional at their desk, over real HTTP and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import httpx2

from carnet.consent import actions as consent
from carnet.kernel.actor import SYSTEM, Actor
from tests.people import Resident
from tests.sessions import COOKIE, session_of
from tests.web.browsing import Browsing, plain

BOUNDARY = "papier"
REASON = "Malaise dans la rue, désorientée"


class Desk(Browsing):
    def finds(self, ins: str) -> httpx2.Response:
        return self.sends("/pro/", {"par": "ins", "ins": ins})

    def finds_by(self, **traits: str) -> httpx2.Response:
        return self.sends("/pro/", {"par": "traits", **traits})

    def reads(self, record_id: UUID) -> str:
        """What stands on the page of a record."""
        return self.text(record(record_id))

    def breaks(self, record_id: UUID, reason: str = REASON) -> httpx2.Response:
        return self.sends(f"{record(record_id)}/urgence", {"acte": "ouvrir", "motif": reason})

    def deposits(
        self, record_id: UUID, fields: dict[str, str | list[str]], file: tuple[str, bytes] | None = None
    ) -> httpx2.Response:
        """Sends the form as it stands in the page."""
        address = f"{record(record_id)}/deposer"
        page = self.opens(address).text
        known = {"csrfmiddlewaretoken": hidden(page, "csrfmiddlewaretoken"), "depot": hidden(page, "depot")}
        return self.posts(address, {**known, "auteur": hidden(page, "auteur"), **fields}, file)

    def posts(
        self, address: str, fields: dict[str, str | list[str]], file: tuple[str, bytes] | None = None
    ) -> httpx2.Response:
        body = b""
        if file:
            head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="fichier"; filename="{file[0]}"\r\n\r\n'
            body += head.encode() + file[1] + b"\r\n"
        for name, value in {**fields, "fin": "1"}.items():
            for each in [value] if isinstance(value, str) else value:
                part = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{each}\r\n'
                body += part.encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        whole = body + f"--{BOUNDARY}--\r\n".encode()
        return self.client.post(address, content=whole, headers=headers, follow_redirects=True)


def hidden(page: str, name: str) -> str:
    """The value of a hidden field, "" without one."""
    _, found, after = page.partition(f'name="{name}" value="')
    return after.partition('"')[0] if found else ""


def record(record_id: UUID) -> str:
    return f"/pro/carnets/{record_id}"


@contextmanager
def at_desk(base: str, who: Actor | str) -> Iterator[Desk]:
    """As one of the cast, or as somebody made for one test."""
    with httpx2.Client(base_url=base, timeout=60) as client:
        desk = Desk(client)
        if isinstance(who, str):
            desk.signs_in_as(who)
        else:
            client.cookies.set(COOKIE, session_of(who, regulates=True))
        yield desk


def attended(patient: Resident, doctor: Actor) -> Actor:
    consent.set_attending(SYSTEM, record_id=patient.record_id, professional_id=doctor.id)
    return doctor


__all__ = ["REASON", "Desk", "at_desk", "attended", "hidden", "plain", "record"]
