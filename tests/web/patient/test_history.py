"""Mon histoire de santé: its page, what the search and the home say of facts, and for whom they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.documents.changing import change
from carnet.health.history import Position, Sort, Wanted
from carnet.kernel import clock
from carnet.kernel.actor import Purpose
from carnet.web.patient import history_asked
from tests import people
from tests.documents.test_changing import MASK
from tests.health.stated import result, stating
from tests.health.test_history import a_stay, a_vaccine, days_ago
from tests.people import Resident
from tests.sessions import COOKIE, session_of
from tests.web.patient.test_family import SECRET, Home, a_child

WANTED = st.builds(
    Wanted,
    sort=st.one_of(st.none(), st.sampled_from(Sort)),
    year=st.one_of(st.none(), st.integers(1800, 2199)),
    fresh=st.booleans(),
    text=st.text(st.characters(exclude_categories=("Z", "C")), max_size=20),
)
PLACES = st.one_of(st.none(), st.builds(Position, st.one_of(st.none(), st.integers(-60_000, 90_000)), st.uuids()))


@given(WANTED, PLACES)
def test_an_address_asks_what_it_was_made_of(wanted: Wanted, after: Position | None) -> None:
    query = dict(httpx2.URL(history_asked.href(wanted, after)).params)
    assert (history_asked.read(query), history_asked.after(query)) == (wanted, after)


@given(st.dictionaries(st.sampled_from(("type", "annee", "nouveau", "q", "apres")), st.text(max_size=30)))
def test_any_address_is_read(query: dict[str, str]) -> None:
    wanted = history_asked.read(query)
    assert history_asked.read(dict(httpx2.URL(history_asked.href(wanted)).params)) == wanted
    history_asked.after(query)


def words(page: httpx2.Response) -> str:
    assert page.status_code == 200
    text = re.sub(r"<[^>]+>", " ", page.text.partition("<main")[2].partition("</main>")[0])
    return " ".join(unescape(text).replace("\u00a0", " ").replace("\u202f", " ").split()).replace("’", "'")


@pytest.fixture
def visited(server: str) -> Iterator[tuple[httpx2.Client, Resident]]:
    patient = people.a_patient()
    with httpx2.Client(base_url=server, timeout=30, cookies={COOKIE: session_of(patient.actor)}) as client:
        yield client, patient


def test_each_line_says_what_it_is_and_opens_its_source(visited: tuple[httpx2.Client, Resident]) -> None:
    client, patient = visited
    assert "Cette histoire n'a pas encore commencé" in words(client.get("/histoire"))
    assert "Histoire de santé" in words(client.get("/accueil"))
    laboratory, first = people.software(), people.entry()
    day = days_ago(0)
    stating(patient, result("9.2", day=day), of=first, by=laboratory)
    report = stating(patient, result("2.9", day=day), of=people.entry(replaces=(first.unique_id,)), by=laboratory)
    letter = stating(
        patient,
        a_stay("2021-12-29", "2022-01-02", "Hôpital des Ponts"),
        a_vaccine("2019-10-02"),
        result("1.5", day=""),
        of=people.entry(title="Lettre de liaison", type_code="11490-0"),
    )
    page = client.get("/histoire")
    text = words(page)
    assert "Analyses de sang" in text
    assert "TSH 2,9 mUI/L" in text
    assert re.search(r"<s[^>]*>TSH 9,2 mUI/L</s>", page.text.replace("\u00a0", " "))
    assert "Du 29 décembre 2021 au 2 janvier 2022" in text
    assert "Séjour à l'hôpital" in text
    assert text.rindex("Sans date") > text.rindex("Vaccin grippal")
    assert page.text.count(f'href="/documents/{report.id}"') == 1
    assert f'href="/documents/{letter.id}"' in page.text
    for address, there, gone in (
        ("/histoire?annee=2019", "Vaccin grippal", "TSH"),
        ("/histoire?type=hopital", "Hôpital des Ponts", "Vaccin grippal"),
        ("/histoire?q=grippal", "Vaccin grippal", "Hôpital des Ponts"),
        ("/histoire?annee=sans-date", "TSH 1,5 mUI/L", "Vaccin grippal"),
        ("/histoire?q=xylophone", "Rien dans cette histoire", "TSH 2,9"),
        ("/recherche?q=grippal", "Vaccin. Un document : Ange Essai", "xylophone"),
    ):
        text = words(client.get(address))
        assert there in text, address
        assert gone not in text, address
    nowhere = words(client.get("/recherche?q=xylophone"))
    assert "Aucun document ni aucune donnée de santé ne contient tous ces mots" in nowhere
    home = words(client.get("/accueil"))
    assert "Derniers résultats" in home
    assert "TSH 2,9 mUI/L" in home
    assert "TSH 9,2" not in home
    assert "Depuis 2019" in home


def test_what_a_child_hides_from_its_parents_is_nowhere(server: str) -> None:
    parent = people.a_patient()
    child = a_child(parent.actor, birth_date=f"{clock.now().year - 15}-02-03")
    stating(child, result("2.1", day="2021-03-03"))
    stating(child, a_vaccine("2017-05-05"), of=people.entry(title="Consultation cachée", labels=frozenset({SECRET})))
    with httpx2.Client(base_url=server, timeout=30, cookies={COOKIE: session_of(parent.actor)}) as client:
        home = Home(client, parent, child)
        home.opens_the_record_of(child)
        for address in ("/histoire", "/histoire?q=grippal", "/recherche?q=grippal", "/recherche?q=gripal", "/accueil"):
            text = words(client.get(address))
            assert "Vaccin grippal" not in text, address
            assert "cachée" not in text, address
            assert "2017" not in text, address
            assert "Vouliez-vous" not in text, address
        assert "TSH 2,1" in words(client.get("/histoire"))
        assert "Son histoire de santé" in words(client.get("/histoire"))


def test_a_professional_sees_nothing_new_by_it(server: str) -> None:
    """The page is of the person; a professional has another face."""
    doctor = people.a_doctor()
    with httpx2.Client(base_url=server, timeout=30, cookies={COOKIE: session_of(doctor)}) as client:
        assert client.get("/histoire").status_code in {302, 403, 404}


def test_masked_documents_stay_in_the_history_of_their_holder(visited: tuple[httpx2.Client, Resident]) -> None:
    client, patient = visited
    done = stating(patient, a_vaccine("2019-10-02"))
    change(patient.actor, Purpose.SELF, record_id=patient.record_id, document_id=done.id, wanted=MASK)
    assert "Vaccin grippal" in words(client.get("/histoire"))


def test_what_happened_is_added_from_its_page(visited: tuple[httpx2.Client, Resident]) -> None:
    client, _ = visited
    page = client.get("/histoire").text
    for address in ("/documents/ajouter", "/sante/ajouter/sejours", "/sante/vaccinations/ajouter"):
        assert f'<a class="cn-chip" href="{address}">' in page
        assert client.get(address).status_code == 200
