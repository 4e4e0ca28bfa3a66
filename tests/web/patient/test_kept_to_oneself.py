"""What a minor says of themselves and keeps to themselves: the parents see none of it, nor that it was said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from uuid import UUID

import httpx2
import pytest

from carnet.documents import queries as queries_of
from carnet.documents.trail import lines
from carnet.formats.clinical.model import Kind
from carnet.health import profile as health
from carnet.health import queries, stating
from carnet.health.profile import Own
from carnet.health.sections import Section
from carnet.kernel import clock
from carnet.kernel.actor import Purpose
from carnet.web.patient.health_form import simple
from tests import people
from tests.health.stated import result
from tests.health.stated import stating as document_stating
from tests.health.test_vaccinations import vaccinated
from tests.people import Resident
from tests.sessions import COOKIE, session_of
from tests.web.browsing import plain, token
from tests.web.patient.test_carers import Helper
from tests.web.patient.test_family import a_child
from tests.web.patient.test_health import metformin
from tests.web.patient.test_summary import words_of


@pytest.fixture
def hugo(server: str) -> Iterator[tuple[Resident, Resident, Helper, Helper]]:
    parent = people.a_patient()
    teenager = a_child(parent.actor, birth_date=f"{clock.now().year - 16}-01-10")
    with ExitStack() as stack:

        def at(who: Resident) -> Helper:
            client = httpx2.Client(base_url=server, timeout=30, cookies={COOKIE: session_of(who.actor)})
            return Helper(stack.enter_context(client))

        theirs = at(parent)
        theirs.opens_the_record_of(teenager)
        yield teenager, parent, at(teenager), theirs


def test_what_a_minor_keeps_is_nowhere_for_the_parents(hugo: tuple[Resident, Resident, Helper, Helper]) -> None:
    teenager, parent, his, theirs = hugo
    before = _world(theirs)
    assert "Garder pour moi" in his.text("/sante/ajouter/vie")
    said = {"sujet": "autre", "quoi": "Je fume", "qui": "visible", "secret": "oui", "acte": "garder"}
    assert his.sends("/sante/ajouter/vie", said).status_code == 200
    now = clock.now()
    weight = {"valeur": "61", "jour": f"{now:%d/%m/%Y}", "heure": "00:00", "qui": "visible", "secret": "oui"}
    assert his.sends("/sante/mesures/weight/ajouter", weight).status_code == 200
    person = {"nom": "Odile Perrin", "telephone": "06 12 34 56 78", "secret": "oui"}
    assert his.sends("/sante/dire/prevenir", person).status_code == 200
    own = his.text("/sante")
    assert "Je fume" in own
    assert own.count("Gardé pour vous") == 2
    assert "Gardé pour vous" in his.text("/sante/mesures/weight")
    # What is corrected and taken back leaves no trace either.
    (address,) = {each for each in his.opens("/sante").text.split('"') if each.startswith("/sante/dit/")}
    assert 'name="secret" type="checkbox" value="oui" aria-describedby="secret-h" checked' in his.opens(address).text
    assert his.sends(address, said | {"quoi": "Je fume moins"}).status_code == 200
    (address,) = {each for each in his.opens("/sante").text.split('"') if each.startswith("/sante/dit/")}
    assert theirs.client.get(address).status_code == 404
    his.sends(address, {"acte": "retirer"})
    for was, now_ in zip(before, _world(theirs), strict=True):
        assert now_ == was
    assert not health.told(parent.actor, Purpose.REPRESENTATIVE, teenager.record_id).words
    assert not queries.lines(parent.actor, Purpose.REPRESENTATIVE, teenager.record_id, [Kind.SOCIAL, Kind.MEASURE])
    told = {line.action for line in lines(parent.actor, Purpose.REPRESENTATIVE, teenager.record_id)}
    assert not {"entry-stated", "entry-amended", "entry-retracted"} & told
    own_trail = {line.action for line in lines(teenager.actor, Purpose.SELF, teenager.record_id)}
    assert {"entry-stated", "entry-amended", "entry-retracted"} <= own_trail


def test_why_a_secret_medicine_is_taken_is_secret_too_whatever_was_asked(
    hugo: tuple[Resident, Resident, Helper, Helper],
) -> None:
    teenager, _, his, theirs = hugo
    before = _world(theirs)
    secret = people.entry(labels=frozenset({"INVISIBLE_REPRESENTANTS_LEGAUX"}))
    document_stating(teenager, metformin(), of=secret)
    assert "Vos parents ne verront pas votre réponse" in his.text("/sante")
    said = {"question": "reason|atc:A10BA02", "acte": "repondre", "raison": "Diabète de type 2"}
    _answers(his, said)
    assert "Pour : Diabète de type 2" in his.text("/sante")
    # A line of one's own that one keeps is corrected by one that is kept.
    his.sends("/sante/ajouter/traitements", {"quoi": "Ramipril", "qui": "visible", "secret": "oui", "acte": "garder"})
    assert "Vous prenez : ramipril. Pour quelle raison ?" in his.text("/sante")
    _answers(his, said | {"question": "reason|atc:C09AA05", "raison": "Tension"})
    assert "Pour : Tension" in his.text("/sante")
    assert _world(theirs) == before
    parent_sees = health.told(hugo[1].actor, Purpose.REPRESENTATIVE, teenager.record_id)
    assert parent_sees.lines == ()


def test_a_minor_keeps_an_answer_about_what_the_parents_know(hugo: tuple[Resident, Resident, Helper, Helper]) -> None:
    teenager, _, his, theirs = hugo
    document_stating(teenager, metformin())
    before = _world(theirs)
    assert "Garder pour moi" in his.text("/sante")
    assert "Garder pour moi" not in theirs.text("/sante")
    reply = {"question": "reason|atc:A10BA02", "acte": "repondre", "raison": "Diabète de type 2", "secret": "oui"}
    _answers(his, reply)
    assert "Pour : Diabète de type 2" in his.text("/sante")
    assert _world(theirs) == before


def test_what_a_minor_keeps_in_the_first_filling_is_nowhere_for_the_parents(
    hugo: tuple[Resident, Resident, Helper, Helper],
) -> None:
    teenager, parent, his, theirs = hugo
    before = _world(theirs)
    assert "Garder pour moi" in his.text("/sante/remplir/allergies")
    his.sends("/sante/remplir/allergies", {"reponse": "inconnu", "secret": "oui"})
    done = his.sends("/sante/remplir/traitements", {"reponse": "oui", "lesquels": "Pilule", "secret": "oui"})
    assert done.url.path == "/sante/remplir/problemes"
    his.sends("/sante/remplir/prevenir", {"reponse": "oui", "nom": "Odile", "telephone": "0612345678", "secret": "oui"})
    assert "Odile" in his.text("/sante")
    # Answered otherwise, it stays kept.
    form = his.opens("/sante").text
    his.client.post("/sante/reponse/allergies", data={"reponse": "aucun"} | token(form))
    assert "Je n'ai pas d'allergie connue" in his.text("/sante")
    assert _world(theirs) == before
    assert theirs.opens("/sante/remplir").url.path == "/sante/remplir/allergies"
    assert "Garder pour moi" not in theirs.text("/sante/remplir/allergies")
    told = {line.action for line in lines(parent.actor, Purpose.REPRESENTATIVE, teenager.record_id)}
    assert not {"entry-stated", "entry-amended", "profile-arranged"} & told


def _answers(his: Helper, said: dict[str, str]) -> None:
    answer = his.client.post("/sante/question", data=said | token(his.opens("/sante").text))
    assert answer.status_code < 400


def test_what_a_minor_keeps_stands_on_no_paper_that_is_for_others(
    hugo: tuple[Resident, Resident, Helper, Helper],
) -> None:
    teenager, _, his, theirs = hugo
    ways: tuple[tuple[str, dict[str, str], str, str], ...] = (
        ("ouvert", {}, "2.5", "J07BD52"),
        ("secret", {"secret": "oui"}, "9.75", "J07BM03"),
    )
    for n, keeps, value, vaccine in ways:
        said = {"qui": "visible", "acte": "garder", **keeps}
        his.sends("/sante/ajouter/vie", {"sujet": "autre", "quoi": f"Mot {n}", **said})
        his.sends("/sante/ajouter/problemes", {"quoi": f"Trouble {n}", **said})
        his.sends("/sante/dire/prevenir", {"nom": f"Odile {n}", "telephone": "06 12 34 56 78", **keeps})
        for entry in (result(value, day="2024-03-12"), vaccinated(vaccine, "2024-03-12")):
            stating.state(
                teenager.actor, Purpose.SELF, record_id=teenager.record_id, entry=entry, secret="secret" in keeps
            )
    doctor = people.a_doctor()
    form = his.opens("/sante/synthese/partager").text
    sent = {"acte": "partager", "langue": "fr", "duree": "toujours", "soignant": str(doctor.id)} | token(form)
    his.client.post("/sante/synthese/partager", data=sent)
    found = re.search(r'href="(/documents/[0-9a-f-]{36})"', theirs.opens("/sante/synthese").text)
    assert found, "who represents him sees what is shared"
    opened = queries_of.content(
        teenager.actor, Purpose.SELF, teenager.record_id, UUID(found[1].removeprefix("/documents/"))
    )
    assert opened
    papers = {
        "shared": words_of(b"".join(opened.chunks)),
        "own": words_of(his.opens("/sante/synthese/telecharger?ouvrir=1").content),
        "certificate": words_of(his.opens("/sante/vaccinations/attestation/telecharger").content),
    }
    for name, words in papers.items():
        assert not re.search("secret|apilloma|9,75", words), name
        assert "Rougeole" in words, name
        assert words.count("ouvert") == (0 if name == "certificate" else 4), name
        assert "2,5" in words or name == "certificate"


def test_only_the_minor_keeps_something_from_the_parents(hugo: tuple[Resident, Resident, Helper, Helper]) -> None:
    teenager, parent, his, theirs = hugo
    assert "Garder pour moi" not in theirs.text("/sante/ajouter/vie")
    theirs.sends(
        "/sante/ajouter/vie",
        {"sujet": "autre", "quoi": "Nage le mardi", "qui": "visible", "secret": "oui", "acte": "garder"},
    )
    stating.state(
        parent.actor,
        Purpose.REPRESENTATIVE,
        record_id=teenager.record_id,
        entry=simple(Section.NEEDS, "Un interprète"),
        secret=True,
    )
    health.say(
        parent.actor,
        Purpose.REPRESENTATIVE,
        record_id=teenager.record_id,
        kind=Own.CONTACT,
        name="Alix",
        phone="06 12 34 56 78",
        secret=True,
    )
    told = health.told(parent.actor, Purpose.REPRESENTATIVE, teenager.record_id)
    assert not any(each.secret for each in told.said.values())
    assert not any(each.secret for each in told.words)
    words = his.text("/sante")
    assert "Nage le mardi" in words
    assert "Un interprète" in words
    # An adult has nobody to keep it from.
    assert "Garder pour moi" not in Helper(theirs.client).text("/sante/ajouter/vie")


def _world(theirs: Helper) -> list[str]:
    pages = ("/sante", "/sante/mesures", "/sante/mesures/weight", "/histoire", "/recherche?q=fume")
    return [plain(theirs.opens(each).text) for each in pages]
