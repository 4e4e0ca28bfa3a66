"""Whose record is open: one's own, that of somebody whom one represents, or of somebody whom one helps. The session
keeps the covers, and which one is open; whether it may be opened is decided anew by every read."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.html import format_html
from django.utils.safestring import SafeString

from carnet.consent import family
from carnet.consent.caring import STATED, Right
from carnet.kernel import clock
from carnet.kernel.actor import Actor, Purpose
from carnet.notify import told
from carnet.people import queries as people
from carnet.records.rules import Handover, Stage, earliest_birth, handover, stage
from carnet.web import ages
from carnet.web.about import speak_of
from carnet.web.auth.session import news_since
from carnet.web.i18n import gettext, today
from carnet.web.patient import care_words
from carnet.web.represented import speak_to
from carnet.web.words import first_name, marked

FIELD: Final = "carnet"
_COVERS, _OPEN, _READ_AT, _GROWING, _LOOKED = "covers", "open", "covers_at", "growing", "looked"
# A child who came into the family, or came of age, is seen as soon.
_FRESH_FOR: Final = 600
_SHOWN: Final = "carnet_family"
_CHILD: Final = {"F": marked("Ma fille"), "M": marked("Mon fils")}
_GUARDED: Final = {
    "F": marked("Vous la représentez"),
    "M": marked("Vous le représentez"),
    "": marked("Vous représentez cette personne"),
}
# As the style sheet has them, by number from 1 on; one's own is the first.
_COLOURS: Final = ("self", "child", "relative", "blue", "wine", "leaf")
_CHILDS: Final = {"F": marked("Carnet de ma fille"), "M": marked("Carnet de mon fils")}


@dataclass(frozen=True, slots=True)
class Cover:
    """`number` chooses its colour; `others` are the names of who else represents them. `guarded`: a
    protected adult, whom a court gave into one's care. `waits`: whether there is something that one has not seen; of
    what, the record itself tells."""

    record_id: UUID
    name: str
    purpose: Purpose
    sex: str = ""
    birth_date: str = ""
    others: tuple[str, ...] = ()
    number: int = 1
    rights: frozenset[str] = frozenset()
    acts: bool = False
    guarded: bool = False
    waits: bool = False

    @property
    def own(self) -> bool:
        return self.purpose is Purpose.SELF

    @property
    def helped(self) -> bool:
        return self.purpose is Purpose.CARER

    @property
    def reads(self) -> bool:
        """Whether there are documents for this reader at all."""
        return not self.helped or not self.rights.isdisjoint({Right.DOCUMENTS, Right.TREATMENTS, Right.APPOINTMENTS})

    @property
    def reads_all(self) -> bool:
        """Whether everything of health may be in sight, as far as the decision shows it."""
        return not self.helped or Right.DOCUMENTS in self.rights

    @property
    def reads_treatments(self) -> bool:
        return self.reads_all or Right.TREATMENTS in self.rights

    @property
    def reads_appointments(self) -> bool:
        return self.reads_all or Right.APPOINTMENTS in self.rights

    @property
    def reads_measures(self) -> bool:
        return self.reads_all or Right.MEASURES in self.rights

    @property
    def says(self) -> bool:
        """Whether they may say something of health; of what, the decision tells."""
        return not self.helped or (self.acts and not self.rights.isdisjoint(STATED))

    @property
    def says_all(self) -> bool:
        return self.says and self.reads_all

    @property
    def says_treatments(self) -> bool:
        return self.says and self.reads_treatments

    @property
    def says_measures(self) -> bool:
        return self.says and self.reads_measures

    @property
    def adds(self) -> bool:
        return not self.helped or (self.acts and Right.DOCUMENTS in self.rights)

    @property
    def colour(self) -> str:
        return _COLOURS[self.number - 1]

    @property
    def closes(self) -> bool:
        """Whether its holder's part includes closing it: a guardian has none in that, nor a carer."""
        return not self.helped and not self.guarded

    @property
    def whose(self) -> str:
        if self.helped:
            return gettext("Vous l'aidez")
        if self.guarded:
            return gettext(_GUARDED.get(self.sex, _GUARDED[""]))
        return gettext("Moi") if self.own else gettext(_CHILD.get(self.sex, "Mon enfant"))

    @property
    def title(self) -> str:
        if self.helped:
            return gettext("Vous l'aidez")
        if self.guarded:
            return self.whose
        return gettext("Mon carnet") if self.own else gettext(_CHILDS.get(self.sex, "Carnet de mon enfant"))

    @property
    def age(self) -> str:
        """Empty for one's own, and where the birth date is not whole."""
        whole = len(self.birth_date) == len("2018-05-14")
        return ages.told(earliest_birth(self.birth_date), today()) if whole and not self.own else ""

    @property
    def handover(self) -> Handover:
        """Of a child's record."""
        if self.own or self.helped or self.guarded or not self.birth_date:
            return Handover.NONE
        return handover(earliest_birth(self.birth_date), today())

    @property
    def about(self) -> str:
        """« 8 ans. Vous gérez ce carnet avec Paul Durand. »"""
        if self.helped:
            return care_words.said(self.rights, acts=self.acts)
        said = [f"{self.age}."] if self.age else []
        if self.others:
            said.append(gettext("Vous gérez ce carnet avec %(names)s.") % {"names": ", ".join(self.others)})
        return " ".join(said)


