"""Authlib's authorisation server on our tables: client credentials, revocation (RFC 7009), introspection (RFC 7662)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from typing import Any, ClassVar, Final
from uuid import UUID

import orjson
from authlib.oauth2 import AuthorizationServer, OAuth2Error, OAuth2Request
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7662 import IntrospectionEndpoint
from django.http import HttpRequest, HttpResponse

from carnet.api.bound import confirmation
from carnet.api.oauth import addresses, assertion, exchange, introspecting, mandate
from carnet.api.oauth.app_tokens import PUBLIC, Code, Refresh
from carnet.api.oauth.assertion import METHOD, Caller
from carnet.api.oauth.issuing import token_type
from carnet.api.oauth.mandate import Mandate
from carnet.api.oauth.problems import Refusal, of_library
from carnet.formats import smart
from carnet.kernel import audit, context
from carnet.kernel.actor import ActorKind, Purpose
from carnet.kernel.ids import short
from carnet.kernel.throttle import Throttle
from carnet.people import actions, client_queries, clients, granting, queries
from carnet.people.client_queries import RegisteredClient
from carnet.people.queries import VerifiedToken, actor_for_token
from carnet.people.scopes import CONTEXTS

_LONGEST_KEY: Final = 40
FAILURES: Final = Throttle("oauth", 20, timedelta(minutes=1))
"""Of one client from one address: no signature can be guessed, the count spares work and log lines. A registered client
elsewhere goes on."""


REFUSED: Final = "carnet_refused"


class Asked(OAuth2Request):  # type: ignore[misc]
    """A request whose parameters stand in its body alone. `bind` says to what a token asked for here will be bound, and
    uses up the proof of it: asked once, of callers who are known."""

    def __init__(
        self,
        parameters: Mapping[str, str],
        uri: str,
        address: str,
        bind: Callable[[], str] = str,
        came: HttpRequest | None = None,
    ) -> None:
        super().__init__("POST", uri)
        self.came = came
        self.payload = BasicOAuth2Payload(parameters)
        self.address = address
        self._bind = bind

    @cached_property
    def bound(self) -> str:
        return self._bind()

    @property
    def form(self) -> Mapping[str, str]:
        form: Mapping[str, str] = self.payload.data
        return form


def authenticate(query_client: Callable[[str], object], request: Asked) -> Caller | None:
    """The library's hook for `private_key_jwt`; None when no assertion came."""
    text = request.form.get("client_assertion")
    if not text or request.form.get("client_assertion_type") != assertion.TYPE:
        return None
    presented = assertion.read(text)
    seconds = FAILURES.wait(presented.client, request.address)
    if seconds:
        raise Refusal("too-many-failures", retry_after=seconds)
    try:
        caller = assertion.verified(presented)
    except Refusal:
        FAILURES.failed(presented.client, request.address)
        raise
    # A proof that is not good is refused before a code or a refresh token is used up.
    _ = request.bound
    return caller


def identify(query_client: Callable[[str], object], request: Asked) -> Caller | None:
    """The hook for a public client, which keeps no secret: the code and its verifier are what counts. One that has keys
    proves itself by them."""
    if "client_assertion" in request.form:
        return None
    key = request.form.get("client_id", "")
    found = client_queries.client_by_key(key[:_LONGEST_KEY]) if key else _by_what_it_renews(request)
    if not (found and found.active and found.public):
        return None
    _ = request.bound
    return Caller(found, None, {})


def _by_what_it_renews(request: Asked) -> RegisteredClient | None:
    """Common libraries renew without naming themselves (RFC 6749, section 6, does not ask it of who has no secret)."""
    family = granting.family_of_refresh(request.form.get("refresh_token", ""))
    return client_queries.client_by_id(family[1]) if family else None


class Software(ClientCredentialsGrant):  # type: ignore[misc]
    """A token for the software itself, or for the professional that its assertion names."""

    TOKEN_ENDPOINT_AUTH_METHODS: Final = [METHOD]
    ANSWERS: ClassVar[Mapping[str, str]] = {}

    def validate_requested_scope(self) -> None:
        """Answered with the token: what is granted depends on whose it will be."""

    def create_token_response(self) -> tuple[int, dict[str, Any], Sequence[tuple[str, str]]]:
        caller: Caller = self.request.client
        with context.use(f"oauth:{caller.client.key}", context.current().request_id):
            wish = self.wish(caller)
            token, scope = _issued(caller, wish, self.request.payload.scope, self.request.bound)
        body = {
            "access_token": token,
            "token_type": token_type(self.request.bound),
            "expires_in": int(clients.LIFETIME.total_seconds()),
        }
        return 200, {**body, **self.ANSWERS, "scope": scope}, self.TOKEN_RESPONSE_HEADER

    def wish(self, caller: Caller) -> Mandate:
        return mandate.read(caller.claims)


class Exchange(Software):
    """A token for the professional whom a token of their provider names."""

    GRANT_TYPE: Final = exchange.GRANT
    ANSWERS: ClassVar[Mapping[str, str]] = {"issued_token_type": exchange.ACCESS}

    def wish(self, caller: Caller) -> Mandate:
        found = exchange.named(self.request.came, caller.client, self.request.form)
        return Mandate(found.rpps, "", Purpose.CARE, proven=True, regulates=found.regulates, proof=found.proof)


