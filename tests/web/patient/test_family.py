"""A parent in the records of their children: opened in one tap, under their own name, without the child's secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import httpx2
import pytest

from carnet.consent.emergency import break_glass
from carnet.formats.clinical.model import Kind
from carnet.formats.clinical.values import Quantity
from carnet.health import goals, stating
from carnet.kernel import clock, config, database
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.people import actions as people_actions
from carnet.records.life import NotDone
from carnet.records.rules import Act
from carnet.rights import life
from tests import people
from tests.people import Resident
from tests.sessions import COOKIE, session_of
from tests.web.browsing import Browsing, plain, token

SECRET = "INVISIBLE_REPRESENTANTS_LEGAUX"


@dataclass
class Home(Browsing):
    client: httpx2.Client
    parent: Resident
    child: Resident

    def opens_the_record_of(self, who: Resident) -> httpx2.Response:
        return self.sends("/accueil", {"ouvrir": str(who.record_id)}, to="/carnets/ouvrir")

    def sends(self, path: str, fields: dict[str, str], *, follow: bool = True, to: str = "") -> httpx2.Response:
        """With everything hidden that the page's forms hold, as a browser sends it."""
        page = self.opens(path).text
        held = dict(re.findall(r'<input type="hidden" name="(csrfmiddlewaretoken|carnet)" value="([^"]+)"', page))
        return self.client.post(to or path, data=held | fields, follow_redirects=follow)


def a_child(parent: Actor, *, birth_date: str = "") -> Resident:
    birth = birth_date or f"{clock.now().year - 9}-02-03"
    child = people.a_patient(birth_date=birth)
    people_actions.represent(SYSTEM, record_id=child.record_id, representative_id=parent.id, since=people.long_ago())
    return child


@pytest.fixture
def at_home(server: str) -> Iterator[Home]:
    parent = people.a_patient()
    child = a_child(parent.actor)
    labo = people.software()
    people.deposited(labo, parent, of=people.entry(title="Bilan de la mère"))
    people.deposited(labo, child, of=people.entry(title="Vaccin de l'enfant"))
    people.deposited(labo, child, of=people.entry(title="Consultation cachée", labels=frozenset({SECRET})))
    with httpx2.Client(base_url=server, timeout=30, cookies={COOKIE: session_of(parent.actor)}) as client:
        yield Home(client, parent, child)


def test_one_tap_opens_the_record_of_a_child(at_home: Home) -> None:
    assert "Bilan de la mère" in at_home.text("/documents")
    opened = at_home.opens_the_record_of(at_home.child)
    assert opened.url.path == "/accueil"
    assert "Le carnet de" in plain(opened.text)
    assert "9 ans" in plain(opened.text)
    words = at_home.text("/documents")
    assert "Vaccin de l'enfant" in words
    assert "Bilan de la mère" not in words
    assert "Vous êtes dans le carnet de" in words


def test_what_the_child_keeps_secret_is_on_no_page(at_home: Home) -> None:
    at_home.opens_the_record_of(at_home.child)
    for page in ("/accueil", "/documents", "/acces?qui=tous", "/confidentialite", "/recherche?q=cachee", "/export"):
        assert "cachée" not in at_home.text(page).replace("cachee", ""), page
    assert "Rien de ce que vous pouvez lire ne contient tous ces mots" in at_home.text("/recherche?q=cachee")


def test_what_a_parent_does_is_theirs_in_the_childs_trail(at_home: Home) -> None:
    at_home.opens_the_record_of(at_home.child)
    at_home.opens("/documents")
    lines = [line for line in people.trail(at_home.child) if line.actor_id == at_home.parent.actor.id]
    assert {"book-read", "documents-list"} <= {line.action for line in lines}
    assert {line.purpose for line in lines} == {Purpose.REPRESENTATIVE.value}


def test_a_parent_masks_a_document_of_the_child_and_not_one_of_their_own(at_home: Home) -> None:
    at_home.opens_the_record_of(at_home.child)
    (document,) = at_home.documents()
    assert "masqué" in plain(at_home.sends(f"{document}/visibilite", {"acte": "masquer"}).text).lower()


def test_a_form_that_was_shown_in_another_record_does_nothing(at_home: Home) -> None:
    """Two tabs: in one a form of the child's record waits, in the other one's own record is opened."""
    at_home.opens_the_record_of(at_home.child)
    doctor = people.a_doctor()
    address = f"/confidentialite/autoriser/{doctor.id}"
    waiting = at_home.opens(address).text
    held = dict(re.findall(r'<input type="hidden" name="(csrfmiddlewaretoken|carnet)" value="([^"]+)"', waiting))
    at_home.opens_the_record_of(at_home.parent)
    answer = at_home.client.post(address, data=held | {"duree": "toujours"})
    assert answer.status_code == 409
    assert "Rien n'a été enregistré" in plain(answer.text)
    for who in (at_home.parent, at_home.child):
        assert ("authorise", "done") not in people.raw_trail(who.record_id)


