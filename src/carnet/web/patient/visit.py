"""A person in their own record: what every patient's page begins with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_http_methods, require_safe

from carnet.consent.access import Refused, permit_to_act
from carnet.consent.rules import Reason, Refusal
from carnet.documents.changing import NotThere
from carnet.kernel import clock, render
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import Stale
from carnet.kernel.http import Audience, Audit, door
from carnet.kernel.limits import Busy
from carnet.kernel.vault import ContentFault
from carnet.records.ages import AGES
from carnet.records.queries import existence
from carnet.records.rules import birthday, earliest_birth
from carnet.web import errors
from carnet.web.auth.session import authenticate, authenticate_anew, news_since
from carnet.web.patient import family, first_question
from carnet.web.patient.family import Cover
from carnet.web.render import page


@dataclass(frozen=True, slots=True)
class Visit:
    """`since`: the visit before this one; what came later is new. `purpose` tells whether it is one's own record,
    `cover` what a carer was given."""

    actor: Actor
    record_id: UUID
    purpose: Purpose = Purpose.SELF
    since: datetime | None = None
    cover: Cover | None = None


class Helps(StrEnum):
    """Which carers a page is for: none, as long as it does not say so. Each but the first names what `Cover` tells."""

    NONE = "none"
    ANY = "helped"
    READS = "reads"
    ADDS = "adds"
    READS_ALL = "reads_all"
    TREATMENTS = "reads_treatments"
    MEASURES = "reads_measures"
    APPOINTMENTS = "reads_appointments"
    SAYS = "says"
    SAYS_ALL = "says_all"
    SAYS_MEASURES = "says_measures"


View = Callable[..., HttpResponseBase]


def patient_form(helps: Helps = Helps.NONE, *, welcomes: bool = False, grown: bool = False) -> Callable[[View], View]:
    """A page of the holder with a form that changes something: GET shows it, POST does it and redirects."""
    return patient_page(Audit.RECORD_WRITE, posted=True, helps=helps, welcomes=welcomes, grown=grown)


def patient_page(
    audit: Audit = Audit.RECORD_READ,
    *,
    posted: bool = False,
    helps: Helps = Helps.NONE,
    welcomes: bool = False,
    grown: bool = False,
) -> Callable[[View], View]:
    """A page of the holder: the view gets the visit after the request. When the actor changed while it was shown, it is
    shown anew, once. What is not there, or hidden, is a 404. Only a page that `welcomes` is shown before the holder has
    said that the record is theirs. One for who is `grown` is not for children below the age of an own access in an
    account that they have all the same: their parents decide, from their own."""
    methods = require_http_methods(["GET", "HEAD", "POST"]) if posted else require_safe

    def declare(view: View) -> View:
        def asked_first(request: HttpRequest, visit: Visit, parameters: dict[str, Any]) -> HttpResponseBase:
            own = visit.purpose is Purpose.SELF and not welcomes
            if own and first_question.unanswered(request, visit.actor, visit.record_id):
                return HttpResponse(status=303, headers={"Location": first_question.START})
            if own and grown and _too_young(visit):
                return page(request, "patient/too_young.html", {"section": "home", "age": AGES.own_access}, status=403)
            return _shown(view, request, visit, parameters, helps)

        @wraps(view)
        def shown(request: HttpRequest, **parameters: Any) -> HttpResponseBase:
            try:
                return asked_first(request, _visit(request, authenticate(request)), parameters)
            except Stale:
                return asked_first(request, _visit(request, authenticate_anew(request)), parameters)
            except NotThere:
                raise Http404 from None
            except ContentFault:
                return errors.content_fault(request)
            except Busy as busy:
                return errors.busy(request, busy.retry_after)

        return door(audience=Audience.PATIENT, audit=audit)(methods(shown))

    return declare


def _shown(
    view: View, request: HttpRequest, visit: Visit, parameters: dict[str, Any], helps: Helps
) -> HttpResponseBase:
    if _was_shown_elsewhere(request, visit):
        return page(request, "patient/other_book.html", {"section": "covers"}, status=409)
    try:
        _for_carers(visit, helps)
        with render.one_at_a_time(visit.record_id):
            return view(request, visit, **parameters)
    except Refused as refused:
        # Who represents nobody any more is in their own record with the next page; in a child's that is closed one
        # stays, to open it again.
        if refused.reason is not Reason.CLOSED or visit.purpose is Purpose.CARER:
            family.after_refusal(request, visit.actor)
        raise


def _too_young(visit: Visit) -> bool:
    holder = existence(visit.actor, visit.record_id)
    if holder is None:
        return False
    return clock.now().date() < birthday(earliest_birth(holder.identity.birth_date), AGES.own_access)


def _for_carers(visit: Visit, helps: Helps) -> None:
    """A page that is not for this carer is not there. Who helps no more is refused, with its line."""
    if visit.cover is None or not visit.cover.helped:
        return
    if not visit.cover.rights:
        permit_to_act(visit.actor, visit.purpose, visit.record_id, action="record-open")
    if helps is Helps.NONE or not getattr(visit.cover, helps.value):
        raise Http404


def _was_shown_elsewhere(request: HttpRequest, visit: Visit) -> bool:
    """A form that was shown in one record, and is sent when another one has been opened: nothing of it is done. Files
    come with the address of their own draft."""
    if request.method != "POST" or request.content_type != "application/x-www-form-urlencoded":
        return False
    return request.POST.get(family.FIELD, str(visit.record_id)) != str(visit.record_id)


def _visit(request: HttpRequest, actor: Actor | None) -> Visit:
    opened = family.of(request, actor) if actor else None
    if actor is None or opened is None:
        raise Refused(Refusal(Reason.NO_RECORD), actor)
    return Visit(actor, opened.open.record_id, opened.open.purpose, since=news_since(request), cover=opened.open)
