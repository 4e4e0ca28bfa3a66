"""What an app asks for when it sends a professional's browser here (RFC 6749, RFC 7636, SMART App Launch 2), read and
checked. What is wrong with the app or the address to answer at is told to the person alone: the answer would go to
whoever made the link. All the rest is told to the app."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from urllib.parse import parse_qsl, urlencode

from carnet.api.oauth import addresses
from carnet.api.oauth.problems import PROBLEMS, ascii_of
from carnet.formats import smart
from carnet.formats.smart import Scopes
from carnet.people import client_queries, launching
from carnet.people.client_queries import RegisteredClient
from carnet.people.launching import Kind, Launched

_LONGEST: Final = 8000
_LONGEST_STATE: Final = 500
_LONGEST_NONCE: Final = 200
_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_CONTEXTS: Final = ("patient", "user")
_PROMPTS: Final = frozenset({"", "none", "consent"})


class NoApp(Exception):
    """`why` is for a page: "app", "address" or "form". `client`, whose fault it is, where that is known."""

    def __init__(self, why: str, client: RegisteredClient | None = None) -> None:
        self.why = why
        self.client = client
        super().__init__(why)


class Wrong(Exception):
    """Told to the app, at its own address. `code` where the app itself is at fault."""

    def __init__(self, error: str, text_fr: str, code: str = "") -> None:
        self.error = error
        self.text = ascii_of(text_fr)
        self.code = code
        super().__init__(error)


def faulty(code: str, more: str = "") -> Wrong:
    """By a code of `problems.PROBLEMS`; `more`: what it should be here."""
    return Wrong(PROBLEMS[code].error, f"{PROBLEMS[code].text_fr} {more}".strip(), code)


@dataclass(frozen=True, slots=True)
class Answerable:
    """An app that is registered, and an address of it."""

    client: RegisteredClient
    redirect_uri: str
    state: str


@dataclass(frozen=True, slots=True)
class Asked:
    """`scope` is what may be granted; `mark` names this very request, for what the session keeps about it."""

    to: Answerable
    scope: Scopes
    challenge: str
    nonce: str
    prompt: str
    launch: str
    launched: Launched | None
    mark: str

    @property
    def client(self) -> RegisteredClient:
        return self.to.client

    @property
    def chooses(self) -> bool:
        """Whether it is for one patient, whom the professional has yet to choose."""
        return self.launched is None and (
            smart.LAUNCH_PATIENT in self.scope.words or bool(self.scope.within(_CONTEXTS[0]))
        )

    @property
    def offline(self) -> bool:
        return smart.OFFLINE in self.scope.words

    @property
    def refreshes(self) -> bool:
        return bool(self.scope.words & {smart.OFFLINE, smart.ONLINE})


def pairs(query: str) -> list[tuple[str, str]]:
    """Raises `NoApp` for what nobody can read."""
    if len(query) > _LONGEST:
        raise NoApp("form")
    try:
        found = parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=40)
    except ValueError:
        raise NoApp("form") from None
    if any("\0" in name or "\0" in value for name, value in found):
        raise NoApp("form")
    return found


def answerable(given: list[tuple[str, str]]) -> Answerable:
    """Raises `NoApp`. The address is one of those that are registered, letter for letter."""
    if any(len([value for name, value in given if name == each]) > 1 for each in ("client_id", "redirect_uri")):
        raise NoApp("form")
    told = dict(given)
    client = client_queries.client_by_key(told.get("client_id", "")[:40])
    if client is None or not client.active or not client.redirect_uris:
        raise NoApp("app")
    if told.get("redirect_uri", "") not in client.redirect_uris:
        raise NoApp("address", client)
    state = told.get("state", "")
    return Answerable(client, told["redirect_uri"], state if len(state) <= _LONGEST_STATE else "")


def read(given: list[tuple[str, str]], to: Answerable) -> Asked:
    """Raises `Wrong`."""
    if len({name for name, _ in given}) != len(given):
        raise faulty("repeated")
    told = dict(given)
    _form(told)
    launched = _launched(told.get("launch", ""), to)
    return Asked(
        to=to,
        scope=_scope(told.get("scope", ""), to.client, launched=launched is not None),
        challenge=told["code_challenge"],
        nonce=told.get("nonce", ""),
        prompt=told.get("prompt", ""),
        launch=told.get("launch", ""),
        launched=launched,
        mark=sha256(urlencode(given).encode()).hexdigest(),
    )


def _form(told: Mapping[str, str]) -> None:
    if {"request", "request_uri"} & told.keys():
        raise faulty("request-object")
    if told.get("response_type") != "code" or told.get("response_mode", "query") != "query":
        raise faulty("response-type")
    if not 0 < len(told.get("state", "")) <= _LONGEST_STATE:
        raise faulty("state")
    if told.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(told.get("code_challenge", "")):
        raise faulty("pkce")
    if told.get("aud", "").rstrip("/") != addresses.fhir():
        raise faulty("aud", addresses.fhir())
    if len(told.get("nonce", "")) > _LONGEST_NONCE:
        raise faulty("nonce")
    if told.get("prompt", "") not in _PROMPTS:
        raise faulty("prompt")


def _scope(text: str, client: RegisteredClient, *, launched: bool) -> Scopes:
    """What is asked for, registered, and of an app that a professional opens."""
    found = smart.known(text) & smart.known(client.scope)
    permissions = frozenset(each for each in found.permissions if each.context in _CONTEXTS)
    words = found.words & smart.OF_APPS
    granted = Scopes(permissions, words - ({smart.LAUNCH_PATIENT} if launched else {smart.LAUNCH}))
    if not permissions and smart.OPENID not in words:
        raise faulty("scope-of-app")
    return granted


def _launched(handle: str, to: Answerable) -> Launched | None:
    """The launch must have been made for this app, and not be over."""
    if not handle:
        return None
    found = launching.look(Kind.LAUNCH, handle)
    if found is None or found.app_id != to.client.id or not found.asker_holds:
        raise faulty("launch-of-another")
    if found.state != "good":
        raise faulty("launch-over")
    return found


def answer(to: Answerable, **told: str) -> str:
    """The app's address with the answer, and who answers (RFC 9207)."""
    said = {**told, "state": to.state, "iss": addresses.issuer()}
    kept = {name: value for name, value in said.items() if value}
    return f"{to.redirect_uri}{'&' if '?' in to.redirect_uri else '?'}{urlencode(kept)}"
