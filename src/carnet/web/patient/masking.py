"""Masking by a rule: a category, what is before a date, an author. What follows is said before, and undone after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from carnet.consent import seers
from carnet.documents import masking
from carnet.documents.changing import NotThere
from carnet.documents.masking import Fault, MaskRefused, Rule
from carnet.formats.terminology import document_types
from carnet.web import words
from carnet.web.i18n import gettext, today
from carnet.web.patient import foreseeing, mask_words
from carnet.web.patient.adding_form import as_day
from carnet.web.patient.standing import done
from carnet.web.patient.visit import Visit, patient_form
from carnet.web.render import page

HOME: Final = "/confidentialite"
CATEGORY, BEFORE, AUTHOR = "categorie", "date", "auteur"
FIELDS: Final = ("quoi", "categorie", "jour", "auteur")
_PERSON, _NAME, _PLACE = "p:", "n:", "o:"
# Where on the form a fault is mended, when it is not what was chosen.
_AT: Final = {CATEGORY: "categorie", BEFORE: "jour", AUTHOR: "auteur"}


class _Unclear(Exception):
    """The form does not say what to mask."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(field)
        self.field = field
        self.message = message


@patient_form()
def choose(request: HttpRequest, visit: Visit) -> HttpResponse:
    """First what to mask; then, with the same fields in the address, what would follow; sent, it is done."""
    sent = request.POST if request.method == "POST" else request.GET
    if "quoi" not in sent and request.method != "POST":
        return _form(request, visit, sent, [])
    try:
        rule = _rule(sent)
        if request.method == "POST":
            made = masking.mask(visit.actor, visit.purpose, record_id=visit.record_id, rule=rule)
            return done(f"{HOME}?masque={made}#regles")
        foreseen = masking.foresee(visit.actor, visit.purpose, visit.record_id, rule)
    except _Unclear as unclear:
        return _form(request, visit, sent, [(unclear.field, unclear.message)])
    except MaskRefused as refused:
        field = _AT.get(sent.get("quoi", ""), "quoi")
        return _form(request, visit, sent, [(field, gettext(mask_words.FAULTS[refused.fault]))])
    context: dict[str, Any] = {
        "section": "accesses",
        "what": mask_words.what(foreseen.rule),
        "foreseen": foreseen,
        "changes": foreseeing.by_mask(visit, foreseen.rule) if foreseen.documents else [],
        "see_masked": [each.name for each in seers.of_masked(visit.actor, visit.purpose, visit.record_id)],
        "form": {name: sent.get(name, "") for name in FIELDS},
    }
    return page(request, "patient/mask_confirm.html", context)


def _rule(sent: Mapping[str, str]) -> Rule:
    match sent.get("quoi", ""):
        case "categorie":
            return masking.of_category(sent.get("categorie", ""))
        case "date":
            day = as_day(sent.get("jour", ""))
            if day is None:
                raise _Unclear("jour", gettext("Écrivez la date comme ceci : 12 3 2015"))
            return masking.before(day, today=today())
        case "arrive":
            return masking.of_what_comes()
        case "tout":
            return masking.of_everything()
        case "auteur":
            return _author(sent.get("auteur", ""))
    raise _Unclear("quoi", gettext("Choisissez ce que vous voulez masquer"))


def _author(value: str) -> Rule:
    kind, name = value[:2], value[2:]
    if kind == _PERSON:
        try:
            return masking.from_author(author_id=UUID(name))
        except ValueError:
            raise MaskRefused(Fault.AUTHOR_UNKNOWN) from None
    if kind in {_NAME, _PLACE} and name:
        return masking.from_author(name) if kind == _NAME else masking.from_organisation(name)
    raise MaskRefused(Fault.AUTHOR_UNKNOWN)


def _form(request: HttpRequest, visit: Visit, sent: Mapping[str, str], errors: list[tuple[str, str]]) -> HttpResponse:
    found = masking.authors(visit.actor, visit.purpose, visit.record_id)
    context: dict[str, Any] = {
        "section": "accesses",
        "categories": [(code, words.category(label)) for code, label in document_types.categories().items()],
        "people": [
            (_value(each.rule), words.author(each.name), each.where) for each in found if each.rule.author_label
        ],
        "places": [(_value(each.rule), each.name) for each in found if each.rule.organisation_label],
        "form": {name: sent.get(name, "") for name in FIELDS},
        "errors": errors,
    }
    return page(request, "patient/mask.html", context, status=422 if errors else 200)


def _value(rule: Rule) -> str:
    if rule.author_id:
        return f"{_PERSON}{rule.author_id}"
    return f"{_NAME}{rule.author_label}" if rule.author_label else f"{_PLACE}{rule.organisation_label}"


@patient_form()
def standing(request: HttpRequest, visit: Visit, mask_id: UUID) -> HttpResponse:
    """One rule: what follows when it ends. Sent, it ends, or holds again."""
    if request.method == "POST":
        return _act(visit, mask_id, request.POST.get("acte", ""))
    found = masking.masks(visit.actor, visit.purpose, visit.record_id)
    rule = next((each for each in found if each.id == mask_id), None)
    if rule is None:
        raise NotThere
    context = {"section": "accesses", "rule": rule, "what": mask_words.what(rule.rule)}
    return page(request, "patient/mask_end.html", context)


def _act(visit: Visit, mask_id: UUID, act: str) -> HttpResponse:
    if act == "montrer":
        masking.unmask(visit.actor, visit.purpose, record_id=visit.record_id, mask_id=mask_id)
        return done(f"{HOME}?montre={mask_id}#regles")
    if act != "reprendre":
        raise NotThere
    try:
        made = masking.resume(visit.actor, visit.purpose, record_id=visit.record_id, mask_id=mask_id)
    except MaskRefused:
        # It holds again already, or there is nobody left of that name: the page shows what does hold.
        return done(f"{HOME}#regles")
    return done(f"{HOME}?masque={made}#regles")
