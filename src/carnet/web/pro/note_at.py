"""One note of a professional, new or to be corrected: what the pages of every kind share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from carnet.documents.changing import NotThere
from carnet.formats.clinical.model import Entry
from carnet.health import stating
from carnet.health.profile import FactReport
from carnet.health.stating import NotYours
from carnet.kernel.actor import Purpose
from carnet.kernel.ids import uuid7
from carnet.web.pro.note_form import Fault
from carnet.web.pro.note_words import KINDS, Kind
from carnet.web.pro.restrictions import MASKED, NOTES, SECRET
from carnet.web.pro.secrecy import OF_ADULT, Secrecy
from carnet.web.pro.visit import Visit, done, record

__all__ = ["At", "labels", "sending", "take_back"]


@dataclass(frozen=True, slots=True)
class At:
    """`secrecy`: of whom somebody represents. `kept` and `statement_id`: what is corrected, and `restricted` from whom
    it is kept now; `reported`: what the person says is wrong in it."""

    visit: Visit
    slug: str
    secrecy: Secrecy | None
    statement_id: UUID | None = None
    kept: Entry | None = None
    restricted: frozenset[str] = frozenset()
    reported: FactReport | None = None

    @property
    def kind(self) -> Kind:
        return KINDS[self.slug]

    @property
    def home(self) -> str:
        return f"{self.visit.address}/noter"

    @property
    def address(self) -> str:
        return f"{self.home}/mots/{self.statement_id}" if self.statement_id else f"{self.home}/{self.slug}"

    def secret_box(self, asked: frozenset[str]) -> Secrecy | None:
        """What was kept secret keeps its box where nobody represents the person any more: it can be undone."""
        return self.secrecy or (OF_ADULT if SECRET in asked else None)

    def keep(self, request: HttpRequest, entry: Entry, asked: frozenset[str]) -> HttpResponse:
        """Under a professional's right to put in, whatever they read by: a block, or an emergency, changes nothing."""
        visit = self.visit
        try:
            stating.state(
                visit.actor,
                Purpose.CARE,
                record_id=visit.record_id,
                entry=entry,
                masked=MASKED in asked,
                secret=SECRET in asked,
                instead_of=self.statement_id,
                sending=sending(request),
            )
        except NotYours:
            raise NotThere from None
        return done(f"{self.home}?fait={'corrige' if self.statement_id else self.slug}")

    def page(
        self, request: HttpRequest, template: str, context: dict[str, Any], errors: list[Fault] | None = None
    ) -> HttpResponse:
        shared = {"at": self, "kind": self.kind, "errors": errors or [], "sending": sending(request) or uuid7()}
        return record(request, self.visit, template, shared | context, status=422 if errors else 200)


def sending(request: HttpRequest) -> UUID | None:
    """Names the form that was sent: sent twice, it says the same once."""
    try:
        return UUID(request.POST.get("envoi", ""))
    except ValueError:
        return None


def labels(request: HttpRequest) -> frozenset[str]:
    return frozenset(request.POST.getlist("etiquettes")) & NOTES


def take_back(at: At, statement_id: UUID) -> HttpResponse:
    try:
        stating.retract(at.visit.actor, Purpose.CARE, record_id=at.visit.record_id, statement_id=statement_id)
    except NotYours:
        raise NotThere from None
    return done(f"{at.home}?fait=retire")
