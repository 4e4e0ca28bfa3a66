"""A professional at a record: what every page of the portal begins with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_safe

from carnet.consent import standing
from carnet.consent.access import Refused, permit_to_read
from carnet.consent.rules import Reason, Refusal
from carnet.documents.changing import NotThere
from carnet.kernel import render
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import Stale
from carnet.kernel.http import Audience, Audit, door
from carnet.kernel.limits import Busy
from carnet.kernel.vault import ContentFault
from carnet.people import day_list
from carnet.records.queries import Holder, existence
from carnet.records.rules import RecordState
from carnet.web import errors, i18n
from carnet.web.auth.session import authenticate, authenticate_anew, may_move, situation, unsituated
from carnet.web.auth.views import SITUATION
from carnet.web.pro import band, desk, may
from carnet.web.pro.band import Band
from carnet.web.render import page


@dataclass(frozen=True, slots=True)
class Visit:
    """`purpose` is care, or that of the emergency in which this record is being read, until `until`. `queued`: the
    person was laid out for today."""

    actor: Actor
    record_id: UUID
    holder: Holder
    band: Band
    purpose: Purpose
    until: datetime | None
    queued: bool = False

    @property
    def address(self) -> str:
        return f"/pro/carnets/{self.record_id}"

    @property
    def in_emergency(self) -> bool:
        return self.purpose is not Purpose.CARE


View = Callable[..., HttpResponseBase]


def desk_page(audit: Audit, *, posted: bool = False, situated: bool = True) -> Callable[[View], View]:
    """A page before any record is open: the view gets the actor after the request. `situated`: they have said where
    they practise now, if that is to be said."""

    def seen(view: View, request: HttpRequest, actor: Actor, parameters: dict[str, Any]) -> HttpResponseBase:
        return view(request, actor, **parameters)

    return _page(seen, audit, posted=posted, situated=situated)


def record_page(audit: Audit = Audit.RECORD_READ, *, posted: bool = False) -> Callable[[View], View]:
    """A page about one record: the view gets the visit after the request."""

    def seen(view: View, request: HttpRequest, actor: Actor, parameters: dict[str, Any]) -> HttpResponseBase:
        visit = _visit(request, actor, parameters.pop("record_id"))
        try:
            with render.one_at_a_time(visit.record_id):
                return view(request, visit, **parameters)
        except Refused as refused:
            return _refused(request, visit, refused)

    return _page(seen, audit, posted=posted)


_Seen = Callable[[View, HttpRequest, Actor, dict[str, Any]], HttpResponseBase]


def _page(seen: _Seen, audit: Audit, *, posted: bool, situated: bool = True) -> Callable[[View], View]:
    """When the actor changed while it was shown, it is shown anew, once."""
    methods = require_http_methods(["GET", "HEAD", "POST"]) if posted else require_safe

    def declare(view: View) -> View:
        @wraps(view)
        def shown(request: HttpRequest, **parameters: Any) -> HttpResponseBase:
            if situated and unsituated(request):
                return HttpResponseRedirect(SITUATION)
            try:
                try:
                    return seen(view, request, _who(authenticate(request)), dict(parameters))
                except Stale:
                    return seen(view, request, _who(authenticate_anew(request)), dict(parameters))
            except NotThere:
                raise Http404 from None
            except ContentFault:
                return errors.content_fault(request)
            except Busy as busy:
                return errors.busy(request, busy.retry_after)

        return door(audience=Audience.PROFESSIONAL, audit=audit)(methods(shown))

    return declare


def _who(actor: Actor | None) -> Actor:
    """Whoever was signed in a moment ago, and is no longer."""
    if actor is None:
        raise Refused(Refusal(Reason.PURPOSE), None)
    return actor


def _visit(request: HttpRequest, actor: Actor, record_id: UUID) -> Visit:
    """Of a person whom they found, laid out for today, or whose record they may read: to know an address is none."""
    purpose, until = desk.emergency(request, record_id) or (Purpose.CARE, None)
    queued = day_list.holds(actor, record_id)
    if not desk.holds(request, record_id) and not queued:
        try:
            permit_to_read(actor, purpose, record_id, action="record-open")
        except Refused:
            raise Http404 from None
    holder = existence(actor, record_id)
    if holder is None or not holder.state.exists:
        raise Http404
    return Visit(actor, record_id, holder, band.of(holder, i18n.today()), purpose, until, queued)


def _refused(request: HttpRequest, visit: Visit, refused: Refused) -> HttpResponseBase:
    """An emergency that has ended is left; any other no says what anybody is told who has the same position and no tie
    to the person."""
    if visit.in_emergency:
        desk.leave(request, visit.record_id)
        return HttpResponseRedirect(f"{visit.address}?fait=fini")
    read = standing.reading(visit.actor, visit.record_id)
    # What was sent in vain was offered: why it was refused may be a block.
    explained = [] if request.method == "POST" or read.granted else [may.reading(read)]
    context = {"openable": may.openable(read), "may": explained, "deputies": [], "ends": ""}
    return record(request, visit, "pro/refused.html", context, status=403)


def shown(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200, **options: Any
) -> HttpResponse:
    """Any page of the portal: its header says where they practise, when it is not told by their name alone."""
    stands = {"place": situation(request), "may_move": may_move(request)}
    return page(request, template, stands | context, status=status, **options)


def record(
    request: HttpRequest, visit: Visit, template: str, context: dict[str, Any], *, status: int = 200, **options: Any
) -> HttpResponse:
    """A page of this record, with the band and what it says of an emergency."""
    shared = {"visit": visit, "closed": visit.holder.state in {RecordState.CLOSED, RecordState.DECEASED}}
    return shown(request, template, shared | context, status=status, **options)


def done(address: str) -> HttpResponse:
    """After a POST: the page that says what was done (303, so that reloading it sends nothing again)."""
    return HttpResponse(status=303, headers={"Location": address})
