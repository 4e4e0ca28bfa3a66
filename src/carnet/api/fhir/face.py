"""The way into the FHIR face: token to actor and purpose, one retry when a remembered right has moved, and every
error as an OperationOutcome that says nothing of what it protects."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial, wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec, cast
from uuid import UUID

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from carnet.api import bound
from carnet.api.fhir import accepting, body, conforming, faults, parameters, refusals, scopes
from carnet.api.fhir.emergency import is_secret, reason_of
from carnet.consent import access, emergency
from carnet.consent.rules import Reason
from carnet.documents.rules import DepositRefused
from carnet.formats.fhir import errors
from carnet.formats.fhir.outcome import FhirError
from carnet.kernel import context, vault
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.db import Stale
from carnet.kernel.http import Audience, Audit, constant, door, header
from carnet.kernel.jwk import ALGORITHMS
from carnet.kernel.limits import Busy
from carnet.people import tokens
from carnet.people.queries import VerifiedToken

CONTENT_TYPE = "application/fhir+json"
_JSON = f"{CONTENT_TYPE}; charset=utf-8"
_unkept = constant({"Cache-Control": "no-store"})
_READS = frozenset({"GET", "HEAD"})
_SCHEMES = frozenset({"bearer", "dpop"})
_PROVED = "carnet_proved"
_REALM = 'realm="carnet"'
_ALGORITHMS = f'algs="{" ".join(ALGORITHMS)}"'

P = ParamSpec("P")
_View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
_SoftwareView = Callable[Concatenate[HttpRequest, Actor, Purpose, P], HttpResponseBase]
Scope = str | Callable[[HttpRequest], str]

_log = structlog.get_logger("carnet.fhir")


def software(
    *methods: str, audit: Audit, scope: Scope = "", negotiates: bool = False
) -> Callable[[_SoftwareView[P]], _View[P]]:
    """A view for software with a bearer token; it receives the actor and the purpose. The token's scope must allow the
    interaction that method and address mean in FHIR (`scopes.needed`), or what `scope` says instead, for instance
    "DocumentReference.c List.c", or that a request asks for in its parameters. It answers in JSON, and serves no one
    who takes none, unless it `negotiates` itself."""

    def wrap(view: _SoftwareView[P]) -> _View[P]:
        def served(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            def called(request: HttpRequest, actor: Actor, purpose: Purpose) -> HttpResponseBase:
                return view(request, actor, purpose, *args, **kwargs)

            if not negotiates:
                _json_is_wanted(request)
            if audit is Audit.RECORD_WRITE and request.method not in _READS:
                # A write decides on the facts of the moment, and its body can be read but once.
                return _once(request, called, scope, anew=True, reads=False)
            if audit is Audit.NONE:
                # No decision follows that would find the token older than what it was given for.
                return _once(request, called, scope, anew=True)
            try:
                return _once(request, called, scope)
            except Stale:
                return _once(request, called, scope, anew=True)

        return _face(served, methods, Audience.SOFTWARE, audit)

    return wrap


def anyone(*methods: str, negotiates: bool = False) -> Callable[[_View[P]], _View[P]]:
    """A view that needs no token."""

    def wrap(view: _View[P]) -> _View[P]:
        def served(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not negotiates:
                _json_is_wanted(request)
            return view(request, *args, **kwargs)

        return _face(served, methods, Audience.OPEN, Audit.NONE)

    return wrap


def _json_is_wanted(request: HttpRequest) -> None:
    if not accepting.serves_json(header(request, "Accept"), parameters.stated_format(request)):
        raise errors.failure("not-acceptable")


def client_of(request: HttpRequest) -> UUID | None:
    """The registered software that the token of this request was given to, if any."""
    return refusals.client_of(request)


def grant_of(request: HttpRequest) -> UUID | None:
    """What a professional granted the app that calls, if it is one."""
    return refusals.grant_of(request)


def json(content: bytes, *, status: int = 200) -> HttpResponse:
    response = HttpResponse(content, status=status, content_type=_JSON)
    _unkept(response)
    return response


def _once(
    request: HttpRequest,
    view: Callable[[HttpRequest, Actor, Purpose], HttpResponseBase],
    scope: Scope,
    *,
    anew: bool = False,
    reads: bool = True,
) -> HttpResponseBase:
    verified = authenticate(request, anew=anew)
    refusals.remember(request, verified)
    if request.method == "POST" and header(request, "If-None-Exist"):
        # Left aside, it would create what the caller wanted to find.
        raise errors.failure("condition-not-supported", expression="http.If-None-Exist")
    scopes.check(request, verified, scope if isinstance(scope, str) else scope(request))
    actor, purpose = verified.actor, _purpose(request, verified.purpose)
    # An app breaks no glass: the professional does, and says why; while it is broken the app reads as they do.
    reason = "" if verified.grant_id else reason_of(request, purpose)
    secret = is_secret(request)
    if anew:
        access.forget(actor)
    answer = partial(view, request, actor, purpose)
    with _through(verified):
        # Only to read is a glass broken: who writes in an emergency has read before.
        return emergency.opening(actor, purpose, reason, answer, secret=secret) if reason and reads else answer()


def authenticate(request: HttpRequest, *, anew: bool) -> VerifiedToken:
    scheme, _, token = header(request, "Authorization").partition(" ")
    scheme, token = scheme.lower(), token.strip()
    verified = tokens.verify(token, anew=anew) if scheme in _SCHEMES and token else None
    if verified is None:
        raise errors.failure("login")
    if verified.bound or scheme != "bearer":
        _prove(request, scheme, token, verified.bound)
    return verified


def _prove(request: HttpRequest, scheme: str, token: str, to: str) -> None:
    """Once for a request: a proof serves no second time, also when a remembered right has moved meanwhile."""
    if getattr(request, _PROVED, None) == token:
        return
    try:
        bound.check(request, scheme, token, to, f"{settings.CARNET.public_url.rstrip('/')}{request.path}")
    except bound.BadProof as bad:
        _log.warning("proof refused", reason=bad.reason)
        raise errors.failure("proof") from None
    setattr(request, _PROVED, token)


def _through(verified: VerifiedToken) -> AbstractContextManager[object]:
    """Software that acts for somebody is named by the door of each line that it leaves in the trail."""
    if verified.actor.app is None:
        return nullcontext()
    return context.use(f"fhir:{verified.client_key}", context.current().request_id)


def _purpose(request: HttpRequest, of_token: Purpose) -> Purpose:
    """The header may state another purpose than the token's; whether it holds is the decision's affair."""
    stated = header(request, "X-Carnet-Purpose", of_token)
    try:
        return Purpose(stated)
    except ValueError:
        raise errors.failure("purpose-unknown", expression="http.X-Carnet-Purpose") from None


def _face(
    view: Callable[..., HttpResponseBase], methods: tuple[str, ...], audience: Audience, audit: Audit
) -> Callable[..., HttpResponseBase]:
    with_cors = _cors(methods)

    @door(audience=audience, audit=audit)
    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.method == "OPTIONS":
            response: HttpResponseBase = HttpResponse(status=204)
            with_cors(response)
            return response
        response = _answer(view, methods, request, args, kwargs)
        with_cors(response)
        refusals.count(request, response)
        conforming.count(request, response)
        if response.status_code >= 400 and request.method not in _READS and body.unread(request):  # noqa: PLR2004
            response["Connection"] = "close"
        return response

    return answered


def _answer(
    view: Callable[..., HttpResponseBase], methods: tuple[str, ...], request: HttpRequest, args: object, kwargs: object
) -> HttpResponseBase:
    try:
        if request.method not in methods:
            return _allowing(_failed("not-allowed"), methods)
        if body.unmeasured(request):
            return _failed("length-required")
        return view(request, *cast("tuple[object]", args), **cast("dict[str, object]", kwargs))
    except FhirError as error:
        return _allowing(_problems(error, request), methods)
    except access.Refused as refused:
        return _failed(_told(refused))
    except DepositRefused as refused:
        return _problems(faults.failure(refused), request)
    except Busy as busy:
        return _failed("busy", retry_after=busy.retry_after)
    except Stale:
        return _failed("busy", retry_after=1)
    except vault.ScannerUnavailable as down:
        return _failed("busy", down.message, retry_after=30)
    except Exception as error:  # noqa: BLE001  (the last resort: nothing of a fault reaches the caller)
        _log.error("fault", error=type(error).__name__, exc_info=True)
        return _failed("internal")


def _allowing(response: HttpResponse, methods: tuple[str, ...]) -> HttpResponse:
    if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        response["Allow"] = ", ".join((*methods, "OPTIONS"))
    return response


def _problems(error: FhirError, request: HttpRequest) -> HttpResponse:
    response = json(error.body(), status=error.status)
    if isinstance(error, scopes.InsufficientScope):
        response["WWW-Authenticate"] = error.challenge
    elif error.status == 401:  # noqa: PLR2004
        response["WWW-Authenticate"] = _challenge(error, came=bool(header(request, "Authorization")))
    return response


def _challenge(error: FhirError, *, came: bool) -> str:
    """Who sent a token reads what is wrong with it, where libraries look for it (RFC 6750, section 3; RFC 9449, 7.1):
    they ask for another one."""
    if not came:
        return f"Bearer {_REALM}, DPoP {_REALM}, {_ALGORITHMS}"
    wrong = "invalid_dpop_proof" if any(each.details_code == "proof" for each in error.issues) else "invalid_token"
    return f'Bearer {_REALM}, error="invalid_token", DPoP {_REALM}, error="{wrong}", {_ALGORITHMS}'


def _told(refused: access.Refused) -> str:
    """A refusal tells its reason to the trail, not to the caller. Professionals and software learn what TD0.2 tells
    them anyway: that there is no record (an opposition is that too), or that it is closed."""
    if refused.actor is None or refused.actor.kind not in {ActorKind.PROFESSIONAL, ActorKind.CLIENT}:
        return "forbidden"
    return {
        Reason.NO_RECORD: "patient-unknown",
        Reason.OPPOSED: "patient-unknown",
        Reason.CLOSED: "record-not-open",
        Reason.DECEASED: "record-not-open",
    }.get(refused.reason, "forbidden")


def _failed(code: str, detail: str = "", *, retry_after: int | None = None) -> HttpResponse:
    error = errors.failure(code, detail=detail)
    response = json(error.body(), status=error.status)
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response


def _cors(methods: tuple[str, ...]) -> Callable[[HttpResponseBase], None]:
    """Applications in a browser may call with their own token; cookies never count here."""
    return constant(
        {
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Methods": ", ".join((*methods, "OPTIONS")),
            "Access-Control-Allow-Headers": (
                "Authorization, DPoP, Content-Type, Accept, If-Match, Prefer, X-Carnet-Purpose, X-Carnet-Reason,"
                " X-Carnet-Label, X-Request-Id"
            ),
            "Access-Control-Expose-Headers": "Allow, Location, ETag, X-Request-Id, Retry-After, WWW-Authenticate",
        }
    )


def base_url() -> str:
    return f"{settings.CARNET.public_url.rstrip('/')}/fhir"
