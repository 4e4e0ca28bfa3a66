"""The browser session: who is signed in. It holds the actor's id and kind, and where a professional of several places
practises now; everything else is read anew."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from carnet.kernel.actor import Actor, ActorKind
from carnet.people import queries as people
from carnet.people import sessions
from carnet.people.queries import Situation
from carnet.web.auth import assurance, drafts, opening

_TOUCH = 60  # seconds between two writes of "seen"

_ACTOR, _KIND, _SINCE, _SEEN, _NEWS = "actor", "kind", "since", "seen", "news"
_SITUATION, _PLACES, _REGULATES = "situation", "places", "regulates"
_PROVEN, _LEVEL = "proven", "proven_level"
_REMEMBERED, _ENDED, _STOPPED, _SITUATED = "carnet_actor", "carnet_ended", "carnet_stopped", "carnet_situation"
_SEVERAL = "carnet_situations"


def sign_in(request: HttpRequest, who: Actor, news_since: datetime | None = None) -> None:
    """Starts a session of its own: nothing of an earlier one is kept but a draft, and its key is new. What came later
    than `news_since` is new to this person as long as it lasts."""
    session = request.session
    draft = drafts.carried(session)
    _end(session)
    drafts.hand_over(session, draft)
    session[_ACTOR] = str(who.id)
    session[_KIND] = who.kind.value
    session[_SINCE] = time.time()
    session[_SEEN] = int(session[_SINCE])
    if news_since:
        session[_NEWS] = news_since.isoformat()
    session.create()
    sessions.begin(who.id, session.session_key or "")
    rotate_token(request)
    _remember(request, who)


def practise(request: HttpRequest, places: Collection[UUID] | None, *, regulates: bool) -> Actor | None:
    """What the provider says of a professional: the places it names among ours (None: it names none), and whether they
    answer the calls of the centre 15. It holds as long as the session."""
    request.session[_PLACES] = None if places is None else [str(each) for each in places]
    request.session[_REGULATES] = regulates
    return authenticate_anew(request)


def places(request: HttpRequest, who: Actor) -> list[Situation]:
    """Where they practise: among those of the directory, the ones that the provider names too, if it names any."""
    told, held = request.session.get(_PLACES), people.situations(who.id)
    if told is None:
        return held
    named = {UUID(each) for each in told}
    return [each for each in held if each.named_by(named)]


def prove(request: HttpRequest, at: int, level: str) -> None:
    """They proved who they are at that time, by the provider's clock, and how surely."""
    request.session[_PROVEN] = at
    request.session[_LEVEL] = level


def proven_at(request: HttpRequest) -> float:
    """When whoever is signed in last proved who they are; at the sign-in, where nothing else is known."""
    found: float = request.session.get(_PROVEN, request.session.get(_SINCE, 0))
    return found


def proven_level(request: HttpRequest) -> str:
    """How surely they proved it then; "" where nothing but the sign-in is known."""
    return str(request.session.get(_LEVEL, ""))


def least_level(request: HttpRequest) -> str:
    """The least with which anybody of their kind comes in."""
    known, kind = settings.CARNET, request.session.get(_KIND)
    accepted = known.patient_oidc_levels if kind == ActorKind.PERSON.value else known.professional_oidc_levels
    return min(accepted, key=assurance.rank, default="")


def confirmed_for() -> int:
    """For how many seconds a proof is fresh."""
    known: int = settings.CARNET.confirm_after
    return known * 60


def news_since(request: HttpRequest) -> datetime | None:
    found = request.session.get(_NEWS)
    return datetime.fromisoformat(found) if found else None


def situate(request: HttpRequest, organisation_id: UUID | None) -> Actor | None:
    """Where a professional practises from now on; None leaves it to be chosen, which everything else waits for."""
    request.session[_SITUATION] = str(organisation_id or "")
    return authenticate_anew(request)


