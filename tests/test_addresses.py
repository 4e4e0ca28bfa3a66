"""Every address of Carnet, with whom it is for and what its use leaves in the trail. An address that is not in this
table, or stands in it otherwise than it declares itself, is a red test."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from carnet.kernel.http import door_of
from tests.cast import OPERATORS, PEOPLE, PROFESSIONALS
from tests.web.browsing import first_place, token

ADDRESSES = {
    "healthz": ("operations", "none"),
    "readyz": ("operations", "none"),
    "metrics": ("operations", "none"),
    "oauth/token": ("software", "account"),
    "oauth/revoke": ("software", "account"),
    "oauth/introspect": ("software", "none"),
    "oauth/jwks": ("open", "none"),
    "oauth/launch": ("software", "record-read"),
    "oauth/authorize": ("open", "account"),
    "oauth/accord": ("open", "account"),
    "oauth/register": ("open", "account"),
    "oauth/register/<str:client_id>": ("open", "none"),
    "oauth/register/<str:client_id>/conformance": ("open", "none"),
    ".well-known/oauth-authorization-server": ("open", "none"),
    ".well-known/openid-configuration": ("open", "none"),
    ".well-known/smart-configuration": ("open", "none"),
    "fhir/.well-known/smart-configuration": ("open", "none"),
    "fhir": ("software", "record-write"),
    "fhir/$validate": ("software", "record-write"),
    "fhir/<path:rest>": ("open", "none"),
    "fhir/": ("software", "record-write"),
    "fhir/metadata": ("open", "none"),
    "fhir/Patient": ("software", "record-read"),
    "fhir/Patient/_search": ("software", "record-read"),
    "fhir/Patient/$summary": ("software", "record-write"),
    "fhir/Patient/$new-since": ("software", "record-read"),
    "fhir/Patient/<str:fhir_id>": ("software", "record-read"),
    "fhir/Practitioner/<str:fhir_id>": ("software", "none"),
    "fhir/Patient/<str:fhir_id>/$everything": ("software", "record-read"),
    "fhir/Patient/<str:fhir_id>/$summary": ("software", "record-write"),
    "fhir/Patient/<str:fhir_id>/$new-since": ("software", "record-read"),
    "fhir/<entry:kind>": ("software", "record-read"),
    "fhir/<entry:kind>/_search": ("software", "record-read"),
    "fhir/<entry:kind>/<str:fhir_id>": ("software", "record-read"),
    "fhir/Provenance": ("software", "record-read"),
    "fhir/Provenance/_search": ("software", "record-read"),
    "fhir/Provenance/<str:fhir_id>": ("software", "record-read"),
    "fhir/DocumentReference": ("software", "record-write"),
    "fhir/DocumentReference/_search": ("software", "record-read"),
    "fhir/DocumentReference/$validate": ("software", "record-write"),
    "fhir/DocumentReference/$generate-metadata": ("software", "record-write"),
    "fhir/DocumentReference/<str:fhir_id>": ("software", "record-write"),
    "fhir/DocumentReference/<str:fhir_id>/_history": ("software", "record-read"),
    "fhir/DocumentReference/<str:fhir_id>/_history/<str:number>": ("software", "record-read"),
    "fhir/DocumentReference/<str:fhir_id>/$withdraw": ("software", "record-write"),
    "fhir/List": ("software", "record-read"),
    "fhir/List/_search": ("software", "record-read"),
    "fhir/List/<str:fhir_id>": ("software", "record-read"),
    "fhir/List/<str:fhir_id>/_history": ("software", "record-read"),
    "fhir/List/<str:fhir_id>/_history/<str:number>": ("software", "record-read"),
    "fhir/Consent": ("software", "record-write"),
    "fhir/Consent/_search": ("software", "record-read"),
    "fhir/Consent/<str:fhir_id>": ("software", "record-write"),
    "fhir/AuditEvent": ("software", "record-read"),
    "fhir/AuditEvent/_search": ("software", "record-read"),
    "fhir/AuditEvent/<str:fhir_id>": ("software", "record-read"),
    "fhir/Subscription": ("software", "record-write"),
    "fhir/Subscription/_search": ("software", "none"),
    "fhir/Subscription/$status": ("software", "none"),
    "fhir/Subscription/<str:fhir_id>": ("software", "record-write"),
    "fhir/Subscription/<str:fhir_id>/$status": ("software", "none"),
    "fhir/Subscription/<str:fhir_id>/$events": ("software", "record-read"),
    "fhir/Appointment": ("software", "none"),
    "fhir/Appointment/_search": ("software", "none"),
    "fhir/Appointment/<str:fhir_id>": ("software", "none"),
    "fhir/SubscriptionTopic": ("open", "none"),
    "fhir/SubscriptionTopic/<str:name>": ("open", "none"),
    "fhir/jwks.json": ("open", "none"),
    "fhir/Bundle/$validate": ("software", "record-write"),
    "fhir/Bundle/<str:fhir_id>": ("software", "record-read"),
    "fhir/Binary/<str:fhir_id>": ("software", "record-read"),
    "": ("open", "none"),
    "refuser": ("open", "none"),
    "opposition": ("open", "record-write"),
    "editeurs/": ("open", "none"),
    "editeurs/inscrire": ("open", "account"),
    "editeurs/suivi": ("open", "none"),
    "editeurs/conformite": ("open", "none"),
    "aide": ("open", "none"),
    "accessibilite": ("open", "none"),
    "mentions-legales": ("open", "none"),
    "langue/<str:code>": ("open", "none"),
    "manifest.webmanifest": ("open", "none"),
    "static/<str:name>": ("open", "none"),
    "connexion/code": ("open", "account"),
    "connexion": ("open", "none"),
    "connexion/patient": ("open", "none"),
    "connexion/professionnel": ("open", "none"),
    "connexion/retour": ("open", "account"),
    "connexion/cle": ("open", "account"),
    "connexion/cle/defi": ("open", "none"),
    "connexion/confirmer": ("signed-in", "none"),
    "connexion/sortie": ("open", "none"),
    "connexion/fin": ("open", "account"),
    "deconnexion": ("open", "account"),
    "appareils": ("patient", "account"),
    "appareils/sessions/<uuid:session_id>": ("patient", "account"),
    "appareils/cles/ajouter": ("patient", "account"),
    "appareils/cles/ajouter/defi": ("patient", "none"),
    "appareils/cles/<uuid:passkey_id>": ("patient", "account"),
    "applications": ("patient", "account"),
    "accueil": ("patient", "record-read"),
    "histoire": ("patient", "record-read"),
    "sante/resultats": ("patient", "record-read"),
    "sante/resultats/<slug:slug>": ("patient", "record-read"),
    "sante/rendez-vous": ("patient", "record-read"),
    "sante/mesures": ("patient", "record-read"),
    "sante/mesures/<slug:slug>": ("patient", "record-read"),
    "sante/mesures/<slug:slug>/ajouter": ("patient", "record-write"),
    "sante/mesures/<slug:slug>/objectif": ("patient", "record-write"),
    "sante/mesures/<slug:slug>/<uuid:statement_id>": ("patient", "record-write"),
    "bienvenue": ("patient", "record-read"),
    "bienvenue/plus-tard": ("patient", "record-write"),
    "bienvenue/fini": ("patient", "record-read"),
    "bienvenue/cle": ("patient", "record-read"),
    "bienvenue/<slug:name>": ("patient", "record-write"),
    "carnets": ("patient", "record-read"),
    "carnets/ouvrir": ("patient", "record-read"),
    "aidants": ("patient", "record-read"),
    "aidants/inviter": ("patient", "record-write"),
    "aidants/repondre": ("patient", "record-write"),
    "aidants/quitter": ("patient", "record-write"),
    "aidants/<uuid:link_id>": ("patient", "record-write"),
    "aidants/invitations/<uuid:invitation_id>": ("patient", "record-write"),
    "parents": ("patient", "record-read"),
    "parents/inviter": ("patient", "record-write"),
    "parents/invitations/<uuid:invitation_id>": ("patient", "record-write"),
    "parents/repondre": ("patient", "record-write"),
    "parents/demandes": ("patient", "account"),
    "parents/demandes/<uuid:case_id>": ("patient", "record-write"),
    "grandir": ("patient", "record-read"),
    "documents": ("patient", "record-read"),
    "documents/ajouter": ("patient", "record-read"),
    "documents/ajouter/partage": ("open", "none"),
    "documents/ajouter/recu": ("patient", "record-read"),
    "documents/ajouter/<uuid:draft_id>": ("patient", "record-write"),
    "documents/ajouter/<uuid:draft_id>/fichiers": ("patient", "record-write"),
    "documents/ajouter/<uuid:draft_id>/effacer": ("patient", "record-write"),
    "documents/ajouter/<uuid:draft_id>/retirer/<uuid:content_id>": ("patient", "record-write"),
    "documents/ajouter/<uuid:draft_id>/apercu/<uuid:content_id>": ("patient", "record-read"),
    "documents/<uuid:document_id>": ("patient", "record-read"),
    "documents/<uuid:document_id>/changements": ("patient", "record-read"),
    "documents/<uuid:document_id>/pages/<int:number>": ("patient", "record-read"),
    "documents/<uuid:document_id>/supprimer": ("patient", "record-write"),
    "documents/<uuid:document_id>/contenu": ("patient", "record-read"),
    "documents/<uuid:document_id>/pieces/<int:number>": ("patient", "record-read"),
    "confidentialite/avertissements": ("patient", "record-write"),
    "confidentialite/avertissements/confirmer": ("patient", "record-write"),
    "acces/contester/<uuid:professional_id>": ("patient", "record-write"),
    "console/acces": ("operator", "record-write"),
    "console/carnets/<uuid:place>/sms": ("operator", "record-write"),
    "console/identites/pas-moi": ("operator", "account"),
    "console/identites/pas-moi/<uuid:case_id>": ("operator", "record-write"),
    "console/depots": ("operator", "account"),
    "console/taches": ("operator", "account"),
    "console/comptes": ("operator", "record-write"),
    "console/identites": ("operator", "account"),
    "console/identites/<uuid:case_id>": ("operator", "record-write"),
    "console/comptes/<uuid:account_id>": ("operator", "record-write"),
    "console/editeurs/<uuid:client_id>/conformite": ("operator", "account"),
    "console/editeurs": ("operator", "account"),
    "console/carnets": ("operator", "record-write"),
    "console/carnets/refus": ("operator", "record-write"),
    "console/carnets/nouveau": ("operator", "record-write"),
    "console/carnets/<uuid:place>/code": ("operator", "record-write"),
    "console/carnets/<uuid:place>": ("operator", "record-write"),
    "console/confirmer": ("operator", "account"),
    "console/confirmer/<uuid:case_id>": ("operator", "record-write"),
    "console/reunir": ("operator", "account"),
    "console/reunir/<uuid:case_id>": ("operator", "record-write"),
    "console/parents": ("operator", "account"),
    "console/parents/<uuid:case_id>": ("operator", "record-write"),
    "console/parents/<uuid:case_id>/preuve": ("operator", "record-read"),
    "console/familles": ("operator", "record-write"),
    "console/familles/<uuid:place>": ("operator", "record-write"),
    "console/journal": ("operator", "account"),
    "documents/<uuid:document_id>/original": ("patient", "record-read"),
    "documents/<uuid:document_id>/photos/<int:number>": ("patient", "record-read"),
    "documents/<uuid:document_id>/visibilite": ("patient", "record-write"),
    "documents/<uuid:document_id>/pas-le-mien": ("patient", "record-write"),
    "documents/<uuid:document_id>/classer": ("patient", "record-write"),
    "classeurs/<uuid:folder_id>": ("patient", "record-write"),
    "sante": ("patient", "record-read"),
    "sante/traitements": ("patient", "record-read"),
    "sante/ajouter/<slug:part>": ("patient", "record-write"),
    "sante/dit/<uuid:statement_id>": ("patient", "record-write"),
    "sante/reponse/<slug:part>": ("patient", "record-write"),
    "sante/question": ("patient", "record-write"),
    "sante/ranger": ("patient", "record-write"),
    "sante/dire/<slug:word>": ("patient", "record-write"),
    "sante/proche/<uuid:word_id>": ("patient", "record-write"),
    "sante/erreurs": ("patient", "record-read"),
    "sante/erreur/<uuid:fact>/<uuid:source_id>": ("patient", "record-write"),
    "sante/remplir": ("patient", "record-read"),
    "sante/remplir/<slug:name>": ("patient", "record-write"),
    "recherche": ("patient", "record-read"),
    "acces": ("patient", "record-read"),
    "acces/personnes": ("patient", "record-read"),
    "confidentialite": ("patient", "record-write"),
    "confidentialite/autoriser": ("patient", "record-read"),
    "confidentialite/autoriser/<uuid:grantee_id>": ("patient", "record-write"),
    "confidentialite/soignants/<uuid:grantee_id>": ("patient", "record-write"),
    "confidentialite/masquer": ("patient", "record-write"),
    "confidentialite/masquer/<uuid:mask_id>": ("patient", "record-write"),
    "confidentialite/voir-comme": ("patient", "record-read"),
    "confidentialite/choix": ("patient", "record-write"),
    "sante/vaccinations": ("patient", "record-read"),
    "sante/vaccinations/ajouter": ("patient", "record-write"),
    "sante/vaccinations/situation": ("patient", "record-write"),
    "sante/vaccinations/<uuid:statement_id>": ("patient", "record-write"),
    "sante/vaccinations/attestation": ("patient", "record-read"),
    "sante/vaccinations/attestation/telecharger": ("patient", "record-read"),
    "sante/synthese": ("patient", "record-read"),
    "sante/synthese/telecharger": ("patient", "record-read"),
    "sante/synthese/page/<int:number>": ("patient", "record-read"),
    "sante/synthese/partager": ("patient", "record-write"),
    "sante/synthese/partages/<uuid:document_id>": ("patient", "record-write"),
    "verifier/vaccins": ("open", "none"),
    "vaccins/.well-known/jwks.json": ("open", "none"),
    "carnet": ("patient", "record-read"),
    "carnet/<slug:word>": ("patient", "record-write"),
    "export": ("patient", "record-write"),
    "export/carnet.zip": ("patient", "record-read"),
    "pro/": ("professional", "record-read"),
    "pro/file": ("professional", "record-write"),
    "pro/situation": ("professional", "account"),
    "pro/avis": ("professional", "account"),
    "pro/avis/confirmer": ("professional", "account"),
    "pro/applications": ("professional", "account"),
    "pro/ouvrir": ("open", "account"),
    "pro/ouvrir/changer": ("open", "account"),
    "pro/alertes/<uuid:alert_id>": ("professional", "record-write"),
    "pro/carnets/<uuid:record_id>": ("professional", "record-read"),
    "pro/carnets/<uuid:record_id>/vu": ("professional", "none"),
    "pro/carnets/<uuid:record_id>/recherche": ("professional", "record-read"),
    "pro/carnets/<uuid:record_id>/accord": ("professional", "record-write"),
    "pro/carnets/<uuid:record_id>/bloquer": ("professional", "record-write"),
    "pro/carnets/<uuid:record_id>/code": ("professional", "record-write"),
    "pro/carnets/<uuid:record_id>/urgence": ("professional", "record-write"),
    "pro/carnets/<uuid:record_id>/deposer": ("professional", "record-write"),
    "pro/carnets/<uuid:record_id>/synthese": ("professional", "record-write"),
    "pro/carnets/<uuid:record_id>/synthese/apercu": ("professional", "record-write"),
    "pro/carnets/<uuid:record_id>/synthese/<slug:part>": ("professional", "record-write"),
    "pro/carnets/<uuid:record_id>/noter": ("professional", "record-read"),
    "pro/carnets/<uuid:record_id>/noter/<slug:slug>": ("professional", "record-write"),
    "pro/carnets/<uuid:record_id>/noter/mots/<uuid:statement_id>": ("professional", "record-write"),
    "pro/mon-activite": ("professional", "none"),
    "pro/carnets/<uuid:record_id>/documents": ("professional", "record-read"),
    "pro/carnets/<uuid:record_id>/documents/imprimer": ("professional", "record-read"),
    "pro/carnets/<uuid:record_id>/documents/<uuid:document_id>": ("professional", "record-read"),
    "pro/carnets/<uuid:record_id>/documents/<uuid:document_id>/changements": ("professional", "record-read"),
    "pro/carnets/<uuid:record_id>/documents/<uuid:document_id>/pages/<int:number>": ("professional", "record-read"),
    "pro/carnets/<uuid:record_id>/documents/<uuid:document_id>/contenu": ("professional", "record-read"),
    "pro/carnets/<uuid:record_id>/documents/<uuid:document_id>/pieces/<int:number>": ("professional", "record-read"),
    "pro/carnets/<uuid:record_id>/documents/<uuid:document_id>/original": ("professional", "record-read"),
    "pro/carnets/<uuid:record_id>/documents/<uuid:document_id>/remplacer": ("professional", "record-write"),
    "pro/carnets/<uuid:record_id>/documents/<uuid:document_id>/acte/<slug:act>": ("professional", "record-write"),
    "console/": ("operator", "none"),
    "console/signalements": ("operator", "record-write"),
    "demo/connexion": ("demo", "none"),
    "demo/.well-known/openid-configuration": ("demo", "none"),
    "demo/logiciel": ("demo", "none"),
    "demo/application": ("demo", "none"),
    "demo/jwks": ("demo", "none"),
    "demo/token": ("demo", "none"),
    "demo/userinfo": ("demo", "none"),
}


def declared(
    patterns: list[URLPattern | URLResolver], prefix: str = ""
) -> Iterator[tuple[str, tuple[str, str] | None]]:
    for pattern in patterns:
        route = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from declared(pattern.url_patterns, route)
        else:
            door = door_of(pattern.callback)
            yield route, (door[0].value, door[1].value) if door else None


def test_every_address_declares_its_audience_and_its_audit_class() -> None:
    assert dict(declared(get_resolver().url_patterns)) == ADDRESSES


NOWHERE = "01234567-89ab-7def-8123-456789abcdef"
# Of a document that nobody has: whoever may ask is told that it is not there.
ABOUT_ONE = (
    f"/documents/{NOWHERE}/changements",
    f"/documents/{NOWHERE}/visibilite",
    f"/documents/{NOWHERE}/pas-le-mien",
    f"/documents/{NOWHERE}/classer",
    f"/classeurs/{NOWHERE}",
    f"/confidentialite/autoriser/{NOWHERE}",
    f"/confidentialite/soignants/{NOWHERE}",
    f"/confidentialite/masquer/{NOWHERE}",
    f"/confidentialite/voir-comme?qui={NOWHERE}",
    f"/confidentialite/voir-comme?document={NOWHERE}",
    f"/acces/contester/{NOWHERE}",
    f"/aidants/{NOWHERE}",
    "/aidants/quitter",
    f"/sante/dit/{NOWHERE}",
    f"/sante/vaccinations/{NOWHERE}",
    f"/sante/proche/{NOWHERE}",
    f"/sante/erreur/{NOWHERE}/{NOWHERE}",
)
OWN = (
    "/accueil",
    "/documents",
    "/recherche?q=bilan",
    "/acces",
    "/acces/personnes",
    "/carnets",
    "/aidants",
    "/aidants/inviter",
    "/parents",
    "/grandir",
    "/confidentialite",
    "/confidentialite/autoriser",
    "/confidentialite/masquer",
    "/confidentialite/voir-comme",
    "/confidentialite/choix",
    "/documents/ajouter",
    "/export",
    "/sante",
    "/sante/traitements",
    "/sante/rendez-vous",
    "/sante/ajouter/allergies",
    "/sante/ranger",
    "/sante/dire/prevenir",
    "/sante/remplir/allergies",
    "/sante/synthese",
    "/sante/synthese/partager",
    "/sante/vaccinations/ajouter",
    "/sante/vaccinations/situation",
    "/sante/vaccinations/attestation",
    *ABOUT_ONE,
)
# Of one's record as a whole, whatever its state: what is not to be done now leads back to it.
LIFE = dict.fromkeys(("/carnet", "/carnet/fermer", "/carnet/effacer"), 200)
LIFE |= dict.fromkeys(("/carnet/rouvrir", "/carnet/garder", "/carnet/creer", "/carnet/refuser"), 303) | {
    "/carnet/rien": 404,
    "/bienvenue/fini": 303,
}
LIFE_OF = {
    "marc": {"/carnet/fermer": 303, "/carnet/rouvrir": 200},
    "claire": {"/carnet/fermer": 303, "/carnet/effacer": 303, "/carnet/creer": 200},
    # Too young for an account of one's own, and for a carer.
    "lea": dict.fromkeys(LIFE, 403)
    | {"/carnet": 200, "/bienvenue/fini": 303}
    | {"/aidants/inviter": 303, "/confidentialite/autoriser": 403, f"/confidentialite/autoriser/{NOWHERE}": 403},
    "hugo": {"/aidants/inviter": 303},
}
# Of one's account, whatever its record: a session or a passkey of nobody is not there, a challenge is posted for.
DEVICES = dict.fromkeys(("/appareils", "/appareils/cles/ajouter"), 200) | {
    f"/appareils/sessions/{NOWHERE}": 404,
    f"/appareils/cles/{NOWHERE}": 404,
    "/appareils/cles/ajouter/defi": 405,
}
CONSOLE = (
    "/console/signalements",
    "/console/acces",
    "/console/depots",
    "/console/taches",
    "/console/comptes",
    "/console/editeurs",
    "/console/carnets",
    "/console/carnets/refus",
    "/console/carnets/nouveau",
    "/console/confirmer",
    "/console/reunir",
    "/console/parents",
    "/console/familles",
    "/console/journal",
)
# Of an account that this session has not looked up, or that nobody has.
ACCOUNT = f"/console/comptes/{NOWHERE}"
LIFE_OF_NOBODY = f"/console/carnets/{NOWHERE}"
_RECORD = f"/pro/carnets/{NOWHERE}"
# Of a record that a professional has not found, or that nobody has.
UNFOUND = (
    _RECORD,
    *(
        f"{_RECORD}/{page}"
        for page in ("documents", "recherche?q=bilan", "vu", "accord", "code", "urgence", "deposer", "noter")
    ),
    *(f"{_RECORD}/noter/{page}" for page in ("vaccination", f"mots/{NOWHERE}")),
    *(f"{_RECORD}/synthese{page}" for page in ("", "/allergies", "/apercu")),
    f"{_RECORD}/documents/{NOWHERE}",
    *(f"{_RECORD}/documents/{NOWHERE}/{page}" for page in ("original", "pages/1", "remplacer", "acte/retirer")),
    f"{_RECORD}/documents/{NOWHERE}/changements",
)
PRO = ("/pro/", "/pro/mon-activite", "/pro/applications")
PAGES = (*OWN, *LIFE, *DEVICES, *PRO, *UNFOUND, "/console/", *CONSOLE, ACCOUNT, LIFE_OF_NOBODY)

# 200 a page, 302 to the sign-in, 403 another face's
_ELSEWHERE = dict.fromkeys(PAGES, 403)
SIGNED_IN = {
    "patient": _ELSEWHERE | dict.fromkeys(OWN, 200) | dict.fromkeys(ABOUT_ONE, 404) | LIFE | DEVICES,
    "professional": _ELSEWHERE | dict.fromkeys(PRO, 200) | dict.fromkeys(UNFOUND, 404),
    "operator": _ELSEWHERE | dict.fromkeys(("/console/", *CONSOLE), 200) | {ACCOUNT: 404, LIFE_OF_NOBODY: 404},
    "nobody": dict.fromkeys(PAGES, 302),
}
ROLES = {"patient": PEOPLE, "professional": PROFESSIONALS, "operator": OPERATORS}
# Their record was refused or closed: each page says so in the words of a refusal.
WITHOUT_RECORD = {"claire", "marc"}


@contextmanager
def signed_in(base: str, key: str) -> Iterator[httpx2.Client]:
    """A browser without redirects, signed in as one of the cast, or as nobody."""
    with httpx2.Client(base_url=base, timeout=30) as client:
        if key != "nobody":
            answer = client.post("/demo/connexion", data={"actor": key}, follow_redirects=True)
            if answer.url.path == "/pro/situation":
                answer = client.post("/pro/situation", data=first_place(answer.text), follow_redirects=True)
            if answer.url.path == "/bienvenue/identite":
                theirs = token(answer.text) | {"reponse": "oui"}
                answer = client.post("/bienvenue/identite", data=theirs, follow_redirects=True)
            if answer.url.path.startswith("/bienvenue/"):
                answer = client.post("/bienvenue/plus-tard", data=token(answer.text), follow_redirects=True)
            assert answer.url.path in {"/accueil", "/pro/", "/console/"}, f"{key}: {answer.status_code}"
        yield client


@pytest.mark.parametrize("key", [*PEOPLE, *PROFESSIONALS, *OPERATORS, "nobody"])
def test_the_whole_cast_at_every_page(key: str, server: str) -> None:
    role = next((name for name, keys in ROLES.items() if key in keys), "nobody")
    expected = dict(SIGNED_IN[role])
    if key in WITHOUT_RECORD:
        # Which records one may open is said all the same: there may be those of children.
        expected |= dict.fromkeys(OWN, 403) | {"/carnets": 200}
    expected |= LIFE_OF.get(key, {})
    if key == "pilotage":
        expected |= dict.fromkeys((*CONSOLE, ACCOUNT, LIFE_OF_NOBODY), 403)
    with signed_in(server, key) as client:
        assert {page: client.get(page).status_code for page in PAGES} == expected


@pytest.mark.parametrize("key", [*PEOPLE, *PROFESSIONALS, *OPERATORS, "nobody"])
def test_the_pages_of_publishers_are_open_to_everybody(key: str, server: str) -> None:
    with signed_in(server, key) as client:
        for address in ("/editeurs/", "/editeurs/inscrire", "/editeurs/suivi"):
            assert client.get(address).status_code == 200, address


@pytest.fixture(scope="module")
def hers(server: str) -> str:
    """The address of a document of Dominique's that has pages."""
    with signed_in(server, "dominique") as client:
        listed = re.findall(r'href="(/documents/[0-9a-f-]{36})"', client.get("/documents").text)
        found: str = next(address for address in listed if "/pages/1" in client.get(address).text)
        return found


