"""For publishers: how to begin, registering software, and how a request for production stands."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from carnet.apps import conformance, receivers
from carnet.formats.rpps import RppsError
from carnet.kernel.http import Audience, Audit, door
from carnet.kernel.jwk import JwkError, SecretKey
from carnet.people import presenting, publishers
from carnet.people.publishers import LONGEST, SANDBOX, NothingOfIt, TooMany, Wish
from carnet.web import conformance as report
from carnet.web.i18n import gettext
from carnet.web.render import page

_FIELDS: Final = ("logiciel", "editeur", "adresse", "site", "contact", "courriel", "structure", "portee")
_KEY: Final = "cle"
_LONGEST_KEY: Final = 16_000
Errors = list[tuple[str, str]]


@door(audience=Audience.OPEN, audit=Audit.NONE)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return page(request, "public/publishers.html", {"sandbox": settings.CARNET.sandbox})


@door(audience=Audience.OPEN, audit=Audit.ACCOUNT)
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _form(request, {"portee": SANDBOX})
    sent = {name: request.POST.get(name, "").strip() for name in (*_FIELDS, _KEY)}
    errors = list(_wrong(sent))
    if errors:
        return _form(request, sent, errors)
    try:
        keys, until = presenting.read(sent[_KEY])
        made = publishers.register(_wish(sent), keys, sandbox=settings.CARNET.sandbox, until=until)
    except SecretKey:
        text = gettext("C'est une clé secrète, qui ne doit jamais quitter votre machine : refaites-en une autre")
        return _form(request, sent | {_KEY: ""}, [(_KEY, text)])
    except JwkError:
        text = gettext("Vérifiez la clé : publique, valable aujourd'hui, d'une des formes et d'un des types ci-dessus")
        return _form(request, sent, [(_KEY, text)])
    except RppsError:
        text = gettext("Vérifiez l'identifiant national, par exemple 1 suivi des 9 caractères du FINESS")
        return _form(request, sent, [("structure", text)])
    except NothingOfIt:
        text = gettext("Demandez au moins une portée comme system/DocumentReference.rs, séparées par des espaces")
        return _form(request, sent, [("portee", text)])
    except TooMany:
        return _form(request, sent, busy=True)
    return page(request, "public/publisher_registered.html", {"made": made})


def _wish(sent: dict[str, str]) -> Wish:
    return Wish(
        software=sent["logiciel"],
        publisher=sent["editeur"],
        address=sent["adresse"],
        website=sent["site"],
        contact=sent["contact"],
        email=sent["courriel"],
        scope=sent["portee"],
        structure=publishers.structure(sent["structure"]),
    )


def _wrong(sent: dict[str, str]) -> Errors:
    asked = {
        "logiciel": gettext("Écrivez le nom du logiciel, tel que les patients le liront"),
        "editeur": gettext("Écrivez le nom de l'éditeur"),
        "adresse": gettext("Écrivez l'adresse postale de l'éditeur"),
        "contact": gettext("Écrivez le nom de la personne à joindre"),
        "courriel": gettext("Écrivez une adresse de courriel, comme nom@exemple.fr"),
        "portee": gettext("Écrivez ce que le logiciel demande"),
        _KEY: gettext("Collez la clé publique ou le certificat du logiciel"),
    }
    wrong = [(name, text) for name, text in asked.items() if not sent[name]]
    if sent["courriel"] and ("@" not in sent["courriel"].strip("@") or " " in sent["courriel"]):
        wrong.append(("courriel", asked["courriel"]))
    long = {name: 500 if name == "portee" else LONGEST for name in _FIELDS} | {_KEY: _LONGEST_KEY}
    for name, most in long.items():
        if len(sent[name]) > most or (name != _KEY and sent[name] and not sent[name].isprintable()):
            wrong.append((name, gettext("%(most)s caractères au plus, sur une ligne") % {"most": most}))
    return wrong


def _form(
    request: HttpRequest, sent: dict[str, str], errors: Errors | None = None, *, busy: bool = False
) -> HttpResponse:
    context: dict[str, Any] = {
        "sent": sent,
        "errors": errors or [],
        "busy": busy,
        "sandbox": settings.CARNET.sandbox,
    }
    return page(request, "public/publisher_register.html", context, status=422 if errors else 429 if busy else 200)


@door(audience=Audience.OPEN, audit=Audit.NONE)
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """By the software's name and the follow-up code that its publisher alone has; never in an address."""
    if request.method != "POST":
        return page(request, "public/publisher_follow.html", {"sent": {}, "errors": [], "found": None})
    sent = {name: request.POST.get(name, "").strip()[:LONGEST] for name in ("logiciel", "code")}
    found = publishers.standing(sent["logiciel"], sent["code"]) if all(map(str.isprintable, sent.values())) else None
    errors = [] if found else [("code", gettext("Cet identifiant et ce code ne vont pas ensemble"))]
    context = {"sent": sent, "errors": errors, "found": found}
    return page(request, "public/publisher_follow.html", context, status=422 if errors else 200)


@door(audience=Audience.OPEN, audit=Audit.NONE)
@require_http_methods(["GET", "HEAD", "POST"])
def conformity(request: HttpRequest) -> HttpResponse:
    """How the software fares in the sandbox, by the same name and code."""
    if request.method != "POST":
        return page(request, "public/publisher_conformance.html", {"sent": {}, "errors": [], "found": None})
    sent = {name: request.POST.get(name, "").strip()[:LONGEST] for name in ("logiciel", "code")}
    found = publishers.standing(sent["logiciel"], sent["code"]) if all(map(str.isprintable, sent.values())) else None
    if found is None:
        errors = [("code", gettext("Cet identifiant et ce code ne vont pas ensemble"))]
        context: dict[str, Any] = {"sent": sent, "errors": errors, "found": None}
        return page(request, "public/publisher_conformance.html", context, status=422)
    told = report.context(conformance.report(found.client_id, found.scope))
    context = {"sent": sent, "errors": [], "found": found, "receivers": receivers.of_client(found.client_id), **told}
    return page(request, "public/publisher_conformance.html", context)