def settle(request: HttpRequest, who: Actor) -> bool:
    """For who has one place, or none: there is nothing to say. False when they have to. One that is not their main
    place is said for them: without a word of it they would be read as there, or nowhere."""
    held = places(request, who)
    if len(held) > 1:
        situate(request, None)
        return False
    if held and (len(people.situations(who.id)) > 1 or not held[0].main):
        situate(request, held[0].id)
    else:
        request.session.pop(_SITUATION, None)
        authenticate_anew(request)
    return True


def unsituated(request: HttpRequest) -> bool:
    """Who practises in several places, and has not said in which."""
    return request.session.get(_SITUATION) == ""


def situation(request: HttpRequest) -> Situation | None:
    """What was chosen, or said for them; None for who is in their one main place."""
    found: Situation | None = getattr(request, _SITUATED, None)
    return found


def may_move(request: HttpRequest) -> bool:
    """Whether there is another place to choose."""
    return bool(getattr(request, _SEVERAL, False))


def sign_out(request: HttpRequest) -> None:
    _end(request.session)
    _remember(request, None)


def _end(session: SessionBase) -> None:
    if session.session_key:
        sessions.end(session.session_key)
    session.flush()


def authenticate(request: HttpRequest) -> Actor | None:
    """Who is signed in, as of now: read once a request; None also for the deactivated, after a long silence and
    when all of their sessions were ended."""
    known: Actor | None = getattr(request, _REMEMBERED, None)
    if known is None and not hasattr(request, _REMEMBERED):
        known = _remember(request, _read(request))
    return known


def ended(request: HttpRequest) -> UUID | None:
    """Whose session was found to have ended with this request."""
    found: UUID | None = getattr(request, _ENDED, None)
    return found


def was_stopped(request: HttpRequest) -> bool:
    """Whether it was somebody's act that ended it, rather than silence or its age."""
    return bool(getattr(request, _STOPPED, False))


def authenticate_anew(request: HttpRequest) -> Actor | None:
    """For a request in whose course the actor changed."""
    return _remember(request, _read(request))


def _remember(request: HttpRequest, who: Actor | None) -> Actor | None:
    setattr(request, _REMEMBERED, who)
    return who


def _read(request: HttpRequest) -> Actor | None:
    session: SessionBase | None = getattr(request, "session", None)
    if session is None or _ACTOR not in session:
        return None
    since = datetime.fromtimestamp(session[_SINCE], UTC)
    key = session.session_key or ""
    alive = _alive(session)
    who = people.signed_in(UUID(session[_ACTOR]), since, key) if alive else None
    if who is None or who.kind is not ActorKind(session[_KIND]):
        setattr(request, _ENDED, UUID(session[_ACTOR]))
        setattr(request, _STOPPED, alive)
        _end(session)
        return None
    if time.time() - session[_SEEN] > _TOUCH:
        session[_SEEN] = int(time.time())
        opening.in_use(session)
    who = replace(who, regulates=bool(session.get(_REGULATES)))
    return _placed(request, session, who) if session.get(_SITUATION) else who


def _placed(request: HttpRequest, session: SessionBase, who: Actor) -> Actor:
    """In the place that they chose, as long as they practise there."""
    held = places(request, who)
    chosen = next((each for each in held if str(each.id) == session[_SITUATION]), None)
    setattr(request, _SITUATED, chosen)
    setattr(request, _SEVERAL, len(held) > 1)
    if chosen is None:
        session[_SITUATION] = ""
        return who
    return replace(who, organisation=chosen.id)


def _alive(session: SessionBase) -> bool:
    """The settings of today hold for the sessions of yesterday."""
    now, known = time.time(), settings.CARNET
    idle = known.patient_idle if session[_KIND] == ActorKind.PERSON.value else known.professional_idle
    return bool(now - session[_SINCE] < known.longest_session * 3600 and now - session[_SEEN] < idle * 60)