@pytest.mark.parametrize("key", [*PEOPLE, *PROFESSIONALS, *OPERATORS, "nobody"])
def test_the_whole_cast_at_a_document_and_its_pages(key: str, server: str, hers: str) -> None:
    role = next((name for name, keys in ROLES.items() if key in keys), "nobody")
    expected = {"patient": 404, "nobody": 302}.get(role, 403)
    if key in WITHOUT_RECORD:
        expected = 403
    if key == "dominique":
        expected = 200
    with signed_in(server, key) as client:
        assert {client.get(hers + end).status_code for end in ("", "/pages/1", "/contenu", "/original")} == {expected}


def test_a_document_of_somebody_else_is_not_there(server: str) -> None:
    """Hers and an invented one get the same answer, in the same words."""
    with signed_in(server, "dominique") as hers, signed_in(server, "jean") as his:
        listing = hers.get("/documents").text
        address = _first(listing)
        assert hers.get(f"/documents/{address}").status_code == 200
        other = his.get(f"/documents/{address}")
        invented = his.get(f"/documents/{NOWHERE}")
    assert other.status_code == invented.status_code == 404
    own, made_up = (
        page.text.replace(str(page.url), "").replace(page.url.path.rpartition("/")[2], "ID")
        for page in (other, invented)
    )
    assert own == made_up