@dataclass(frozen=True, slots=True)
class Growing:
    """`own`: whether one is about to be alone in charge of one's own record, or has just become so; `adult`: whether
    one is of age; `children`: those whom one represented, and who are now."""

    own: Handover = Handover.NONE
    adult: bool = False
    minor: bool = False
    children: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Family:
    """Every record that one may open, one's own first, and the one that is open."""

    covers: tuple[Cover, ...]
    open: Cover
    growing: Growing = Growing()

    @property
    def several(self) -> bool:
        return len(self.covers) > 1

    @property
    def minor(self) -> bool:
        """Whether the open record is that of a minor, who reads it or whose parent does."""
        if self.open.own:
            return self.growing.minor
        return self.open.purpose is Purpose.REPRESENTATIVE and not self.open.guarded


def of(request: HttpRequest, actor: Actor) -> Family | None:
    """None for who may open no record at all."""
    covers = _covers(request, actor)
    chosen = request.session.get(_OPEN)
    opened = next((each for each in covers if str(each.record_id) == chosen), covers[0] if covers else None)
    if opened and opened.helped:
        covers, opened = _as_of_now(actor, covers, opened)
    found = Family(covers, opened, _growing(request)) if opened else None
    setattr(request, _SHOWN, found)
    speak_to(of_age=bool(found and found.growing.adult and found.open.own))
    speak_of(found.open.name if found and not found.open.own else "")
    return found


def _as_of_now(actor: Actor, covers: tuple[Cover, ...], opened: Cover) -> tuple[tuple[Cover, ...], Cover]:
    """What the holder changed counts with the next page: who helps no more has no rights on it."""
    found = people.cared_for(actor, opened.record_id)
    rights, acts = (found[0].rights, found[0].acts) if found else (frozenset[str](), False)
    now = replace(opened, rights=rights, acts=acts)
    return tuple(now if each == opened else each for each in covers), now


def open_cover(request: HttpRequest, actor: Actor, record_id: str) -> bool:
    """From the next page on; False for a record that is none of theirs."""
    request.session.pop(_READ_AT, None)
    if record_id not in {str(each.record_id) for each in _covers(request, actor)}:
        return False
    request.session[_OPEN] = record_id
    request.session[_LOOKED] = {**request.session.get(_LOOKED, {}), record_id: clock.now().isoformat()}
    return True


def look_anew(request: HttpRequest, actor: Actor) -> None:
    """For the page that tells which records have something to see, and after what lets one into another record."""
    request.session.pop(_READ_AT, None)
    of(request, actor)


def close(request: HttpRequest) -> None:
    """One's own record is open with the next page; which others may be is looked at anew."""
    for name in (_OPEN, _READ_AT):
        request.session.pop(name, None)


def after_refusal(request: HttpRequest, actor: Actor) -> None:
    """Which records may be opened is looked at anew: with the next page one is in one's own, where the one that was
    open may not be any more. An act that is not theirs there changes nothing."""
    request.session.pop(_READ_AT, None)
    if request.session.get(_OPEN) not in {str(each.record_id) for each in _covers(request, actor)}:
        request.session.pop(_OPEN, None)


