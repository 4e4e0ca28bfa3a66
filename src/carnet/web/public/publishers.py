"""For publishers: how to begin, registering software, and how a request for production stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from carnet.apps import conformance, receivers
from carnet.formats import app_address, smart
from carnet.formats.rpps import RppsError
from carnet.kernel.http import Audience, Audit, door, seen_from
from carnet.kernel.jwk import JwkError, SecretKey
from carnet.people import presenting, publishers
from carnet.people.publishers import LONGEST, SANDBOX, NothingOfIt, TooMany, Wish
from carnet.web import conformance as report
from carnet.web.i18n import gettext
from carnet.web.render import page

_FIELDS: Final = ("logiciel", "editeur", "adresse", "site", "contact", "courriel", "structure", "portee")
_KEY: Final = "cle"
_LAUNCH: Final = "lancement"
_BACK: Final = "retour"
_TOLD: Final = "avertir"
_ADDRESSES: Final = {_LAUNCH: app_address.MOST, _BACK: app_address.MOST, _TOLD: receivers.MOST}
"""What is one address a line, and how many there may be."""
_PUBLIC: Final = "sans_cle"
_PERSONS: Final = "patients"
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
    sent = {name: request.POST.get(name, "").strip() for name in (*_FIELDS, _KEY, *_ADDRESSES, _PUBLIC, _PERSONS)}
    errors = list(_wrong(sent))
    if errors:
        return _form(request, sent, errors)
    try:
        keys, until = presenting.read(sent[_KEY]) if sent[_KEY] else ([], None)
        made = publishers.register(
            _wish(sent), keys, sandbox=settings.CARNET.sandbox, address=seen_from(request), until=until
        )
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
        if sent[_BACK]:
            text = gettext("Demandez au moins une portée comme patient/DocumentReference.rs, séparées par des espaces")
        return _form(request, sent, [("portee", text)])
    except TooMany:
        return _form(request, sent, busy=True)
    for each in _lines(sent[_TOLD]):
        receivers.add(client_id=made.id, address=each)
    addresses = [(name, _lines(sent[name])) for name in _ADDRESSES]
    return page(request, "public/publisher_registered.html", {"made": made, "addresses": _named(addresses)})


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
        redirect_uris=tuple(_lines(sent[_BACK])),
        launch_uris=tuple(_lines(sent[_LAUNCH])),
        public=bool(sent[_PUBLIC]),
        for_persons=bool(sent[_PERSONS]),
    )


def _lines(text: str) -> list[str]:
    """Each once, in their order."""
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def _named(addresses: Iterable[tuple[str, list[str]]]) -> list[tuple[str, list[str]]]:
    """Those that there are, as a page calls them."""
    words = {
        _LAUNCH: gettext("Adresses de lancement"),
        _BACK: gettext("Adresses de retour"),
        _TOLD: gettext("Adresses averties des changements"),
    }
    return [(words[name], found) for name, found in addresses if found]


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
    if sent[_PUBLIC]:
        del asked[_KEY]
    wrong = [(name, text) for name, text in asked.items() if not sent[name]]
    if sent["courriel"] and ("@" not in sent["courriel"].strip("@") or " " in sent["courriel"]):
        wrong.append(("courriel", asked["courriel"]))
    if sent["site"] and not app_address.is_website(sent["site"]):
        wrong.append(("site", gettext("Écrivez l'adresse entière du site, comme https://exemple.fr, ou laissez vide")))
    long = {name: 500 if name == "portee" else LONGEST for name in _FIELDS} | {_KEY: _LONGEST_KEY}
    for name, most in long.items():
        if len(sent[name]) > most or (name != _KEY and sent[name] and not sent[name].isprintable()):
            wrong.append((name, gettext("%(most)s caractères au plus, sur une ligne") % {"most": most}))
    return wrong + list(_wrong_of_an_app(sent))


def _wrong_of_an_app(sent: dict[str, str]) -> Iterator[tuple[str, str]]:
    if sent[_LAUNCH] and not sent[_BACK]:
        yield _BACK, gettext("Écrivez où l'application reçoit sa réponse : sans adresse de retour, elle ne s'ouvre pas")
    if sent[_PUBLIC] and not sent[_BACK]:
        yield _PUBLIC, gettext("Seule une application qui a une adresse de retour se passe de clé")
    if sent[_PUBLIC] and sent[_KEY]:
        yield _KEY, gettext("Laissez ce champ vide, ou décochez « L'application ne garde aucune clé »")
    if sent[_PERSONS] and not sent[_BACK]:
        yield _PERSONS, gettext("Écrivez l'adresse de retour de l'application que les patients ouvriront")
    if sent[_PERSONS] and sent[_LAUNCH]:
        yield _LAUNCH, gettext("Laissez vide : personne ne lance une application que les patients ouvrent eux-mêmes")
    if sent[_BACK] and not sent[_PERSONS] and not _is_of_apps(sent["portee"]):
        yield "portee", gettext("Ajoutez ce que l'application demande à un soignant, comme launch patient/*.rs")
    for name, most in _ADDRESSES.items():
        found = _lines(sent[name])
        if len(found) > most:
            yield name, gettext("%(most)s adresses au plus, une par ligne") % {"most": most}
        wrong = next((each for each in found if not _is_address(name, each)), None)
        if wrong is not None:
            yield name, _why(name, wrong[:LONGEST])


def _is_address(name: str, text: str) -> bool:
    try:
        if name == _TOLD:
            receivers.check(text)
        else:
            app_address.checked(text, local=settings.CARNET.sandbox)
    except (receivers.NotAnAddress, app_address.AppAddressError):
        return False
    return True


def _why(name: str, text: str) -> str:
    if name == _TOLD:
        return gettext("« %(address)s » : écrivez une adresse entière en https, sans ? ni #") % {"address": text}
    if settings.CARNET.sandbox:
        return gettext(
            "« %(address)s » : écrivez une adresse entière en https (http sur localhost ici), sans # ni étoile"
        ) % {"address": text}
    return gettext("« %(address)s » : écrivez une adresse entière en https, sans # ni étoile") % {"address": text}


def _is_of_apps(scope: str) -> bool:
    return any(each.context in {"patient", "user"} for each in smart.known(scope).permissions)


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
    told = receivers.of_client(found.client_id) if found else []
    kept = [(_LAUNCH, found.launch_uris), (_BACK, found.redirect_uris), (_TOLD, told)] if found else []
    context = {"sent": sent, "errors": errors, "found": found, "addresses": _named(kept)}
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