def _issued(caller: Caller, wish: Mandate, asked: str | None, bound: str) -> tuple[str, str]:
    """The token and its scope. Whoever tries to act for somebody and may not leaves a line too."""
    try:
        holder = mandate.holder(caller.client, wish)
    except Refusal as refusal:
        audit.refused(caller.client.actor, wish.purpose, record_id=None, action="token-issued", reason=refusal.code)
        raise
    scope = _granted(asked, caller.client.scope, CONTEXTS[holder.kind])
    if caller.key_id is None:
        raise Refusal("client-not-proven")
    try:
        token = clients.ask_token(
            actor_id=holder.id,
            key_id=caller.key_id,
            purpose=wish.purpose,
            scope=scope,
            bound=bound,
            regulates=wish.regulates,
            proof=wish.proof,
        )
    except clients.KeyEnded:
        raise Refusal("client-not-proven") from None
    audit.done(holder, wish.purpose, record_id=None, capacity="account", action="token-issued")
    return token, scope


def _granted(asked: str | None, registered: str, kind: str) -> str:
    """What is both asked for and registered, in the context of the token's holder; all of it when nothing is asked."""
    held = smart.parse(registered).within(kind)
    try:
        granted = held if asked is None else held & smart.parse(asked)
    except smart.ScopeError as error:
        raise Refusal("scope-form" if error.unread else "scope-long") from None
    if not granted:
        raise Refusal("scope-none")
    return str(granted)


class Given:
    """A token that holds, as the library asks it."""

    def __init__(self, text: str, facts: VerifiedToken) -> None:
        self.text = text
        self.facts = facts

    def check_client(self, caller: Caller) -> bool:
        return self.facts.client_id == caller.client.id

    def is_expired(self) -> bool:
        return False

    def is_revoked(self) -> bool:
        return False


def _query_token(text: str) -> Given | None:
    facts = actor_for_token(text)
    return Given(text, facts) if facts else None


class GivenToRenew:
    """A refresh token: its end is that of all that hangs on the same grant (RFC 7009, section 2.1)."""

    def __init__(self, grant_id: UUID, client_id: UUID, actor_id: UUID) -> None:
        self.grant_id = grant_id
        self.client_id = client_id
        self.actor_id = actor_id

    def check_client(self, caller: Caller) -> bool:
        return self.client_id == caller.client.id


class Revocation(RevocationEndpoint):  # type: ignore[misc]
    CLIENT_AUTH_METHODS: Final = [METHOD, PUBLIC]

    def query_token(self, token: str, hint: str | None) -> Given | GivenToRenew | None:
        family = granting.family_of_refresh(token)
        return GivenToRenew(*family) if family else _query_token(token)

    def revoke_token(self, token: Given | GivenToRenew, request: Asked) -> None:
        with context.use(f"oauth:{request.client.client.key}", context.current().request_id):
            if isinstance(token, GivenToRenew):
                granting.end(token.grant_id)
                actor = queries.actor_by_id(token.actor_id)
                if actor:
                    purpose = Purpose.SELF if actor.kind is ActorKind.PERSON else Purpose.CARE
                    audit.done(actor, purpose, record_id=None, capacity="account", action="token-revoked")
                return
            actions.revoke_token(token=token.text)
            audit.done(
                token.facts.actor, token.facts.purpose, record_id=None, capacity="account", action="token-revoked"
            )


class Introspection(IntrospectionEndpoint):  # type: ignore[misc]
    CLIENT_AUTH_METHODS: Final = [METHOD]

    def query_token(self, token: str, hint: str | None) -> Given | None:
        return _query_token(token)

    def check_permission(self, token: Given, caller: Caller, request: Asked) -> bool:
        return token.check_client(caller) or smart.INTROSPECTION in smart.parse(caller.client.scope).words

    def introspect_token(self, token: Given) -> dict[str, Any]:
        facts = token.facts
        told = {
            "active": True,
            "scope": facts.scope,
            "token_type": token_type(facts.bound),
            "iss": addresses.issuer(),
            "sub": str(facts.actor.id),
            "iat": int(facts.issued_at.timestamp()),
            "exp": int(facts.expires_at.timestamp()),
        }
        named: dict[str, Any] = {"client_id": facts.client_key} if facts.client_key else {}
        named |= {"patient": short(facts.actor.only)} if facts.actor.only else {}
        named |= introspecting.extensions(facts)
        return told | named | ({"cnf": confirmation(facts.bound)} if facts.bound else {})


class Server(AuthorizationServer):  # type: ignore[misc]
    def query_client(self, client_id: str) -> None:
        """Clients are found by their assertion alone."""

    def send_signal(self, name: str, *arguments: object, **named: object) -> None:
        """What happens stands in the trail."""

    def create_oauth2_request(self, request: Asked) -> Asked:
        return request

    def handle_response(self, status: int, body: Mapping[str, Any], headers: Sequence[tuple[str, str]]) -> HttpResponse:
        return HttpResponse(orjson.dumps(body), status=status, headers=dict(headers))

    def handle_error_response(self, request: Asked, error: OAuth2Error) -> HttpResponse:
        return refused(of_library(error))


def refused(refusal: Refusal) -> HttpResponse:
    status, body, headers = refusal()
    response = HttpResponse(orjson.dumps(body), status=status, headers=dict(headers))
    setattr(response, REFUSED, refusal.code)
    if refusal.retry_after is not None:
        response["Retry-After"] = str(refusal.retry_after)
    return response


def _made() -> Server:
    server = Server()
    server.register_client_auth_method(METHOD, authenticate)
    server.register_client_auth_method(PUBLIC, identify)
    server.register_grant(Software)
    server.register_grant(Exchange)
    server.register_grant(Code)
    server.register_grant(Refresh)
    server.register_endpoint(Revocation)
    server.register_endpoint(Introspection)
    return server


SERVER: Final = _made()