def test_a_record_that_is_none_of_theirs_is_not_there(at_home: Home) -> None:
    stranger = people.a_patient()
    assert at_home.opens_the_record_of(stranger).status_code == 404
    assert "Bilan de la mère" in at_home.text("/documents")
    assert at_home.parent.actor.id not in {line.actor_id for line in people.trail(stranger)}


def test_a_representation_that_ends_closes_the_childs_record_at_once(at_home: Home) -> None:
    at_home.opens_the_record_of(at_home.child)
    with database.connect(config.load(), "owner") as owner:
        owner.execute(
            "update record.people_representation set until = now() where record_id = %s", (at_home.child.record_id,)
        )
        owner.execute(
            "update record.kernel_scope set epoch = epoch + 1 where record_id = %s", (at_home.child.record_id,)
        )
        owner.commit()
    assert at_home.opens("/documents").status_code == 403
    words = at_home.text("/documents")
    assert "Bilan de la mère" in words
    assert "Choisir un carnet" not in at_home.text("/accueil")


def test_a_parent_closes_the_childs_record_and_opens_it_again(at_home: Home) -> None:
    name = "Camille"
    assert f"Fermer le carnet de {name}" in plain(at_home.opens_the_record_of(at_home.child).text)
    assert "/carnet/effacer" not in at_home.opens("/carnet").text
    for page in ("/carnet", "/carnet/fermer"):
        told = plain(at_home.opens(page).text.partition("<main")[2])
        assert f"Fermer le carnet de {name}" in told
        assert not re.search("(mon|[Vv]otre) carnet|[Vv]os (soin|documents|rembours|réglages)", told)
    closed = plain(at_home.sends("/carnet/fermer", {}).text)
    assert f"Le carnet de {name} est fermé" in closed
    assert "Choisir un autre carnet" in closed
    assert at_home.opens("/documents").status_code == 403
    at_home.opens_the_record_of(at_home.parent)
    assert "Bilan de la mère" in at_home.text("/documents")
    # It stands among the covers still, and leads to what opens it.
    refused = at_home.opens_the_record_of(at_home.child)
    assert refused.status_code == 403
    assert 'href="/carnet/rouvrir"' in refused.text
    assert f"Rouvrir le carnet de {name}" in at_home.text("/carnet/rouvrir")
    at_home.sends("/carnet/rouvrir", {})
    assert "Vaccin de l'enfant" in at_home.text("/documents")
    acts = [action for action, _ in people.raw_trail(at_home.child.record_id)]
    assert {"record-closed", "record-reopened"} <= set(acts)


def test_the_other_parent_reads_whose_record_is_closed_and_finds_the_way_out(at_home: Home, server: str) -> None:
    other = people.a_patient()
    child = at_home.child
    people_actions.represent(
        SYSTEM, record_id=child.record_id, representative_id=other.actor.id, since=people.long_ago()
    )
    life.act(at_home.parent.actor, record_id=child.record_id, act=Act.CLOSE, purpose=Purpose.REPRESENTATIVE)
    with httpx2.Client(base_url=server, timeout=30, cookies={COOKIE: session_of(other.actor)}) as client:
        theirs = Home(client, other, child)
        refused = theirs.opens_the_record_of(child)
        words = plain(refused.text)
        assert refused.status_code == 403
        assert "Le carnet de Camille est fermé" in words
        assert "votre demande" not in words
        assert "Votre carnet" not in words
        assert 'href="/carnets"' in refused.text
        assert "Choisir un carnet" in theirs.text("/carnets")
        theirs.opens_the_record_of(other)
        assert theirs.opens("/documents").status_code == 200


def test_a_target_for_a_child_is_told_by_whom_it_is_for(at_home: Home, server: str) -> None:
    wanted = Quantity(Decimal(30), "kg", "kg", "<=")
    entry = goals.stated("measure:weight", Kind.MEASURE, "Poids", wanted, "2024-03-12")
    child = at_home.child
    stating.state(at_home.parent.actor, Purpose.REPRESENTATIVE, record_id=child.record_id, entry=entry)
    at_home.opens_the_record_of(child)
    told = at_home.text("/sante/mesures/weight")
    assert "Objectif pour Camille, noté le 12 mars 2024 : au plus 30 kg" in told
    assert "Votre objectif" not in told
    with httpx2.Client(base_url=server, timeout=30, cookies={COOKIE: session_of(child.actor)}) as client:
        own = Browsing(client).text("/sante/mesures/weight")
    assert "Objectif : au plus 30 kg" in own
    assert "Votre objectif" not in own


