"""« Voir comme… »: documents and facts with a reader's eyes, and one document with the eyes of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from carnet.consent.facts import As
from carnet.consent.seeing import Profile, Reader
from carnet.consent.seers import Seer
from carnet.documents import preview
from carnet.documents.changing import NotThere
from carnet.documents.preview import Look, Preview, Withheld
from carnet.documents.queries import DocumentLine
from carnet.health import foreseeing
from carnet.health.foreseeing import Foreseen
from carnet.health.queries import Line
from carnet.kernel.actor import Purpose
from carnet.people import queries as people
from carnet.web.about import about
from carnet.web.i18n import gettext
from carnet.web.patient import fact_words, listing
from carnet.web.patient import privacy_words as words
from carnet.web.patient.standing_in import place_of
from carnet.web.patient.visit import Visit, patient_page
from carnet.web.render import page
from carnet.web.words import profession

SEE_AS = "/confidentialite/voir-comme"
_PROFILES = {
    "medecin": Profile.DOCTOR,
    "pharmacien": Profile.PHARMACIST,
    "infirmiere": Profile.NURSE,
    "urgences": Profile.EMERGENCY,
    "samu": Profile.REGULATION,
    "sans-autorisation": Profile.STRANGER,
    "proche": Profile.CARER,
}
_ICONS = {
    Profile.DOCTOR: "stethoscope",
    Profile.PHARMACIST: "pill",
    Profile.NURSE: "first-aid-kit",
    Profile.EMERGENCY: "ambulance",
    Profile.REGULATION: "ambulance",
    Profile.STRANGER: "lock",
    Profile.CARER: "users",
}
_IF_AUTHORISED, _IF_BLOCKED, _IF_MASKED = "autorise", "bloque", "masque"
_PERSONS = frozenset({As.REPRESENTATIVE, As.CARER})
_URGENT = frozenset({As.EMERGENCY, As.REGULATION})
_URGENT_NAMES = {Purpose.EMERGENCY: "urgence", Purpose.REGULATION: "samu", Purpose.CARER: "aide"}
GROUP_ICONS = {"organisation": "building-hospital", "service": "building-hospital", "team": "users"}
# At first sight, and after « tout ».
FIRST, MOST = 30, 1000


@dataclass(frozen=True, slots=True)
class Choice:
    """`sees`: whether the document that is asked about is in sight, None when none is."""

    name: str
    more: str
    href: str
    icon: str = ""
    sees: bool | None = None


@patient_page()
def see_as(request: HttpRequest, visit: Visit) -> HttpResponse:
    who = request.GET.get("qui", "")
    return _seen(request, visit, who) if who else _choices(request, visit)


def _choices(request: HttpRequest, visit: Visit) -> HttpResponse:
    document_id = _uuid(request.GET.get("document", ""))
    if "document" in request.GET and document_id is None:
        raise NotThere
    masking = document_id is not None and request.GET.get("si") == _IF_MASKED
    look = preview.look(
        visit.actor,
        visit.purpose,
        visit.record_id,
        lambda seers: _everybody(seers, masking=masking) if document_id else [],
        document_id=document_id,
    )
    if look is None:
        raise NotThere
    seers = {kind: [each for each in look.seers if (each.capacity in _PERSONS) is kind] for kind in (True, False)}
    context: dict[str, Any] = {
        "section": "accesses",
        "document": listing.row(look.document) if look.document else None,
        "masking": masking,
        "professionals": [_named(each, look, masking=masking) for each in seers[False]],
        "representatives": [_named(each, look, masking=masking) for each in seers[True]],
        "profiles": [_profiled(slug, profile, look, masking=masking) for slug, profile in _PROFILES.items()],
    }
    return page(request, "patient/see_as_choices.html", context)


def _everybody(seers: Sequence[Seer], *, masking: bool) -> Iterable[Reader]:
    """Each is looked through for one document alone: else who is to be chosen is enough."""
    named = (_as(each, masking=masking) for each in seers if not each.group)
    return [*named, *(Reader(each, masking=masking) for each in Profile)]


def _as(seer: Seer, *, masking: bool) -> Reader:
    special = seer.capacity in _URGENT or seer.capacity is As.CARER
    return Reader(seer.id, seer.purpose if special else Purpose.CARE, masking=masking)


def _group(seer: Seer, look: Look, *, masking: bool) -> Choice:
    """Its own page names its members."""
    more = gettext("Chacun voit ce que sa profession permet, sauf ce qui est masqué.")
    sees = seer.id in look.groups and not masking if look.document else None
    return Choice(seer.name, more, f"/confidentialite/soignants/{seer.id}", GROUP_ICONS[seer.group], sees)


def _named(seer: Seer, look: Look, *, masking: bool) -> Choice:
    if seer.group:
        return _group(seer, look, masking=masking)
    role = gettext("Médecin traitant") if seer.capacity is As.ATTENDING else profession(seer.profession)
    parts = [
        role,
        seer.organisation,
        place_of(seer.id, look.seers) if seer.capacity is As.DEPUTY else "",
        gettext("En ce moment, pour une urgence") if seer.capacity in _URGENT else "",
        about("Votre aidant") if seer.capacity is As.CARER else "",
    ]
    reader = _as(seer, masking=masking)
    return Choice(seer.name, words.sentences(*parts), _href(seer.id, reader.purpose), sees=_sees(reader, look))


def _profiled(slug: str, profile: Profile, look: Look, *, masking: bool) -> Choice:
    sees = _sees(Reader(profile, masking=masking), look)
    return Choice(gettext(words.PROFILES[profile]), "", _href(slug), _ICONS[profile], sees)


def _sees(reader: Reader, look: Look) -> bool | None:
    found = look.previews.get(reader)
    if found is None or look.document is None:
        return None
    return any(line.id == look.document.id for line in found.shown)


def _href(who: UUID | str, purpose: Purpose = Purpose.CARE) -> str:
    urgent = {} if purpose is Purpose.CARE else {"pour": _URGENT_NAMES[purpose]}
    return f"{SEE_AS}?{urlencode({'qui': who} | urgent)}"


@dataclass(frozen=True, slots=True)
class Unseen:
    row: listing.Row
    why: str


@dataclass(frozen=True, slots=True)
class Untold:
    """A fact in words; `source`: the document that is not shown, None for what was said without one."""

    words: str
    since: datetime | None
    source: Unseen | None


@dataclass(frozen=True, slots=True)
class Facts:
    """Of one kind: how many of those that the holder knows are told, the newest of the others, and why they are not."""

    name: str
    icon: str
    told: int
    every: int
    untold: tuple[Untold, ...]
    why: str


def _seen(request: HttpRequest, visit: Visit, who: str) -> HttpResponse:
    reader = _reader(who, request.GET.get("pour", ""), request.GET.get("si", ""))
    foreseen = foreseeing.foresee(visit.actor, visit.purpose, visit.record_id, reader)
    if foreseen is None:
        raise NotThere
    found = foreseen.documents
    most = MOST if request.GET.get("tout") == "1" else FIRST
    whole = len(found.shown) <= most and len(_reasons(found)) <= most
    context: dict[str, Any] = {
        "section": "accesses",
        "everything": "" if whole else f"?{urlencode(request.GET.dict() | {'tout': 1})}",
        "name": _name(reader),
        "supposed": reader.supposed,
        "blocked": reader.blocked,
        "back": _back(reader),
        "found": found,
        "sees": words.sees(found),
        "rule": words.rule(found),
        "years": listing.by_year_of([_row(line) for line in found.shown[:most]]),
        "unseen": [_unseen(each, carer=found.is_carers) for each in _reasons(found)[:most]],
        "facts": list(_facts(foreseen)),
    }
    return page(request, "patient/see_as.html", context)


def _facts(foreseen: Foreseen) -> Iterable[Facts]:
    told, carer = Counter(line.kind for line in foreseen.told), foreseen.documents.is_carers
    documents = foreseen.documents
    withheld = {each.line.id: each for each in (*documents.older, *documents.withheld)}
    for kind, (name, icon) in fact_words.KINDS.items():
        others = [line for line in foreseen.untold if line.kind is kind]
        if every := told[kind] + len(others):
            reasons = dict.fromkeys(words.untold(_why(line, withheld), carer=carer) for line in others)
            untold = tuple(_named_fact(line, withheld, carer=carer) for line in others[:FIRST])
            yield Facts(gettext(name), icon, told[kind], every, untold, ", ".join(reasons))


def _source(line: Line, withheld: Mapping[UUID, Withheld]) -> Withheld | None:
    """Of a fact that no source tells, the newest that is a document of the holder's list."""
    return next((withheld[each] for each in line.sources if each in withheld), None)


