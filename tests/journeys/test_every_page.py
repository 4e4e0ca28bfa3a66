"""Every page, in both languages, light and dark, on a phone and at a desk: no fault of accessibility, no sideways
scroll at 320 pixels nor with letters twice as large, what is chosen seen in forced colours, and nothing asked from
another host."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Response

from carnet.demo.cast import actor_id
from carnet.people import disowning, refusals
from carnet.people.actions import add_sign_in
from carnet.people.identities import arrive
from carnet.people.pivot import Pivot
from tests.journeys.conftest import DESKTOP, NARROW, PHONE, Visitor
from tests.people import Resident, a_doctor, a_patient, an_operator, deposited, entry, rpps_of, software
from tests.smart.app import App
from tests.test_addresses import CONSOLE
from tests.web.console.desk import a_failed_job, a_parents_request
from tests.web.pro.desk import attended

# Each page meets both sizes, both schemes and both languages; every pair of two of them occurs.
LOOKS = pytest.mark.parametrize(
    ("visitor", "language"),
    [
        ({"size": PHONE, "dark": True, "scripts": True}, "en"),
        # The narrow screen asks most of a page: the others are seen in the long run.
        pytest.param({"size": DESKTOP, "dark": False, "scripts": True}, "fr", marks=pytest.mark.long),
        pytest.param({"size": PHONE, "dark": False, "scripts": True}, "fr", marks=pytest.mark.long),
        pytest.param({"size": DESKTOP, "dark": True, "scripts": True}, "en", marks=pytest.mark.long),
    ],
    indirect=["visitor"],
    ids=["phone-dark-en", "desk-light-fr", "phone-light-fr", "desk-dark-en"],
)
OPEN = (
    "/",
    "/connexion",
    "/connexion?raison=expiree",
    "/refuser",
    "/aide",
    "/accessibilite",
    "/mentions-legales",
    "/demo/connexion",
    "/verifier/vaccins",
    "/demo/logiciel",
)
FAULTS = (
    "/nowhere",
    "/connexion/retour",
    "/demo/connexion?client_id=x",
    "/pro/ouvrir?lien=x",
    "/oauth/authorize?client_id=x",
)
SEARCHES = ("/recherche", "/recherche?q=compte", "/recherche?q=cardiologe", "/recherche?q=xylophone")
HEALTH = (
    "/sante",
    "/sante/traitements",
    "/sante/rendez-vous",
    "/sante/ajouter/allergies?quoi=noi",
    "/sante/ajouter/famille",
    "/sante/dire/organes",
    "/sante/erreurs",
    "/sante/dire/prevenir",
    "/sante/ranger?fait=1",
    "/sante/remplir/traitements",
    "/sante/synthese?fait=partage",
    "/sante/synthese/partager?q=dr",
    "/sante/vaccinations/ajouter?quoi=infanrix",
    "/sante/vaccinations/situation",
    "/sante/vaccinations/attestation",
)
PRIVACY = (
    "/aidants",
    "/aidants/inviter",
    "/aidants/repondre",
    "/parents",
    "/parents/repondre",
    "/parents/demandes",
    "/grandir",
    "/confidentialite",
    "/confidentialite?fait=urgence&avant=samu",
    "/confidentialite/autoriser",
    "/confidentialite/autoriser?q=dr",
    "/confidentialite/autoriser?q=xylophone",
    f"/confidentialite/autoriser/{actor_id('med-travail')}",
    f"/confidentialite/autoriser/{actor_id('dr-martin')}",
    f"/confidentialite/soignants/{actor_id('dr-nguyen')}?fait=autorise",
    f"/confidentialite/soignants/{actor_id('dr-martin')}",
    f"/confidentialite/soignants/{actor_id('dr-bloque')}",
    f"/confidentialite/soignants/{actor_id('dr-inconnu')}",
    "/confidentialite/masquer",
    "/confidentialite/masquer?quoi=date&jour=12+3+2015",
    "/confidentialite/voir-comme",
    f"/confidentialite/voir-comme?qui={actor_id('dr-nguyen')}",
    "/confidentialite/voir-comme?qui=sans-autorisation",
)
OWN = (
    "/",
    "/accueil",
    "/carnets",
    "/documents",
    "/documents?annee=2024&masques=1",
    "/documents?depuis=40",
    "/documents?vue=autrui",
    "/sante/vaccinations",
    "/histoire",
    "/histoire?type=hopital&annee=2024",
    "/histoire?q=xylophone",
    "/recherche?q=tsh",
    "/acces?qui=tous",
    "/acces/personnes",
    "/appareils",
    "/applications",
    "/appareils?fait=pas-moi",
    "/appareils/cles/ajouter",
    *HEALTH,
    *PRIVACY,
    *SEARCHES,
    "/pro/",
)
ABOUT_ONE = ("visibilite", "visibilite?fait=montrer", "pas-le-mien", "classer")
KINDS = ("Synthèse médicale", "Anatomopathologie", "psychiatrie")
OTHERS = {
    "dr-martin": "/pro/",
    "dr-nguyen": "/pro/situation",
    "support": "/console/acces",
    "pilotage": "/console/",
    "marc": "/accueil",
    "nadia": "/documents",
    "hugo": "/confidentialite",
}


def checked(visitor: Visitor, path: str) -> list[str]:
    """Faults of the page as it is, and of its width."""
    size = visitor.page.viewport_size
    found = [f"{path} {fault}" for fault in visitor.faults()]
    if (wider := visitor.sideways_enlarged()) > 0:
        found.append(f"{path} is {wider} px too wide with letters twice as large")
    wider = visitor.sideways(NARROW[0])
    if size:
        visitor.page.set_viewport_size(size)
    return found + ([f"{path} is {wider} px too wide"] if wider > 0 else [])


def looked_at(visitor: Visitor, paths: tuple[str, ...]) -> list[str]:
    found = []
    for path in paths:
        visitor.goes_to(path)
        found += checked(visitor, path)
    return found


@LOOKS
def test_pages_for_everybody(visitor: Visitor, language: str) -> None:
    visitor.speaks(language)
    assert looked_at(visitor, OPEN + FAULTS) == []


@LOOKS
def test_pages_of_the_holder(visitor: Visitor, language: str) -> None:
    visitor.signs_in_as("dominique")
    visitor.speaks(language)
    found = looked_at(visitor, OWN)
    for kind in KINDS:
        visitor.goes_to(f"/recherche?q={kind}")
        visitor.page.click(f"main a:has-text('{kind}') >> nth=0")
        found += checked(visitor, kind)
    visitor.goes_to("/documents")
    document = visitor.page.get_attribute("main a.cn-row__t >> nth=0", "href")
    found += looked_at(visitor, tuple(f"{document}/{page}" for page in ABOUT_ONE))
    found += looked_at(visitor, (f"/confidentialite/voir-comme?{str(document)[1:].replace('s/', '=')}",))
    found += looked_at(visitor, (f"/confidentialite/autoriser/{actor_id('med-travail')}",))
    visitor.page.click("main form button[type=submit]:not([aria-hidden])")
    found += checked(visitor, "an authorisation with faults")
    visitor.goes_to("/documents")
    visitor.page.click("main summary")
    found += checked(visitor, "choices")
    visitor.page.click("header summary")
    assert found + checked(visitor, "account menu") == []


def found_by(visitor: Visitor, patient: Resident) -> None:
    visitor.goes_to("/pro/")
    visitor.page.fill("#ins", patient.ins)
    visitor.page.click("form:has(#ins) button")
    visitor.page.wait_for_url("**/pro/carnets/*")


@LOOKS
def test_pages_of_a_professional(visitor: Visitor, language: str) -> None:
    visitor.speaks(language)
    patient, doctor = a_patient(birth_date="2012-05-01"), a_doctor()
    attending = attended(patient, a_doctor())
    deposited(doctor, patient, of=entry(title="Consultation du jour", labels=frozenset({"INVISIBLE_PATIENT"})))
    for kind in ("11502-2", "11488-4"):
        deposited(software(), patient, of=entry(title="Un titre d'une longueur dont on ne fait plus", type_code=kind))
    visitor.sits_as(doctor)
    visitor.goes_to("/pro/")
    visitor.page.click("form:has(#nom) button")
    found = checked(visitor, "traits that are lacking")
    found_by(visitor, patient)
    record = urlsplit(visitor.page.url).path
    found += checked(visitor, "one's own documents before they are asked for")
    visitor.goes_to(f"{record}?documents=tous")
    document = visitor.page.get_attribute("main table a", "href")
    found += looked_at(
        visitor, (record, f"{record}/accord", f"{record}/deposer", f"{document}", f"{document}/acte/retirer")
    )
    found += looked_at(
        visitor, (f"{record}/recherche", f"{record}/recherche?q=titre", f"{record}/recherche?q=xylophone")
    )
    found += looked_at(visitor, (f"{record}/documents", f"{record}/documents?periode=tout&categorie=BIOLOGIE"))
    found += looked_at(visitor, (f"{record}/documents?apercu={str(document).rpartition('/')[2]}",))
    found += looked_at(visitor, (f"{document}/remplacer", f"{document}?q=jour"))
    for form in ("accord", "deposer", "urgence"):
        visitor.goes_to(f"{record}/{form}")
        visitor.page.click("main form button[type=submit]:not([aria-hidden])")
        found += checked(visitor, f"{form}, refused")
    visitor.page.fill("#motif", "Malaise dans la rue")
    visitor.page.click("main form button[type=submit]:not([aria-hidden])")
    found += checked(visitor, "emergency")
    visitor.page.click("main table a >> nth=0")
    found += checked(visitor, "document in an emergency")
    visitor.page.click(".cn-glass button")
    found += checked(visitor, "emergency left")
    visitor.sits_as(attending)
    summary = f"{record}/synthese"
    found += looked_at(visitor, ("/pro/", summary, f"{summary}/traitements", f"{summary}/apercu"))
    assert found == [], "\n".join(found)


@LOOKS
def test_pages_of_apps(visitor: Visitor, language: str, server: str) -> None:
    visitor.speaks(language)
    patient, app = a_patient(), App(server)
    visitor.sits_as(a_doctor())
    found = looked_at(visitor, ("/pro/applications", app.asks()))
    visitor.page.fill("#ins", patient.ins)
    visitor.page.click("form:has(#ins) button")
    found += checked(visitor, "a right that is lacking")
    visitor.goes_to(app.asks(scope="openid user/*.cruds"))
    found += checked(visitor, "what an app is given")
    assert found == [], "\n".join(found)


@LOOKS
def test_pages_of_the_others(visitor: Visitor, language: str) -> None:
    visitor.speaks(language)
    found = []
    for key, path in OTHERS.items():
        visitor.signs_in_as(key)
        found += looked_at(visitor, (path,))
    assert found == [], "\n".join(found)


@LOOKS
def test_pages_of_the_support(visitor: Visitor, language: str) -> None:
    visitor.speaks(language)
    doctor, job_id = a_doctor(), a_failed_job()
    arrive(issuer="https://idp.example", subject=str(job_id), pivot=Pivot("Essai", "Alix", "1985-01-12", "F", "51215"))
    add_sign_in(issuer="https://idp.example", subject=f"fc-{job_id}", actor_id=(stopped := a_patient().actor).id)
    told = disowning.not_theirs(stopped, "")
    refusals.count(software().id, ["content-refused", "type-unknown"])
    visitor.sits_as(an_operator("support"))
    found = looked_at(visitor, ("/console/", *CONSOLE, f"/console/taches?abandonner={job_id}"))
    visitor.goes_to("/console/comptes")
    visitor.page.click("main form button")
    found += checked(visitor, "an identifier that is lacking")
    visitor.page.fill("#identifiant", rpps_of(doctor))
    visitor.page.click("main form button")
    visitor.page.wait_for_url("**/console/comptes/*")
    found += checked(visitor, "an account")
    visitor.page.click("main form button >> nth=0")
    found += checked(visitor, "a reason that is lacking")
    visitor.goes_to("/console/identites")
    visitor.page.click("main a.cn-row__t >> nth=0")
    found += checked(visitor, "an identity")
    visitor.page.click("main form button >> nth=0")
    found += checked(visitor, "a paper that is lacking")
    found += looked_at(visitor, ("/console/identites/pas-moi", "/console/identites/pas-moi?numero=0000"))
    visitor.goes_to(f"/console/identites/pas-moi?numero={told.reference}")
    visitor.page.click("main a.cn-row__t >> nth=0")
    found += checked(visitor, "a connection that was not theirs")
    visitor.page.click("main form button[value=rattacher]")
    found += checked(visitor, "a number that is lacking")
    visitor.goes_to(f"/console/parents/{a_parents_request()}")
    visitor.page.click("main form button >> nth=0")
    found += checked(visitor, "a proof that has not been read")
    visitor.goes_to("/console/familles")
    visitor.page.fill("#matricule", a_patient().ins)
    visitor.page.click("main form button")
    visitor.page.wait_for_url("**/console/familles/*")
    visitor.page.click("main form button >> nth=0")
    found += checked(visitor, "a measure that is lacking")
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("visitor", [{"scripts": True}], indirect=True)
def test_nothing_is_asked_from_another_host_and_nothing_is_missing(visitor: Visitor) -> None:
    answers: list[Response] = []

    def note(answer: Response) -> None:
        answers.append(answer)

    visitor.page.on("response", note)
    visitor.signs_in_as("dominique")
    for path in OWN[:-1]:
        visitor.goes_to(path)
    assert {urlsplit(answer.url).netloc for answer in answers} == {urlsplit(visitor.base).netloc}
    assert [answer.url for answer in answers if answer.status >= 400] == []


def test_what_is_chosen_is_seen_in_forced_colours(visitor: Visitor) -> None:
    visitor.signs_in_as("dominique")
    visitor.page.emulate_media(forced_colors="active")
    visitor.goes_to("/documents")
    shades = """elements => elements.map(element => {
        const style = getComputedStyle(element);
        return [style.backgroundColor, style.color];
    })"""
    for width in (390, 1280):
        visitor.page.set_viewport_size({"width": width, "height": 844})
        for choices in (".cn-nav li a", "#filtres a.cn-chip"):
            chosen = visitor.page.eval_on_selector_all(f"{choices}[aria-current]", shades)
            others = visitor.page.eval_on_selector_all(f"{choices}:not([aria-current])", shades)
            assert chosen
            assert not {ground for ground, _ in chosen} & {ground for ground, _ in others}, (choices, width)
            # Its words are those for the system's ground of what is chosen: on no ground of its own they would be lost.
            assert not {ground for ground, _ in chosen} & {"rgba(0, 0, 0, 0)", *(words for _, words in chosen)}