@pytest.mark.parametrize("key", ["dominique", "jean", "dr-nguyen", "support", "nobody"])
def test_an_act_on_somebody_elses_document_does_nothing(key: str, server: str) -> None:
    """By those who may not: each act is refused in the manner of the page, and the document stays as it is."""
    with signed_in(server, "paul") as his:
        address = _first(his.get("/documents").text)
        before = his.get(f"/documents/{address}/visibilite").text
    acts = {
        "visibilite": {"acte": "masquer"},
        "pas-le-mien": {"acte": "signaler"},
        "classer": {"etiquettes": "vu"},
    }
    with signed_in(server, key) as other:
        other.get("/aide")
        token = {"csrfmiddlewaretoken": _token(other)}
        posted = [other.post(f"/documents/{address}/{act}", data=sent | token) for act, sent in acts.items()]
    assert {answer.status_code for answer in posted} <= {302, 403, 404}
    with signed_in(server, "paul") as his:
        assert _without_token(his.get(f"/documents/{address}/visibilite").text) == _without_token(before)


def _first(listing: str) -> str:
    """The id of the first document of a list."""
    found = re.search(r'href="/documents/([0-9a-f-]{36})"', listing)
    assert found
    return found[1]


def _token(client: httpx2.Client) -> str:
    page = client.get("/accueil").text
    return page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0] if "csrfmiddlewaretoken" in page else ""


def _without_token(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)