def test_what_a_minor_asked_to_erase_no_parent_opens_again(at_home: Home) -> None:
    life.act(at_home.child.actor, record_id=at_home.child.record_id, act=Act.ASK_ERASING)
    refused = at_home.opens_the_record_of(at_home.child)
    assert refused.status_code == 403
    assert "/carnet/rouvrir" not in refused.text
    assert "Rouvrir" not in refused.text
    assert "/carnet/rouvrir" not in at_home.opens("/carnet").text
    with pytest.raises(NotDone):
        life.act(
            at_home.parent.actor,
            record_id=at_home.child.record_id,
            act=Act.REOPEN,
            purpose=Purpose.REPRESENTATIVE,
        )


def test_a_child_who_came_of_age_is_on_no_cover_and_hears_of_no_attempt(at_home: Home) -> None:
    grown = a_child(at_home.parent.actor, birth_date=f"{clock.now().year - 19}-01-01")
    words = at_home.text("/carnets")
    assert words.count("Mon fils") + words.count("Ma fille") + words.count("Mon enfant") == 1
    assert at_home.parent.actor.id not in {line.actor_id for line in people.trail(grown)}


def test_who_represents_nobody_is_told_what_this_is(server: str) -> None:
    alone = people.a_patient()
    with httpx2.Client(base_url=server, timeout=30, cookies={COOKIE: session_of(alone.actor)}) as client:
        words = Browsing(client).text("/carnets")
    assert "Vous ne représentez et vous n'aidez personne ici." in words


# One's own account, and what is nobody's: there « votre carnet » is the reader's own.
_NOT_OF_THE_CHILD = (
    *("/appareils", "/applications", "/aide", "/carnets", "/parents/demandes", "/parents/repondre"),
    *("/aidants/repondre", "/accessibilite", "/mentions-legales", "/langue", "/static"),
)
_OF_THE_READER = re.compile(r"\b(votre|your)( whole)?( health)? (carnet|record)\b", re.IGNORECASE)


def _pages(home: Home) -> dict[str, str]:
    """Each page that leads on from the first one of the record that is open, one of each kind."""
    found: dict[str, str] = {}
    kinds: set[str] = set()
    waiting = ["/accueil"]
    while waiting:
        address = waiting.pop(0)
        kind = re.sub(r"[0-9a-f-]{36}|\?.*|#.*", "", address)
        if kind in kinds or address.startswith(_NOT_OF_THE_CHILD):
            continue
        kinds.add(kind)
        answer = home.client.get(address, follow_redirects=True)
        if answer.status_code != 200 or not answer.headers["content-type"].startswith("text/html"):
            continue
        found[address] = plain(answer.text)
        waiting += re.findall(r'href="(/[a-z][^"]*)"', answer.text)
    return found


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_page_of_a_childs_record_tells_a_parent_that_it_is_theirs(at_home: Home, language: str) -> None:
    child, labo = at_home.child, people.software()
    people.deposited(labo, child, of=people.entry(title="Ordonnance", labels=frozenset({"MASQUE_PS"})))
    people.authorised(child, people.a_doctor())
    at_home.opens_the_record_of(child)
    at_home.client.cookies.set("carnet_language", language)
    at_home.sends("/confidentialite", {"medecin": "1"})
    pages = _pages(at_home)
    pages["/acces?qui=tous"] = at_home.text("/acces?qui=tous")
    expected = {"/accueil", "/documents", "/sante", "/confidentialite", "/acces", "/export", "/carnet", "/aidants"}
    assert expected | {"/confidentialite/choix", "/confidentialite/masquer"} <= pages.keys()
    assert len(pages) > 30
    told = {address: found[0] for address, text in pages.items() if (found := _around(text))}
    assert told == {}
    whose = {"fr": "Vous décidez qui ouvre le carnet de Camille", "en": "You decide who opens Camille’s record"}
    assert whose[language].replace("’", "'") in pages["/confidentialite"].replace("’", "'")


def _around(text: str) -> list[str]:
    return [text[max(0, each.start() - 60) : each.end() + 30] for each in _OF_THE_READER.finditer(text)]


def test_no_carer_can_be_asked_for_a_child_and_the_page_says_so_at_once(at_home: Home) -> None:
    assert "/aidants/inviter" in at_home.opens("/aidants").text
    at_home.opens_the_record_of(at_home.child)
    page = at_home.opens("/aidants").text
    assert "L'aidant d'un mineur n'est pas possible" in plain(page)
    assert "/aidants/inviter" not in page
    assert 'href="/parents"' in page
    assert at_home.opens("/aidants/inviter").url.path == "/aidants"


