"""« Confidentialité »: who has access, in sentences; whom one blocked; what may happen in an emergency."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from carnet.consent import actions, reviewing
from carnet.consent.actions import Grantee
from carnet.consent.facts import MASQUE_PS, As, Choices, Grant
from carnet.consent.queries import Confidentiality, Given, Linked, Opened
from carnet.consent.seeing import Reader
from carnet.consent.seers import BESIDE_ATTENDING, Seer
from carnet.documents import masking, preview
from carnet.documents.masking import Standing
from carnet.documents.preview import Look
from carnet.notify import contacts
from carnet.notify.rules import Kind
from carnet.web.about import about
from carnet.web.i18n import day, gettext
from carnet.web.patient import foreseeing, mask_words
from carnet.web.patient import privacy_words as words
from carnet.web.patient.privacy_state import settings
from carnet.web.patient.seeing_as import GROUP_ICONS
from carnet.web.patient.standing import done
from carnet.web.patient.standing_in import place_of
from carnet.web.patient.visit import Visit, patient_form
from carnet.web.render import page
from carnet.web.represented import represented
from carnet.web.words import profession

# Each switch by its field in the form, in the order of `Choices`.
SWITCHES = ("medecin", "samu", "masques")


@dataclass(frozen=True, slots=True)
class Row:
    """`icon` stands for who has no initials."""

    id: UUID
    name: str
    more: str
    icon: str = ""


@dataclass(frozen=True, slots=True)
class MaskRow:
    id: UUID
    sentence: str
    count: str


@patient_form()
def confidentiality(request: HttpRequest, visit: Visit) -> HttpResponse:
    found = settings(visit)
    if request.method == "POST":
        return _foresee(request, visit) if "voir" in request.POST else _choose(request, visit, found.choices)
    look = preview.look(
        visit.actor, visit.purpose, visit.record_id, lambda seers: _whom(found, seers), action="preview-counts"
    )
    if any(each.seen_at is None for each in found.emergencies):
        actions.see_emergencies(visit.actor, visit.purpose, record_id=visit.record_id)
    masks = masking.masks(visit.actor, visit.purpose, visit.record_id)
    before = request.GET.get("avant", "").split(",")
    context: dict[str, Any] = {
        "section": "accesses",
        "found": found,
        "access": _access(found, look),
        "groups": _groups(found),
        "blocked": [
            Row(each.professional.id, each.professional.name, _blocked(each), "lock") for each in found.blocked
        ],
        "instead": [_seer(each, look) for each in look.seers if each.capacity is As.DEPUTY] if look else [],
        "see_masked": _see_masked(look) if look else [],
        "representatives": [_seer(each, look) for each in look.seers if each.capacity is As.REPRESENTATIVE]
        if look
        else [],
        "hidden": look.hidden if look else 0,
        "secret": look.secret if look else 0,
        "masks": [MaskRow(each.id, mask_words.sentence(each.rule), mask_words.count(each)) for each in masks],
        "masked": _masked(request, masks),
        "unmasked": _unmasked(request, masks),
        "read_during": _read_during,
        "disputed": {
            case.professional.id: case
            for case in reversed(
                reviewing.cases(visit.actor, visit.purpose, visit.record_id) if found.emergencies else []
            )
        },
        "switches": dict(zip(SWITCHES, astuple(found.choices), strict=True)),
        "untold": not contacts.reaches(visit.actor, Kind.EMERGENCY),
        "chosen": request.GET.get("fait") == "urgence",
        "before": [name for name in SWITCHES if name in before] if "avant" in request.GET else None,
    }
    return page(request, "patient/confidentiality.html", context)


def _read_during(opened: Opened) -> str:
    """Of the list of accesses: what that person did, and when."""
    hours = {"debut": opened.since.isoformat(), "fin": opened.until.isoformat()}
    return urlencode({"qui": "tous", "personne": str(opened.professional.id)} | hours)


def _masked(request: HttpRequest, masks: Sequence[Standing]) -> Standing | None:
    """The rule that the address says was made, when it holds."""
    named = request.GET.get("masque", "")
    return next((each for each in masks if str(each.id) == named), None)


def _unmasked(request: HttpRequest, masks: Sequence[Standing]) -> UUID | None:
    """The rule that the address says was ended, unless it holds."""
    try:
        named = UUID(request.GET.get("montre", ""))
    except ValueError:
        return None
    return None if any(each.id == named for each in masks) else named


def _foresee(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What the switches would change, before they are saved."""
    context = {
        "section": "accesses",
        "changes": foreseeing.by_choices(visit, _chosen(request)),
        "chosen": [switch for switch in SWITCHES if switch in request.POST],
    }
    return page(request, "patient/choices_preview.html", context)


