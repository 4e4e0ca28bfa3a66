"""« Ma synthèse »: two pages that say whose words each line is, and that chosen professionals alone see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pikepdf
import pypdfium2
import pytest

from carnet.consent import actions as consent
from carnet.consent.access import Refused
from carnet.documents import adding, handing, queries
from carnet.formats.clinical.model import Allergy, Kind, Problem
from carnet.formats.clinical.values import Concept, Span
from carnet.health import stating as saying
from carnet.health.sections import Section
from carnet.kernel import clock
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.people import actions as people_actions
from tests import people
from tests.health.stated import result, stating
from tests.people import Resident
from tests.sessions import COOKIE, session_of
from tests.web.browsing import Browsing, plain, token
from tests.web.pro.desk import at_desk, record

HOME = "/sante/synthese"


def asthma(name: str = "Asthme") -> Problem:
    return Problem(kind=Kind.PROBLEM, code=Concept(name), clinical="active", path=name)


def peanut() -> Allergy:
    return Allergy(kind=Kind.ALLERGY, code=Concept("Arachide"), clinical="active", when=Span("2012"))


class Own(Browsing):
    def __init__(self, client: httpx2.Client, patient: Resident) -> None:
        super().__init__(client)
        self.patient = patient

    def pdf(self, query: str = "") -> bytes:
        answer = self.opens(f"{HOME}/telecharger?{query}")
        assert answer.headers["content-type"] == "application/pdf"
        return answer.content

    def shares(self, *with_whom: Actor, follow: bool = True, **fields: str) -> httpx2.Response:
        sent: dict[str, Any] = {"choix": "1", "acte": "partager", "langue": "fr", "duree": "toujours"}
        sent |= {"partie": "problemes"}
        sent |= {"soignant": [str(each.id) for each in with_whom]} | fields
        page = self.opens(f"{HOME}/partager").text
        return self.client.post(f"{HOME}/partager", data=sent | token(page), follow_redirects=follow)

    def shared(self) -> str:
        """The address of the newest document that is shared."""
        found = re.search(r'href="/documents/([0-9a-f-]{36})"', self.opens(HOME).text)
        assert found
        return found[1]

    def takes_back(self) -> httpx2.Response:
        page = self.opens(HOME).text
        return self.client.post(f"{HOME}/partages/{self.shared()}", data=token(page), follow_redirects=True)


@pytest.fixture
def own(server: str) -> Iterator[Own]:
    patient = people.a_patient()
    with httpx2.Client(base_url=server, timeout=60, cookies={COOKIE: session_of(patient.actor)}) as client:
        yield Own(client, patient)


def words_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return plain(" ".join(page.get_textpage().get_text_bounded() for page in document))


def parts_of(pdf: bytes) -> list[str]:
    """The tags of its structure, in the order of reading."""
    with pikepdf.open(BytesIO(pdf)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang).startswith(("fr", "en"))
        assert document.Root.ViewerPreferences.DisplayDocTitle
        found: list[str] = []

        def walk(node: Any) -> None:
            if isinstance(node, pikepdf.Dictionary) and "/S" in node:
                found.append(str(node.S))
            kids: Any = node.get("/K", []) if isinstance(node, pikepdf.Dictionary) else []
            for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
                if isinstance(kid, pikepdf.Dictionary):
                    walk(kid)

        walk(document.Root.StructTreeRoot)
        return found


def test_two_pages_say_allergies_first_and_whose_words_each_line_is(own: Own) -> None:
    stating(own.patient, asthma(), peanut())
    saying.state(own.patient.actor, Purpose.SELF, record_id=own.patient.record_id, entry=asthma("Migraine"))
    own.sends("/sante/reponse/famille", {"reponse": "inconnu"})
    pdf = own.pdf()
    words = words_of(pdf)
    assert words.index("Arachide") < words.index("Problèmes de santé") < words.index("Asthme")
    assert re.search(r"Migraine La personne", words)
    assert re.search(r"Asthme Document : ", words)
    assert "La personne a répondu" in words
    assert "Je ne sais pas" in words
    assert "Rien dans ce qui est montré ici" in words
    assert words.index("Rien dans ce qui est montré ici") < words.index("Handicap et besoins")
    assert "Page 1 / 1" in words
    parts = parts_of(pdf)
    assert parts.count("/H1") == 1
    assert parts.count("/H2") >= 3
    assert {"/Table", "/TH", "/TD", "/THead"} <= set(parts)
    with pikepdf.open(BytesIO(pdf)) as document:
        fonts = [font for page in document.pages for font in page.Resources.get("/Font", {}).values()]
        assert fonts
        described = [font.DescendantFonts[0].FontDescriptor for font in fonts]
        assert all("/FontFile2" in each or "/FontFile3" in each for each in described)
        assert document.open_metadata()["dc:title"] == "Synthèse de santé"
    english = words_of(own.pdf("choix=1&partie=problemes&langue=en"))
    assert "Health summary" in english
    assert "Asthme" in english
    assert english.count("Nothing in what is shown here") == 1, "the note alone"


def test_somebody_who_is_named_twice_is_to_be_called_once(own: Own) -> None:
    claire = {"nom": "Claire Essai", "lien": "sœur", "telephone": "06 39 98 12 34"}
    own.sends("/sante/dire/prevenir", claire)
    own.sends("/sante/dire/confiance", claire | {"telephone": "0639981234"})
    own.sends("/sante/dire/prevenir", {"nom": "Alix Essai", "lien": "voisin", "telephone": "06 39 98 00 00"})
    words = words_of(own.pdf("choix=1&langue=fr&partie=problemes"))
    assert words.count("Claire Essai") == 1
    assert "Claire Essai · personne de confiance, sœur · " in words
    assert "Alix Essai · voisin · 06 39 98 00 00" in words


def test_what_does_not_fit_is_counted_and_allergies_never_cut(own: Own) -> None:
    stating(own.patient, *(asthma(f"Maladie numéro {n}") for n in range(90)), peanut())
    pdf = own.pdf()
    words = words_of(pdf)
    assert len(pypdfium2.PdfDocument(pdf)) == 2
    told = re.search(r"et (\d+) autres, dans le carnet", words)
    assert told
    assert words.count("Maladie numéro") == 90 - int(told[1])
    assert "Arachide" in words
    page = own.text(HOME)
    assert "Tout ne tient pas sur deux pages" in page
    assert f"Problèmes de santé : {90 - int(told[1])} sur 90" in page
    assert own.opens(f"{HOME}/page/2").headers["content-type"] == "image/webp"
    assert own.opens(f"{HOME}/page/3").status_code == 404


def test_what_is_masked_is_printed_for_its_person_alone(own: Own) -> None:
    stating(own.patient, asthma("Secret du document"), of=people.entry(labels=frozenset({"MASQUE_PS"})))
    saying.state(
        own.patient.actor, Purpose.SELF, record_id=own.patient.record_id, entry=asthma("Secret dit"), masked=True
    )
    assert "Secret" not in words_of(own.pdf())
    assert words_of(own.pdf("choix=1&partie=problemes&masques=1")).count("Secret") == 2
    doctor = people.a_doctor()
    own.shares(doctor, masques="1")
    shared = queries.content(doctor, Purpose.CARE, own.patient.record_id, UUID(own.shared()))
    assert shared
    assert "Secret" not in words_of(b"".join(shared.chunks))


def test_she_shares_it_with_one_doctor_and_takes_it_back(own: Own, server: str) -> None:
    stating(own.patient, asthma(), result())
    chosen, other, attending = people.a_doctor(), people.authorised(own.patient, people.a_doctor()), people.a_doctor()
    consent.set_attending(SYSTEM, record_id=own.patient.record_id, professional_id=attending.id)
    said = plain(own.shares(chosen).text)
    assert "C'est partagé avec les soignants choisis." in said
    assert "Pas encore ouvert." in said
    address = f"/documents/{own.shared()}"
    assert "Aucun autre soignant ne le voit" in own.text(address)
    with at_desk(server, chosen) as desk, at_desk(server, other) as second, at_desk(server, attending) as third:
        page = desk.reads(own.patient.record_id)
        assert "Synthèse de santé du" in page
        assert "Partagé avec vous par le patient" in page
        assert "vous lisez celui-là, et rien d'autre" in page
        # Nothing of the rest: neither the document that states these facts nor what is read out of it.
        assert "Analyses de sang" not in page
        theirs = f"{record(own.patient.record_id)}{address}"
        assert desk.opens(theirs).status_code == 200
        for stranger in (second, third):
            assert "Synthèse de santé du" not in stranger.reads(own.patient.record_id)
            assert stranger.opens(theirs).status_code == 404
        assert "Ouvert le" in own.text(HOME)
        assert "C'est repris" in plain(own.takes_back().text)
        assert desk.opens(theirs).status_code == 403
        assert "Synthèse de santé du" not in desk.reads(own.patient.record_id)
    assert own.opens(address).status_code == 404
    done = [(line.action, line.target_id) for line in people.trail(own.patient) if line.target_id == chosen.id]
    assert {("document-handed", chosen.id), ("document-taken-back", chosen.id)} <= set(done)


def test_a_new_version_takes_the_place_with_the_parts_of_the_last(own: Own) -> None:
    stating(own.patient, asthma())
    first, second = people.a_doctor(), people.a_doctor()
    own.shares(first)
    before = own.shared()
    form = own.opens(f"{HOME}/partager?remplace={before}").text
    checked = re.findall(r'name="partie" type="checkbox" value="([a-z]+)" checked', form)
    assert checked == ["problemes"]
    assert re.search(rf'value="{first.id}"[^>]* checked', form)
    own.shares(second, remplace=before)
    assert own.shared() != before
    seen = {who.id: _seen(who, own) for who in (first, second)}
    assert seen == {first.id: None, second.id: [own.shared()]}
    assert own.text(HOME).count("Reprendre") == 1


def _seen(who: Actor, own: Own) -> list[str] | None:
    try:
        return [str(each.id) for each in queries.list_documents(who, Purpose.CARE, own.patient.record_id)]
    except Refused:
        return None


def test_who_is_blocked_is_not_chosen_and_who_gets_blocked_sees_it_no_more(own: Own) -> None:
    blocked, doctor = people.a_doctor(), people.a_doctor()
    whose: dict[str, Any] = {"record_id": own.patient.record_id}
    consent.block(own.patient.actor, Purpose.SELF, professional_id=blocked.id, **whose)
    refused = own.shares(blocked)
    assert refused.status_code == 422
    assert "Vous avez bloqué" in plain(refused.text)
    assert own.shares().status_code == 422
    own.shares(doctor)
    assert _seen(doctor, own) == [own.shared()]
    consent.block(own.patient.actor, Purpose.SELF, professional_id=doctor.id, **whose)
    assert _seen(doctor, own) is None
    assert "Plus aucun soignant ne le voit" in own.text(HOME)
    consent.unblock(own.patient.actor, Purpose.SELF, professional_id=doctor.id, **whose)
    assert _seen(doctor, own) is None


def test_it_ends_by_itself_at_the_instant_that_was_said(own: Own) -> None:
    doctor, day = people.a_doctor(), clock.now() + timedelta(days=3)
    own.shares(doctor, duree="date", jour=f"{day:%d %m %Y}")
    assert "jusqu'au" in own.text(HOME)
    asked = (own.patient.actor, own.patient.record_id)
    entry = adding.of_profile(*asked, key=uuid4(), title="En bref", day=clock.now().date(), media_type="text/plain")
    until = clock.now() + timedelta(seconds=1.5)
    whose: dict[str, Any] = {"record_id": own.patient.record_id, "readers": [doctor.id], "until": until}
    handing.hand(own.patient.actor, Purpose.SELF, entry=entry, content=b"bref", **whose)
    assert len(_seen(doctor, own) or ()) == 2
    people.wait_until(until)
    assert len(_seen(doctor, own) or ()) == 1


def test_whom_a_minor_keeps_secret_is_not_told_to_the_parents_by_what_is_shared(server: str) -> None:
    born = clock.now() - timedelta(days=16 * 366)
    minor, parent, doctor = people.a_patient(birth_date=f"{born:%Y-%m-%d}"), people.a_person(), people.a_doctor()
    people_actions.represent(SYSTEM, record_id=minor.record_id, representative_id=parent.id, since=people.long_ago())
    people.authorised(minor, doctor, secret=True)
    with httpx2.Client(base_url=server, timeout=60, cookies={COOKIE: session_of(minor.actor)}) as client:
        own = Own(client, minor)
        own.shares(doctor)
        assert "Dr Ange Essai" in own.text(HOME)
        shared = own.shared()
    assert _seen(doctor, own) == [shared]
    theirs = queries.list_documents(parent, Purpose.REPRESENTATIVE, minor.record_id)
    assert shared not in {str(each.id) for each in theirs}


def test_the_sections_are_those_of_the_profile(own: Own) -> None:
    page = own.opens(HOME).text
    names = re.findall(r'name="partie" type="checkbox" value="([a-z]+)"', page)
    assert set(names) == {each.value for each in Section if each is not Section.ALLERGIES} | {"vaccins", "resultats"}
    assert "Asthme" not in words_of(own.pdf("choix=1&langue=fr"))
