"""The console's pages: for operators, most of them for the support alone, each with the way to the others."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_http_methods

from carnet.kernel.actor import Actor
from carnet.kernel.http import Audience, Audit, door
from carnet.people.operators import support_only
from carnet.people.queries import operator_role
from carnet.web.auth.session import authenticate
from carnet.web.i18n import gettext
from carnet.web.render import page
from carnet.web.words import marked

_PAGES: Final = {
    "/console/signalements": (
        marked("Signalements"),
        marked("Les documents que des personnes disent ne pas être les leurs."),
        "flag",
    ),
    "/console/acces": (
        marked("Accès"),
        marked("Les accès en urgence, et ceux que des personnes ne reconnaissent pas."),
        "shield-lock",
    ),
    "/console/depots": (
        marked("Dépôts refusés"),
        marked("Ce que des logiciels ont voulu déposer en vain, et par quelle règle."),
        "upload",
    ),
    "/console/taches": (
        marked("Tâches"),
        marked("Le travail de fond qui a échoué, et celui qui attend."),
        "refresh",
    ),
    "/console/comptes": (
        marked("Comptes"),
        marked("Un compte à la fois : fermer ses sessions, le désactiver, le réactiver."),
        "users",
    ),
    "/console/editeurs": (
        marked("Éditeurs"),
        marked("Les logiciels que leurs éditeurs ont inscrits, et ceux qui attendent la production."),
        "settings",
    ),
    "/console/identites": (
        marked("Identités"),
        marked("Les personnes dont le carnet ne se trouve pas à coup sûr : à rapprocher, preuve vue."),
        "id",
    ),
    "/console/confirmer": (
        marked("À confirmer"),
        marked("Les codes d'accès et les mesures de protection qu'un autre membre de l'équipe demande."),
        "circle-check",
    ),
    "/console/reunir": (
        marked("Réunir"),
        marked("Deux carnets d'une même personne : l'un propose, l'autre confirme, preuve vue."),
        "users",
    ),
    "/console/carnets": (
        marked("Carnets"),
        marked("L'état d'un carnet : refus, création, fermeture, suspension, décès."),
        "id",
    ),
    "/console/parents": (
        marked("Demandes de parents"),
        marked("Les preuves de parents que l'autre a invités : à examiner, à accepter ou à refuser."),
        "users",
    ),
    "/console/familles": (
        marked("Familles"),
        marked("Décisions de justice : autorité parentale, placement, protection d'un majeur."),
        "users",
    ),
    "/console/journal": (
        marked("Journal"),
        marked("Ce que l'équipe a fait dans cette console."),
        "files",
    ),
}

# What the menu shows, on one line; each leads to its first page, where the others stand.
_GROUPS: Final = (
    (
        marked("À traiter"),
        (
            "/console/signalements",
            "/console/acces",
            "/console/identites",
            "/console/confirmer",
            "/console/reunir",
            "/console/parents",
        ),
    ),
    (marked("Personnes"), ("/console/comptes", "/console/carnets", "/console/familles")),
    (marked("Technique"), ("/console/depots", "/console/taches", "/console/editeurs")),
    (marked("Journal"), ("/console/journal",)),
)

_View = Callable[..., HttpResponse]


def shown(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, section: str = "", status: int = 200
) -> HttpResponse:
    """`section` is the address of the part of the console that the page belongs to."""
    who = authenticate(request)
    support = who is not None and operator_role(who.id) == "support"
    shared = {"section": section, "groups": _groups(section) if support else []}
    return page(request, template, shared | (context or {}), status=status)


def _groups(section: str) -> list[dict[str, Any]]:
    return [
        {"name": gettext(name), "here": section in addresses, "pages": [_entry(each) for each in addresses]}
        for name, addresses in _GROUPS
    ]


def _entry(href: str) -> dict[str, str]:
    name, about, icon = _PAGES[href]
    return {"href": href, "name": gettext(name), "about": gettext(about), "icon": icon}


def support_page(
    section: str, audit: Audit, *, posted: bool = False
) -> Callable[[_View], Callable[..., HttpResponseBase]]:
    """A page for the support: the view gets the operator after the request. Other operators are told so."""
    methods = ["GET", "HEAD", "POST"] if posted else ["GET", "HEAD"]

    def declare(view: _View) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def answered(request: HttpRequest, **parameters: Any) -> HttpResponseBase:
            try:
                who = _who(request)
                support_only(who)
                return view(request, who, **parameters)
            except PermissionError:
                return shown(request, "console/support_only.html", section=section, status=403)

        return door(audience=Audience.OPERATOR, audit=audit)(require_http_methods(methods)(answered))

    return declare


def _who(request: HttpRequest) -> Actor:
    who = authenticate(request)
    if who is None:
        raise PermissionError
    return who


def see_other(address: str) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": address})
