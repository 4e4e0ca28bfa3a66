"""Standing masks in the holder's words. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from carnet.documents.masking import Fault, MaskKind, Rule, Standing
from carnet.formats.terminology import document_types
from carnet.web import words
from carnet.web.i18n import day, gettext, ngettext
from carnet.web.words import marked

FAULTS = {
    Fault.ALREADY: marked("Vous masquez déjà cela"),
    Fault.CATEGORY_UNKNOWN: marked("Choisissez une catégorie de la liste"),
    Fault.AUTHOR_UNKNOWN: marked("Choisissez un auteur de la liste"),
    Fault.DATE_TOO_OLD: marked("Écrivez une date à partir du 1 1 1900"),
    Fault.DATE_AHEAD: marked("Écrivez une date passée, ou celle d'aujourd'hui"),
}
_BY = {
    MaskKind.CATEGORY: marked("Vous masquez tous les documents de sa catégorie."),
    MaskKind.BEFORE: marked("Vous masquez tous les documents de son époque."),
    MaskKind.AUTHOR: marked("Vous masquez tous les documents de son auteur."),
    MaskKind.ALL: marked("Vous masquez tous les documents."),
    MaskKind.NEW: marked("Vous masquez les documents à mesure qu'ils arrivent."),
    MaskKind.HANDED: marked("Vous l'avez remis à des soignants choisis : les autres ne le voient pas."),
}


def what(rule: Rule) -> str:
    """« les documents de la catégorie … », to be put into a sentence."""
    if rule.kind is MaskKind.CATEGORY:
        label = document_types.categories().get(rule.category, "")
        return gettext("les documents de la catégorie « %(category)s »") % {"category": words.category(label)}
    if rule.kind is MaskKind.ALL:
        return gettext("tous les documents")
    if rule.kind is MaskKind.NEW:
        return gettext("les documents à mesure qu'ils arrivent")
    if rule.before:
        return gettext("les documents d'avant le %(day)s") % {"day": day(rule.before)}
    if rule.organisation_label:
        return gettext("les documents de l'établissement %(name)s") % {"name": rule.organisation_label}
    return gettext("les documents écrits par %(name)s") % {"name": words.author(rule.author_label)}


def sentence(rule: Rule) -> str:
    return gettext("Vous masquez %(what)s") % {"what": what(rule)}


def count(standing: Standing) -> str:
    if not standing.documents:
        return gettext("Aucun document pour l'instant. Ceux qui viendront seront masqués.")
    told = ngettext("%(count)s document", "%(count)s documents", standing.documents)
    return told % {"count": standing.documents}


def by(kinds: Iterable[MaskKind]) -> list[str]:
    """By which rules a document is masked."""
    return [gettext(_BY[kind]) for kind in sorted(kinds)]