def _chosen(request: HttpRequest) -> Choices:
    names = [field.name for field in fields(Choices)]
    return Choices(**{name: switch in request.POST for name, switch in zip(names, SWITCHES, strict=True)})


def _choose(request: HttpRequest, visit: Visit, before: Choices) -> HttpResponse:
    actions.choose(visit.actor, visit.purpose, record_id=visit.record_id, choices=_chosen(request))
    undo = ",".join(switch for switch, on in zip(SWITCHES, astuple(before), strict=True) if on)
    return done(f"/confidentialite?fait=urgence&avant={undo}#urgence")


def _see_masked(look: Look) -> list[str]:
    """Who sees what is masked beside the médecin traitant."""
    decisions = {reader.who: seen.decision for reader, seen in look.previews.items()}
    return [
        each.name
        for each in look.seers
        if each.capacity in BESIDE_ATTENDING
        and isinstance(decision := decisions.get(each.id), Grant)
        and not decision.hidden & MASQUE_PS
    ]


def _whom(found: Confidentiality, seers: Sequence[Seer]) -> Iterable[Reader]:
    """Those who stand on the page by their name."""
    named = {each.professional.id for each in found.attending}
    named |= {each.to.id for each in found.given if each.professional}
    named |= {each.id for each in seers if each.capacity in {As.REPRESENTATIVE, As.DEPUTY}}
    return [Reader(each) for each in named]


def _access(found: Confidentiality, look: Look | None) -> list[Row]:
    """The médecin traitant, then each professional once."""
    attending = {each.professional.id: each for each in found.attending}
    rows = [
        Row(
            each,
            linked.professional.name,
            words.sentences(gettext("Médecin traitant"), _sees(each, look), words.unblocked(linked.unblocked_at)),
        )
        for each, linked in attending.items()
    ]
    given = _by_grantee(each for each in found.given if each.professional)
    return rows + [_given(each, look) for to, each in given.items() if to.id not in attending]


def _groups(found: Confidentiality) -> list[Row]:
    """Each team and organisation once."""
    return [_group(each) for each in _by_grantee(each for each in found.given if not each.professional).values()]


def _by_grantee(given: Iterable[Given]) -> dict[Grantee, list[Given]]:
    groups: dict[Grantee, list[Given]] = {}
    for each in given:
        groups.setdefault(each.to, []).append(each)
    return groups


def _given(given: Sequence[Given], look: Look | None) -> Row:
    first = given[0]
    said = represented("Vos parents ne le savent pas.") if all(each.secret for each in given) else ""
    who = first.professional.profession if first.professional else ""
    return Row(
        first.to.id, first.name, words.sentences(profession(who), _sees(first.to.id, look), words.lasts(given), said)
    )


def _group(given: Sequence[Given]) -> Row:
    first = given[0]
    kind = words.group(first.to.kind, service=first.service)
    sees = gettext("Chacun voit ce que sa profession permet, sauf ce qui est masqué.")
    return Row(first.to.id, first.name, words.sentences(kind, sees, words.lasts(given)), GROUP_ICONS[first.to.kind])


def _sees(reader: UUID, look: Look | None) -> str:
    found = look.previews.get(Reader(reader)) if look else None
    return words.sees(found) if found else gettext("N'exerce plus : rien ne lui est montré.")


def _seer(seer: Seer, look: Look) -> Row:
    place = place_of(seer.id, look.seers) if seer.capacity is As.DEPUTY else ""
    return Row(seer.id, seer.name, words.sentences(profession(seer.profession), place, _sees(seer.id, look)))


def _blocked(linked: Linked) -> str:
    said = gettext("Accès bloqué par vous le %(day)s") % {"day": day(linked.since)}
    after = about("Ne peut plus ouvrir votre carnet, peut encore y déposer. Carnet ne l'en avertit pas.")
    return words.sentences(profession(linked.professional.profession), said, after)
