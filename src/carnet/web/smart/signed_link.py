"""A link that the software signs itself, with the key under which it is registered: it says whom it is for and which
patient, and opens no session. That it is a key of theirs is all that it proves: the professional is, or comes in as,
the one whom it names."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest
from joserfc import jwk, jws, jwt
from joserfc.errors import JoseError

from carnet.api.fhir.patients import record_of_identifier
from carnet.api.oauth import addresses
from carnet.consent.standing import looked_up
from carnet.kernel import clock, context
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import Stale
from carnet.kernel.http import seen_from
from carnet.kernel.ids import from_short
from carnet.kernel.jwk import ALGORITHMS
from carnet.kernel.throttle import Throttle
from carnet.people import client_queries, clients
from carnet.people.client_queries import RegisteredClient
from carnet.records.queries import existence
from carnet.web.smart.tickets import Way

FAILURES: Final = Throttle("signed-link", 20, timedelta(minutes=1))
_LONGEST: Final = 8000
_LONGEST_JTI: Final = 200
_LIVES: Final = 60
_SKEW: Final = 30
_KEY: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)
_RPPS: Final = re.compile(r"8?(\d{11})", re.ASCII)
_PATIENT: Final = "Patient/"
_PURPOSES: Final = {"TREAT": Purpose.CARE, "ETREAT": Purpose.EMERGENCY, "BTG": Purpose.EMERGENCY}


class BadLink(Exception):
    """`why` is for a page: "forged", "old", "used", "patient" or "address"."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


def read(request: HttpRequest, text: str, *, in_address: bool) -> Way:
    """Raises `BadLink`. In an address no number of a person may stand: there, the patient is named by their id here."""
    if FAILURES.wait(seen_from(request)):
        raise BadLink("often")
    try:
        return _read(text, in_address=in_address)
    except BadLink as bad:
        if bad.why == "forged":
            FAILURES.failed(seen_from(request))
        raise


def _read(text: str, *, in_address: bool) -> Way:
    client, claims = _signed(text)
    actor = _professional(client, claims.get("sub"))
    purpose = _PURPOSES.get(str(claims.get("purpose", "TREAT")))
    if actor is None or purpose is None:
        raise BadLink("forged")
    _times(client, claims)
    with context.use(f"oauth:{client.key}", context.current().request_id):
        named = replace(actor, organisation=client.organisation_id, app=client.id)
        record_id = _record(named, purpose, claims.get("patient"), in_address=in_address)
    return Way(actor.id, record_id, purpose, None, client.id)


def _signed(text: str) -> tuple[RegisteredClient, Mapping[str, Any]]:
    """By a key of the client that it names, which holds; nothing of it is believed before."""
    if not 0 < len(text) <= _LONGEST:
        raise BadLink("forged")
    try:
        token = jws.extract_compact(text.encode())
        said = json.loads(token.payload or b"")
        header = token.headers()
        named = said.get("iss") if isinstance(said, dict) else None
        client = client_queries.client_by_key(named) if isinstance(named, str) and _KEY.fullmatch(named) else None
        if client is None or not client.active or header.get("alg") not in ALGORITHMS:
            raise BadLink("forged")
        keys = client_queries.keys_of([client.id])
        key = next((each for each in keys if each.kid == header.get("kid") and each.holds), None)
        if key is None:
            raise BadLink("forged")
        return client, jwt.decode(text, jwk.import_key(key.jwk), algorithms=list(ALGORITHMS)).claims
    except (JoseError, ValueError, RecursionError, AttributeError, TypeError):
        raise BadLink("forged") from None


def _times(client: RegisteredClient, claims: Mapping[str, Any]) -> None:
    """A minute at most, and once."""
    if claims.get("aud") not in (addresses.opening(), addresses.issuer()):
        raise BadLink("forged")
    now, end, jti = clock.now().timestamp(), clock.stated(claims.get("exp")), claims.get("jti")
    if not isinstance(jti, str) or not 0 < len(jti) <= _LONGEST_JTI or not end <= now + _LIVES + _SKEW:
        raise BadLink("forged")
    if not now - _SKEW < end:
        raise BadLink("old")
    expires_at = datetime.fromtimestamp(end + _SKEW, UTC)
    if not clients.spend_assertion(client_id=client.id, jti=f"link/{jti}", expires_at=expires_at):
        raise BadLink("used")


def _professional(client: RegisteredClient, stated: object) -> Actor | None:
    """In the directory, and in the house of software that may act for them: what any other says, or of anybody else, it
    has no business to say."""
    trusted = client.acts_for_professionals or client.provider_client_id
    found = _RPPS.fullmatch(stated) if trusted and isinstance(stated, str) else None
    known = client_queries.professional_in(found[1], client.organisation_id) if found else None
    return known[0] if known and known[1] else None


def _record(named: Actor, purpose: Purpose, stated: object, *, in_address: bool) -> UUID:
    """Looked up by the software for the professional whom it names: the person reads both names, as of any other that
    acts for somebody. Whether they are there is not known yet; nothing is opened."""
    text = stated if isinstance(stated, str) else ""
    if text.startswith(_PATIENT):
        record_id = from_short(text.removeprefix(_PATIENT))
    elif in_address:
        raise BadLink("address")
    else:
        system, _, value = text.partition("|")
        record_id = record_of_identifier(named, system, value)
    try:
        found = existence(named, record_id)
    except Stale:  # they have changed at this very moment
        raise BadLink("old") from None
    looked_up(named, purpose, record_id if found else None)
    if found is None or not found.state.exists:
        raise BadLink("patient")
    return found.record_id