def lost(request: HttpRequest) -> bool:
    """Whether the record of somebody else that was open may not be opened any more, as `after_refusal` found."""
    found = shown(request)
    return found is not None and not found.open.own and _OPEN not in request.session


def shown(request: HttpRequest) -> Family | None:
    """The family of the page that is being made."""
    found: Family | None = getattr(request, _SHOWN, None)
    return found


def of_a_minor(request: HttpRequest) -> bool:
    """Whether the page that is being made is of a minor's record."""
    found = shown(request)
    return bool(found and found.minor)


def forms(request: HttpRequest) -> dict[str, Any]:
    """For templates: a form says in which record it was shown, so that none is sent into another one."""
    family = shown(request)
    return {"csrf_input": _inputs(request, family.open)} if family and family.several else {}


def _inputs(request: HttpRequest, opened: Cover) -> SafeString:
    return format_html(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}"><input type="hidden" name="{}" value="{}">',
        get_token(request),
        FIELD,
        opened.record_id,
    )


def _covers(request: HttpRequest, actor: Actor) -> tuple[Cover, ...]:
    if time.time() - request.session.get(_READ_AT, 0) > _FRESH_FOR:
        since = _last_looks(request)
        news = {str(of) for of, at in told.told_of(actor).items() if (last := since[of]) is None or at > last}
        represented = [_kept(each, news) for each in family.represented(actor, since)]
        known = {each["record"] for each in represented}
        helped = [_helped(*each, news) for each in family.helped(actor)]
        request.session[_COVERS] = [*represented, *(each for each in helped if each["record"] not in known)]
        own = people.record_of(actor)
        request.session[_GROWING] = {
            **_own_age(actor, own),
            "children": [first_name(each.name) for each in family.grown(actor)],
        }
        request.session[_READ_AT] = int(time.time())
    own = people.record_of(actor)
    mine = [Cover(own, first_name(actor.name), Purpose.SELF)] if own else []
    return (*mine, *_of_others(request.session[_COVERS]))


def _growing(request: HttpRequest) -> Growing:
    kept = request.session.get(_GROWING) or {}
    own = Handover(kept.get("own", Handover.NONE.value))
    # Of who has no whole date of birth neither is known.
    minor = kept.get("adult") is False
    return Growing(own, bool(kept.get("adult")), minor, tuple(kept.get("children", ())))


def _own_age(actor: Actor, own: UUID | None) -> dict[str, Any]:
    birth = family.own_birth(actor, own) if own else None
    if birth is None:
        return {}
    return {"own": handover(birth, today()).value, "adult": stage(birth, today()) is Stage.ALONE}


def _of_others(kept: Iterable[dict[str, Any]]) -> Iterable[Cover]:
    for number, each in enumerate(kept, start=2):
        yield Cover(
            UUID(each["record"]),
            each["given"],
            Purpose(each.get("purpose", Purpose.REPRESENTATIVE.value)),
            each["sex"],
            each["birth"],
            tuple(each["others"]),
            2 + (number - 2) % (len(_COLOURS) - 1),
            frozenset(each.get("rights", ())),
            acts=each.get("acts", False),
            guarded=each.get("guarded", False),
            waits=each.get("waits", False),
        )


def _last_looks(request: HttpRequest) -> defaultdict[UUID, datetime | None]:
    """By record: when it was opened in this session, else when this person's last visit was."""
    before = news_since(request)
    looked: dict[UUID, datetime | None] = {
        UUID(of): datetime.fromisoformat(at) for of, at in request.session.get(_LOOKED, {}).items()
    }
    return defaultdict(lambda: before, looked)


def _kept(book: family.Book, news: set[str]) -> dict[str, Any]:
    return {
        "record": str(book.record_id),
        "given": book.given.title(),
        "sex": book.sex,
        "birth": book.birth_date,
        "others": list(book.others),
        "guarded": book.guarded,
        "waits": book.waits or str(book.record_id) in news,
    }


def _helped(book: family.Book, care: people.Caring, news: set[str]) -> dict[str, Any]:
    kept = {"purpose": Purpose.CARER.value, "rights": sorted(care.rights), "acts": care.acts}
    return _kept(book, news) | kept
