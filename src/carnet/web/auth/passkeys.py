"""The two ceremonies of WebAuthn: what the browser is asked for, and what is believed of its answer.

Keys are discoverable (nobody types who they are), their holder is verified by the device each time, attestations are
not asked for. A challenge belongs to one browser's session and one use, ends after five minutes and is answered once.
"""

from __future__ import annotations

import hmac
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

import orjson
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from carnet.kernel.actor import Actor
from carnet.people import passkeys
from carnet.people.passkeys import Credential, New
from carnet.web.auth.errors import SignInError, Trouble
from carnet.web.auth.providers import base

_LIFETIME: Final = 5 * 60
_LONGEST: Final = 16 * 1024
_KEY: Final = "passkey_challenges"
# What a parser of structures made by others may raise besides its own errors.
_UNREADABLE: Final = (WebAuthnException, ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError)


class Use(StrEnum):
    ENROL = "enrol"
    SIGN_IN = "sign-in"


@dataclass(frozen=True, slots=True)
class Site:
    """What keys are made for (`rp_id`, a host), and the only place from which an answer is taken."""

    rp_id: str
    origin: str


def site(request: HttpRequest) -> Site:
    """The installation's public address; in the demonstration, the one that was called."""
    parts = urlsplit(base(request))
    return Site(parts.hostname or "", f"{parts.scheme}://{parts.netloc}")


def ask_to_enrol(request: HttpRequest, who: Actor) -> str:
    """What the browser is to be asked for, in JSON."""
    options = generate_registration_options(
        rp_id=site(request).rp_id,
        rp_name="Carnet",
        user_id=passkeys.handle(who.id),
        user_name=who.name,
        challenge=_challenge(request.session, Use.ENROL),
        timeout=_LIFETIME * 1000,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            require_resident_key=True,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=key.credential_id) for key in passkeys.of(who)],
    )
    return options_to_json(options)


def ask_to_sign_in(request: HttpRequest) -> str:
    options = generate_authentication_options(
        rp_id=site(request).rp_id,
        challenge=_challenge(request.session, Use.SIGN_IN),
        timeout=_LIFETIME * 1000,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def enrolled(request: HttpRequest, answer: str) -> New:
    """Raises `SignInError`."""
    expected = _take(request.session, Use.ENROL)
    here = site(request)
    try:
        made = verify_registration_response(
            credential=_readable(answer),
            expected_challenge=expected,
            expected_rp_id=here.rp_id,
            expected_origin=here.origin,
            require_user_verification=True,
        )
    except _UNREADABLE as error:
        raise SignInError(Trouble.KEY, "new-passkey-refused") from error
    return New(
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        may_be_copied=made.credential_device_type is CredentialDeviceType.MULTI_DEVICE,
        is_copied=made.credential_backed_up,
    )


def proven(request: HttpRequest, answer: str) -> Credential:
    """The passkey whose holder is there now, noted as used. Raises `SignInError`."""
    expected = _take(request.session, Use.SIGN_IN)
    here = site(request)
    known = _named(answer)
    try:
        verified = verify_authentication_response(
            credential=answer,
            expected_challenge=expected,
            expected_rp_id=here.rp_id,
            expected_origin=here.origin,
            credential_public_key=known.public_key,
            credential_current_sign_count=known.sign_count,
            require_user_verification=True,
        )
    except _UNREADABLE as error:
        raise SignInError(Trouble.KEY, "passkey-refused") from error
    if not passkeys.used(known.id, sign_count=verified.new_sign_count, is_copied=verified.credential_backed_up):
        raise SignInError(Trouble.KEY, "passkey-count-has-not-grown")
    return known


def _named(answer: str) -> Credential:
    """The passkey that an answer says it is of, in the name of its own holder; nothing is proven yet."""
    try:
        said = orjson.loads(_readable(answer))
        credential_id, whose = _bytes(said["id"]), _bytes(said["response"]["userHandle"])
    except _UNREADABLE as error:
        raise SignInError(Trouble.KEY, "passkey-unreadable") from error
    known = passkeys.find(credential_id)
    if known is None:
        raise SignInError(Trouble.KEY, "passkey-unknown-or-revoked")
    if not hmac.compare_digest(whose, passkeys.handle(known.actor_id)):
        raise SignInError(Trouble.KEY, "passkey-of-another-account")
    return known


def _challenge(session: SessionBase, use: Use) -> bytes:
    """One of each use at a time: asking again replaces it."""
    made = secrets.token_bytes(32)
    waiting = session.get(_KEY, {})
    session[_KEY] = waiting | {use.value: {"at": int(time.time()), "challenge": urlsafe_b64encode(made).decode()}}
    return made


def _take(session: SessionBase, use: Use) -> bytes:
    waiting = dict(session.get(_KEY, {}))
    found = waiting.pop(use.value, None)
    session[_KEY] = waiting
    if found is None or time.time() - found["at"] > _LIFETIME:
        raise SignInError(Trouble.ATTEMPT, "challenge-unknown,-used-or-too-old")
    challenge = urlsafe_b64decode(found["challenge"])
    if not passkeys.spend(challenge):
        raise SignInError(Trouble.ATTEMPT, "challenge-answered-before")
    return challenge


def _readable(answer: str) -> str:
    if not answer or len(answer) > _LONGEST:
        raise ValueError("No answer of an authenticator has this size.")
    return answer


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