def test_a_child_with_an_account_reads_and_neither_closes_nor_authorises(server: str) -> None:
    """The demonstration has one; elsewhere none is made below that age."""
    child = people.a_patient(birth_date=f"{clock.now().year - 9}-02-03")
    teenager = people.a_patient(birth_date=f"{clock.now().year - 17}-02-03")
    doctor = people.a_doctor()
    for who, expected in ((child, 403), (teenager, 200)):
        with httpx2.Client(base_url=server, timeout=30, cookies={COOKIE: session_of(who.actor)}) as client:
            assert client.get("/documents").status_code == 200
            found = client.get(f"/confidentialite/autoriser/{doctor.id}")
            assert found.status_code == expected
            if expected == 403:
                assert "Avant 16 ans, ce sont les parents qui décident" in plain(found.text)
                assert client.get("/carnet/fermer").status_code == 403
                sent = {**token(client.get("/accueil").text), "duree": "toujours"}
                assert client.post(f"/confidentialite/autoriser/{doctor.id}", data=sent).status_code == 403


MARK = "Quelque chose à voir"


def test_the_cover_of_a_child_whose_record_was_opened_in_an_emergency_says_so(at_home: Home, server: str) -> None:
    other = a_child(at_home.parent.actor)
    assert MARK not in at_home.text("/carnets")
    break_glass(people.a_doctor(), Purpose.EMERGENCY, record_id=at_home.child.record_id, reason="Sans connaissance")
    covers = at_home.opens("/carnets").text
    assert [str(at_home.child.record_id) in row for row in covers.split('<li class="cn-row">') if MARK in row] == [True]
    # The switcher of one's own home says it as well.
    assert MARK in at_home.text("/accueil")
    at_home.opens_the_record_of(at_home.child)
    assert "accès en urgence" in at_home.text("/accueil")
    at_home.opens("/confidentialite")
    at_home.opens_the_record_of(other)
    assert MARK not in at_home.text("/accueil")
    assert MARK not in at_home.text("/carnets")


def test_a_new_document_marks_the_cover_and_a_secret_one_does_not(at_home: Home, server: str) -> None:
    visited = (clock.now() - timedelta(hours=1)).isoformat()
    family = a_child(at_home.parent.actor)
    labo = people.software()
    people.deposited(labo, family, of=people.entry(title="Consultation cachée", labels=frozenset({SECRET})))
    at_home.client.cookies.set(COOKIE, session_of(at_home.parent.actor, news=visited))
    at_home.opens_the_record_of(at_home.child)
    at_home.opens_the_record_of(at_home.parent)
    assert MARK not in at_home.text("/carnets")
    people.deposited(labo, family, of=people.entry(title="Vaccin"))
    assert MARK in at_home.text("/carnets")


def test_a_guardian_reads_that_they_represent_and_not_of_a_child(server: str) -> None:
    guardian, protected = people.a_patient(), people.a_patient(birth_date=f"{clock.now().year - 76}-01-01")
    people.represents(protected, guardian.actor, guardian=True)
    with httpx2.Client(base_url=server, timeout=30, cookies={COOKIE: session_of(guardian.actor)}) as client:
        home = Home(client, guardian, protected)
        covers = home.text("/carnets")
        assert "Vous la représentez. 76 ans." in covers or "Vous la représentez. 75 ans." in covers
        opened = plain(home.opens_the_record_of(protected).text)
        for words in (covers, opened):
            assert not re.search("[Mm]a fille|[Mm]on fils|[Mm]on enfant", words.replace("de mon enfant", ""))
        # Closing is not a guardian's: it is not offered, and asking for it does not lead out of the record.
        assert "Fermer le carnet" not in opened
        assert client.get("/carnet/fermer").status_code == 403
        assert "Vous êtes dans le carnet de" in home.text("/documents")


def test_who_has_just_come_to_represent_a_child_finds_the_cover_at_once(at_home: Home) -> None:
    assert at_home.text("/carnets").count("Ma fille") == 1
    a_child(at_home.parent.actor)
    assert at_home.text("/carnets").count("Ma fille") == 2


def test_the_covers_of_one_family_have_each_their_colour_on_every_page(at_home: Home) -> None:
    for _ in range(3):
        a_child(at_home.parent.actor)
    home, covers = (at_home.opens(page).text.partition("<main")[2] for page in ("/accueil", "/carnets"))
    for page in (home, covers):
        assert sorted(re.findall('data-cover="([a-z]+)"', page)) == ["blue", "child", "relative", "self", "wine"]
    headers = [at_home.opens("/documents").text, at_home.opens_the_record_of(at_home.child).text]
    assert len({re.findall('data-cover="([a-z]+)"', each)[0] for each in headers}) == 2