def _why(line: Line, withheld: Mapping[UUID, Withheld]) -> preview.Why | None:
    found = _source(line, withheld)
    return found.why if found else None


def _named_fact(line: Line, withheld: Mapping[UUID, Withheld], *, carer: bool) -> Untold:
    said, source = fact_words.told(line), _source(line, withheld)
    return Untold(
        " ".join(filter(None, (said.label, said.value))), line.since, _unseen(source, carer=carer) if source else None
    )


def _reasons(found: Preview) -> Sequence[Withheld]:
    """Why each is not shown; where nothing is, once for all is enough."""
    return [each for each in found.withheld if each.why is not preview.Why.NOTHING]


def _row(line: DocumentLine) -> listing.Row:
    row = listing.row(line)
    return row if line.status == "current" else replace(row, badges=(*row.badges, listing.replaced()))


def _unseen(withheld: Withheld, *, carer: bool) -> Unseen:
    return Unseen(listing.row(withheld.line), words.why(withheld.why, carer=carer))


def _back(reader: Reader) -> str:
    if reader.supposed:
        return f"/confidentialite/autoriser/{reader.who}"
    return f"/confidentialite/soignants/{reader.who}" if reader.blocked else SEE_AS


def _reader(who: str, what_for: str, supposed: str) -> Reader:
    if who in _PROFILES:
        return Reader(_PROFILES[who])
    found = _uuid(who)
    if found is None:
        raise NotThere
    purpose = next((purpose for purpose, name in _URGENT_NAMES.items() if name == what_for), Purpose.CARE)
    return Reader(found, purpose, supposed=supposed == _IF_AUTHORISED, blocked=supposed == _IF_BLOCKED)


def _name(reader: Reader) -> str:
    if isinstance(reader.who, Profile):
        return gettext(words.PROFILES[reader.who])
    return people.names({reader.who}).get(reader.who, "")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
