"""Tokens for an app that a professional or a person opened in a browser: the code changed for them (with its PKCE
verifier), and the refresh token changed for the next ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from authlib.oauth2.rfc6749.grants import BaseGrant, TokenEndpointMixin
from joserfc import jwt

from carnet.api.oauth import addresses
from carnet.api.oauth.assertion import METHOD, Caller
from carnet.api.oauth.issuing import token_type
from carnet.api.oauth.problems import Refusal
from carnet.consent import letting_in
from carnet.formats import smart
from carnet.kernel import audit, clock, context
from carnet.kernel.actor import Purpose
from carnet.kernel.ids import short
from carnet.people import clients, granting, id_keys, queries
from carnet.people.granting import Family, Tokens

PUBLIC: Final = "none"
CODE: Final = "authorization_code"
REFRESH: Final = "refresh_token"
_ID_TOKEN: Final = timedelta(minutes=5)
_LONGEST: Final = 500
_VERIFIER: Final = range(43, 129)


class AppGrant(BaseGrant, TokenEndpointMixin):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS: Final = [METHOD, PUBLIC]

    def validate_token_request(self) -> None:
        caller: Caller = self.authenticate_token_endpoint_client()
        if not caller.client.redirect_uris:
            raise Refusal("not-an-app")
        self.request.client = caller

    def create_token_response(self) -> tuple[int, dict[str, Any], Sequence[tuple[str, str]]]:
        caller: Caller = self.request.client
        with context.use(f"oauth:{caller.client.key}", context.current().request_id):
            family = self.family(caller)
            tokens = granting.give(
                family,
                scope=self.narrowed(family),
                key_id=caller.key_id,
                bound=self.request.bound,
                public=caller.client.public,
            )
            _note(family)
        return 200, self.answer(caller, family, tokens), self.TOKEN_RESPONSE_HEADER

    def family(self, caller: Caller) -> Family:
        raise NotImplementedError

    def narrowed(self, family: Family) -> str:
        return family.scope

    def told(self, name: str) -> str:
        found: str = self.request.form.get(name, "")
        if len(found) > _LONGEST:
            raise Refusal("code")
        return found

    def answer(self, caller: Caller, family: Family, tokens: Tokens) -> dict[str, Any]:
        said: dict[str, Any] = {
            "access_token": tokens.access,
            "token_type": token_type(self.request.bound),
            "expires_in": int(clients.LIFETIME.total_seconds()),
            "scope": tokens.scope,
        }
        words = smart.known(tokens.scope).words
        if tokens.refresh:
            said["refresh_token"] = tokens.refresh
        if family.record_id:
            # The app has its own window: whose record it shows is for it to say.
            said |= {"patient": short(family.record_id), "need_patient_banner": True}
        if smart.FHIR_USER in words:
            said["fhirUser"] = fhir_user(family)
        if smart.OPENID in words:
            said["id_token"] = id_token(caller.client.key, family, with_user=smart.FHIR_USER in words)
        return said


class Code(AppGrant):
    GRANT_TYPE: Final = CODE

    def family(self, caller: Caller) -> Family:
        verifier = self.told("code_verifier")
        if len(verifier) not in _VERIFIER:
            verifier = ""
        found = granting.redeem(
            self.told("code"),
            client_id=caller.client.id,
            redirect_uri=self.told("redirect_uri"),
            verifier=verifier,
        )
        if found is None:
            raise Refusal("code")
        return found


class Refresh(AppGrant):
    GRANT_TYPE: Final = REFRESH

    def family(self, caller: Caller) -> Family:
        try:
            found = granting.renewed(
                self.told("refresh_token"),
                client_id=caller.client.id,
                bound=self.request.bound,
                within=lambda scope: bool(self._within(scope)),
            )
        except granting.NotWithin:
            raise Refusal("scope-not-granted") from None
        if found is None or not _goes_on(found):
            raise Refusal("refresh")
        return found

    def narrowed(self, family: Family) -> str:
        """Less may be asked for, never more."""
        return self._within(family.scope)

    def _within(self, granted: str) -> str:
        asked = self.request.form.get("scope", "").strip()
        return str(smart.known(granted) & smart.known(asked)) if asked else granted


def _goes_on(family: Family) -> bool:
    """What a person let in ends with their right: a parent's when the child comes of age, the child's own too."""
    if family.purpose not in letting_in.OWN or family.record_id is None:
        return True
    if letting_in.goes_on(family.actor_id, family.purpose, family.record_id, family.granted_at):
        return True
    granting.end(family.id)
    return False


def fhir_user(family: Family) -> str:
    if family.purpose is Purpose.SELF and family.record_id:
        return f"{addresses.fhir()}/Patient/{short(family.record_id)}"
    return f"{addresses.fhir()}/Practitioner/{short(family.actor_id)}"


def id_token(client_key: str, family: Family, *, with_user: bool) -> str:
    now, key = clock.now(), id_keys.signing()
    claims: dict[str, Any] = {
        "iss": addresses.issuer(),
        "sub": str(family.actor_id),
        "aud": client_key,
        "iat": int(now.timestamp()),
        "exp": int((now + _ID_TOKEN).timestamp()),
        "auth_time": int(family.proven_at.timestamp()),
    }
    told = {"nonce": family.nonce, "acr": family.assurance, "fhirUser": fhir_user(family) if with_user else ""}
    claims |= {name: value for name, value in told.items() if value}
    header = {"alg": id_keys.ALGORITHM, "kid": key.kid, "typ": "JWT"}
    return jwt.encode(header, claims, key, algorithms=[id_keys.ALGORITHM])


def _note(family: Family) -> None:
    actor = queries.actor_by_id(family.actor_id)
    if actor:
        audit.done(actor, family.purpose, record_id=None, capacity="account", action="token-issued")
