"""Somebody who helps with a part of a record: invited with a code, let in by the part, shown nothing that is hidden,
and out at once when either of the two says so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from html import unescape
from typing import Any

import httpx2
import pytest

from carnet.consent import answering, inviting
from carnet.consent.access import Refused
from carnet.consent.inviting import Asked, CareRefused, Channel, Fault, Given
from carnet.documents import adding, changing, shelf
from carnet.documents.rules import DepositRefused
from carnet.formats.clinical.model import Encounter, Kind, Vaccination
from carnet.formats.clinical.values import Concept, Span
from carnet.formats.entry import Author, Coded, DocumentEntry, Identifier, Patient
from carnet.health import profile as health
from carnet.health import stating
from carnet.health.profile import Own
from carnet.health.sections import Section
from carnet.kernel import clock, config, database
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.kernel.db.constraints import Violation
from carnet.kernel.http import Audience, door_of
from carnet.kernel.ids import uuid7
from carnet.people import actions as people_actions
from carnet.web.i18n import day, today
from carnet.web.patient import carers
from carnet.web.patient.granting import midnight_after
from carnet.web.patient.health_form import simple
from carnet.web.urls import urlpatterns
from tests import people
from tests.cast import TEST_OID
from tests.health.stated import stating as _stating
from tests.people import Resident
from tests.sessions import COOKIE, session_of
from tests.web.browsing import Browsing, plain
from tests.web.patient.browsing import Part, posted, token

MASKED, UNTOLD = "MASQUE_PS", "INVISIBLE_PATIENT"
PRESCRIPTION = "57833-6"
DIRECTIVES = "EXPPAT_3"


@dataclass
class Helper(Browsing):
    """A browser of somebody's."""

    client: httpx2.Client

    def sends(self, path: str, fields: Mapping[str, Any], *, follow: bool = True, to: str = "") -> httpx2.Response:
        page = self.opens(path).text
        held = dict(re.findall(r'<input type="hidden" name="(csrfmiddlewaretoken|carnet)" value="([^"]+)"', page))
        return self.client.post(to or path, data=held | dict(fields), follow_redirects=follow)

    def opens_the_record_of(self, who: Resident) -> httpx2.Response:
        return self.sends("/carnets", {"ouvrir": str(who.record_id)}, to="/carnets/ouvrir")


@dataclass
class Two:
    holder: Resident
    helper: Resident
    at_hers: Helper
    at_his: Helper

    def invites(self, **changed: object) -> str:
        """On paper; answers the code."""
        fields = {"nom": "Alix", "pourquoi": "ma fille", "quoi": ["documents"], "mode": "lire", "comment": "paper"}
        answer = self.at_hers.sends("/aidants/inviter", fields | changed)
        found = re.search(r'class="strong cn-code">([A-Z0-9-]+)<', answer.text)
        assert found, plain(answer.text)
        return found[1]

    @staticmethod
    def held(client: httpx2.Client, address: str) -> dict[str, str]:
        page = client.get(address).text
        return dict(re.findall(r'<input type="hidden" name="(csrfmiddlewaretoken|carnet)" value="([^"]+)"', page))

    def accepts(self, code: str) -> httpx2.Response:
        return self.at_his.sends("/aidants/repondre", {"code": code, "acte": "accepter"})

    def helps(self, **changed: object) -> None:
        assert self.accepts(self.invites(**changed)).url.path == "/accueil"


@pytest.fixture
def two(server: str) -> Iterator[Two]:
    with _two(server) as found:
        _deposits(found)
        yield found


def _deposits(two: Two) -> None:
    holder, helper = two.holder, two.helper
    labo = people.software()
    people.deposited(labo, holder, of=people.entry(title="Bilan du mardi"))
    people.deposited(labo, holder, of=people.entry(title="Ordonnance du mardi", type_code=PRESCRIPTION))
    people.deposited(labo, holder, of=people.entry(title="Bilan caché", labels=frozenset({MASKED})))
    people.deposited(labo, holder, of=people.entry(title="Bilan retenu", labels=frozenset({UNTOLD})))
    people.deposited(labo, helper, of=people.entry(title="Bilan du proche"))


@contextmanager
def _two(server: str) -> Iterator[Two]:
    holder, helper = people.a_patient(), people.a_patient()
    with ExitStack() as stack:

        def at(who: Actor) -> Helper:
            client = httpx2.Client(base_url=server, timeout=30, cookies={COOKIE: session_of(who)})
            return Helper(stack.enter_context(client))

        yield Two(holder, helper, at(holder.actor), at(helper.actor))


def test_a_search_of_a_carer_speaks_of_what_they_may_read_alone(two: Two) -> None:
    two.helps(quoi=["appointments"])
    words = two.at_his.text("/recherche?q=introuvable")
    assert "Rien de ce que vous pouvez lire ne contient tous ces mots" in words
    assert "ne contient tous ces mots" not in words.replace(
        "Rien de ce que vous pouvez lire ne contient tous ces mots", ""
    )


def test_who_is_invited_reads_who_asks_and_what_and_then_helps(two: Two) -> None:
    code = two.invites(quoi=["treatments", "appointments"])
    asked = plain(two.at_his.sends("/aidants/repondre", {"code": code}).text)
    assert "vous demande de l'aider" in asked
    assert "ma fille" in asked
    assert "Les traitements, les rendez-vous. Peut lire." in asked
    assert "Le carnet de" in plain(two.accepts(code).text)
    words = two.at_his.text("/documents")
    assert "Ordonnance du mardi" in words
    assert "Bilan" not in words
    assert "1 document" in words
    assert "Camille" in two.at_hers.text("/aidants")


def test_a_code_is_used_once_and_a_wrong_one_says_nothing(two: Two) -> None:
    code = two.invites()
    two.accepts(code)
    again = two.at_his.client.get("/aidants/repondre", params={"code": code})
    assert again.status_code == 422
    wrong = two.at_his.client.get("/aidants/repondre", params={"code": "ZZZZ-ZZZZ-ZZZZ"})
    assert plain(again.text).replace(code, "") == plain(wrong.text).replace("ZZZZ-ZZZZ-ZZZZ", "")


def test_ones_own_code_is_for_somebody_else(two: Two) -> None:
    code = two.invites()
    for answer in (
        two.at_hers.opens(f"/aidants/repondre?code={code}"),
        two.at_hers.sends("/aidants/repondre", {"code": code}),
        two.at_hers.sends("/aidants/repondre", {"code": code, "acte": "accepter"}),
        two.at_hers.sends("/aidants/repondre", {"code": code, "acte": "refuser"}),
    ):
        assert answer.status_code == 409
        assert "C'est votre propre invitation : donnez ce code à la personne que vous invitez." in plain(answer.text)
    assert two.accepts(code).url.path == "/accueil", "it is still worth what it was"


def test_no_code_at_all_is_asked_for(two: Two) -> None:
    answer = two.at_his.sends("/aidants/repondre", {"code": "  "})
    assert answer.status_code == 422
    assert "Écrivez le code de l'invitation" in plain(answer.text)
    assert two.at_his.opens("/aidants/repondre").status_code == 200


def test_a_name_is_what_can_be_read_of_it(two: Two) -> None:
    """Nothing that shows nothing, or turns the letters of what stands beside it."""
    fields = {"nom": "\u202e\u200b ", "quoi": ["documents"], "mode": "lire", "comment": "paper"}
    nameless = two.at_hers.sends("/aidants/inviter", fields)
    assert nameless.status_code == 422
    assert "Écrivez son prénom ou son nom" in plain(nameless.text)
    two.invites(nom="<b>Alix</b>\u202e", pourquoi="ma\u2066 fille")
    page = two.at_hers.opens("/aidants").text
    assert "&lt;b&gt;Alix&lt;/b&gt;" in page
    assert "\u202e" not in page


def test_after_ten_wrong_codes_one_waits(two: Two) -> None:
    code = two.invites()
    for number in range(10):
        assert two.at_his.client.get("/aidants/repondre", params={"code": f"ZZZZ{number}"}).status_code == 422
    assert two.at_his.client.get("/aidants/repondre", params={"code": code}).status_code == 429


def test_refusing_cancelling_and_time_make_a_code_worth_nothing(two: Two) -> None:
    code = two.invites()
    assert "C'est refusé" in plain(two.at_his.sends("/aidants/repondre", {"code": code, "acte": "refuser"}).text)
    assert "Refusée" in two.at_hers.text("/aidants")
    other = two.invites()
    (address,) = re.findall(r'action="(/aidants/invitations/[^"]+)"', two.at_hers.opens("/aidants").text)
    two.at_hers.sends("/aidants", {}, to=address)
    late = two.invites()
    with database.connect(config.load(), "owner") as owner:
        owner.execute(
            "update record.people_care_invitation set until_answer = now() where record_id = %s and state = 'pending'",
            (two.holder.record_id,),
        )
    for each in (code, other, late):
        with pytest.raises(answering.NotThere):
            answering.accept(two.helper.actor, each)


def test_what_is_masked_or_not_announced_is_nowhere_for_a_carer(two: Two) -> None:
    two.helps()
    for address in ("/accueil", "/documents", "/documents?masques=1", "/recherche?q=bilan", "/recherche?q=cache"):
        words = two.at_his.text(address)
        assert "caché" not in words, address
        assert "retenu" not in words, address
    words = two.at_his.text("/documents")
    assert "2 documents" in words
    assert "1 document pour" in two.at_his.text("/recherche?q=bilan")


def _closed(two: Two, document: str) -> list[str]:
    """Every address of a patient's, but those that a carer of documents may use, and those of the account, which are
    of nobody's record."""
    mine = {"/accueil", "/carnets", "/carnets/ouvrir", "/documents", "/recherche", "/aidants/quitter", *HEALTH}
    mine.add("/sante/mesures/<slug:slug>")
    mine |= {"/sante/rendez-vous", "/confidentialite/avertissements", "/confidentialite/avertissements/confirmer"}
    found = []
    for each in urlpatterns:
        door = door_of(each.callback)
        if door is None or door[0] is not Audience.PATIENT:
            continue
        address = "/" + str(each.pattern)
        of_nobodys = address in {"/aidants/repondre", "/parents/repondre"} or address.startswith("/parents/demandes")
        if address in mine or of_nobodys or address.startswith(("/appareils", "/applications")):
            continue
        address = address.replace("<uuid:document_id>", document.rsplit("/", 1)[1])
        address = re.sub(r"<uuid:\w+>", str(two.holder.record_id), address)
        address = address.replace("<slug:slug>", "weight")
        found.append(address.replace("<int:number>", "1").replace("<slug:word>", "fermer"))
    return found


HEALTH = ("/sante", "/sante/traitements", "/sante/mesures", "/sante/resultats", "/sante/vaccinations", "/histoire")


def test_every_other_door_is_not_there_for_a_carer_who_reads(two: Two) -> None:
    two.helps()
    for address in HEALTH:
        assert two.at_his.client.get(address).status_code == 200, address
    document = two.at_his.documents()[0]
    readable = ("/pages/1", "/contenu", "/original")
    tried = [address for address in _closed(two, document) if address != document and not address.endswith(readable)]
    assert len(tried) > 25
    for address in tried:
        assert two.at_his.client.get(address).status_code == 404, address
        held = {"csrfmiddlewaretoken": two.at_his.client.cookies.get("csrftoken", "")}
        assert two.at_his.client.post(address, data=held).status_code in {403, 404, 405}, address
    menu = two.at_his.opens("/accueil").text
    for address in ("/confidentialite", "/export", "/acces", "/carnet", "/documents/ajouter"):
        assert f'href="{address}"' not in menu


def _planned(what: str, day: str, *, status: str = "planned") -> Encounter:
    return Encounter(
        kind=Kind.ENCOUNTER,
        code=Concept(what, (Coded("11429006", "2.16.840.1.113883.6.96", what),)),
        status=status,
        when=Span(day),
        location="Centre hospitalier de Reims",
    )


def _of(title: str, type_code: str = "56446-8", *, labels: frozenset[str] = frozenset()) -> DocumentEntry:
    return people.entry(title=title, type_code=type_code, labels=labels)


def _in_days(days: int) -> str:
    return (today() + timedelta(days=days)).isoformat()


def test_who_helps_with_appointments_alone_sees_those_that_are_announced_and_nothing_else(two: Two) -> None:
    who = two.holder
    afternoon = f"{_in_days(20)}T14:30:00+01:00"
    _stating(who, _planned("Consultation d'anesthésie", afternoon), of=_of("Convocation"))
    _stating(who, _planned("Échographie", _in_days(5), status="cancelled"), of=_of("Rendez-vous annulé"))
    _stating(who, _planned("Radiographie", _in_days(-3)), of=_of("Convocation passée"))
    hidden = _of("Convocation cachée", labels=frozenset({MASKED}))
    _stating(who, _planned("Consultation masquée", _in_days(8)), of=hidden)
    _stating(who, _planned("Chimiothérapie", _in_days(9)), of=_of("Lettre de sortie", "11488-4"))
    two.helps(quoi=["appointments"])
    home = two.at_his.text("/accueil")
    assert "Le carnet de" in home
    assert "Les notifications de rendez-vous" in home
    shown = two.at_his.text("/sante/rendez-vous")
    assert re.search(r"Annulé Échographie.*14 h 30 Consultation d'anesthésie – Centre hospitalier de Reims", shown)
    for elsewhere in ("masquée", "Chimiothérapie", "Radiographie"):
        assert elsewhere not in shown
    # The documents that announce them are there too, and no other.
    documents = two.at_his.text("/documents")
    assert "3 documents" in documents
    for elsewhere in ("Bilan", "Lettre de sortie", "Convocation cachée"):
        assert elsewhere not in documents
    for address in HEALTH:
        assert two.at_his.client.get(address).status_code == 404, address
    # Whoever reads every document finds what any of them plans, and so does the holder.
    assert "Chimiothérapie" in two.at_hers.text("/sante/rendez-vous")
    assert "Radiographie" not in two.at_hers.text("/sante/rendez-vous")


def test_who_helps_with_messages_alone_is_told_that_there_are_none_yet(two: Two) -> None:
    two.helps(quoi=["messages"])
    home = two.at_his.text("/accueil")
    assert "Carnet n'a pas encore de messages" in home
    assert "aura ses pages plus tard" in home
    for address in ("/documents", "/recherche?q=bilan", "/sante/rendez-vous", *HEALTH):
        assert two.at_his.client.get(address).status_code == 404, address


def _says(who: Helper, path: str, fields: Mapping[str, Any]) -> httpx2.Response:
    answer = who.sends(path, fields)
    assert answer.status_code == 200, plain(answer.text)
    return answer


def test_who_helps_with_treatments_sees_those_and_adds_under_their_own_name(two: Two) -> None:
    told = two.holder
    stating.state(told.actor, Purpose.SELF, record_id=told.record_id, entry=simple(Section.TREATMENTS, "Metformine"))
    stating.state(told.actor, Purpose.SELF, record_id=told.record_id, entry=simple(Section.ALLERGIES, "Latex"))
    hidden = simple(Section.TREATMENTS, "Lithium")
    stating.state(told.actor, Purpose.SELF, record_id=told.record_id, entry=hidden, masked=True)
    two.helps(quoi=["treatments", "appointments"])
    words = two.at_his.text("/sante/traitements")
    assert "Metformine" in words
    assert "Lithium" not in words
    assert "Ajouter un traitement" not in words
    for address in ("/sante", "/sante/mesures", "/sante/resultats", "/sante/vaccinations", "/histoire"):
        assert two.at_his.client.get(address).status_code == 404, address
    assert two.at_his.client.get("/sante/ajouter/traitements").status_code == 404
    assert "Latex" not in two.at_his.text("/recherche?q=latex").split("Rien pour")[-1].replace("« latex »", "")
    # Given to act as well.
    (link,) = inviting.around(told.actor, Purpose.SELF, told.record_id).carers
    given = Given(frozenset({"treatments"}), acts=True)
    inviting.change(told.actor, Purpose.SELF, record_id=told.record_id, link_id=link.id, given=given)
    form = two.at_his.text("/sante/ajouter/traitements")
    assert "Masquée" not in form
    added = _says(two.at_his, "/sante/ajouter/traitements", {"quoi": "Doliprane", "acte": "garder"})
    assert "Doliprane" in plain(added.text)
    assert two.at_his.client.get("/sante/ajouter/allergies").status_code == 404
    assert two.at_his.client.get("/sante/mesures/weight/ajouter").status_code == 404
    entry = simple(Section.ALLERGIES, "Arachide")
    with pytest.raises(Refused):
        stating.state(two.helper.actor, Purpose.CARER, record_id=told.record_id, entry=entry)
    hers = two.at_hers.text("/sante/traitements")
    assert f"{two.helper.actor.name}, personne aidante" in hers
    # What the holder said is not the carer's to correct; what the carer said is.
    own = re.findall(r'href="(/sante/dit/[^"]+)"', two.at_his.opens("/sante/traitements").text)
    assert len(own) == 1
    _says(two.at_his, own[0], {"acte": "retirer"})
    assert "Doliprane" not in two.at_hers.text("/sante/traitements")
    holders = re.findall(r'"(/sante/dit/[^"]+)"', two.at_hers.opens("/sante/traitements").text)[0]
    assert two.at_his.client.get(holders).status_code == 404


def test_who_helps_with_measures_sees_and_adds_those_alone(two: Two) -> None:
    two.helps(quoi=["measures"], mode="agir")
    assert two.at_his.client.get("/documents").status_code == 404
    assert "Mesures" in two.at_his.text("/accueil")
    now = clock.now()
    written = {"valeur": "72,5", "jour": f"{now:%d/%m/%Y}", "heure": "00:00", "qui": "masque"}
    added = _says(two.at_his, "/sante/mesures/weight/ajouter", written)
    assert "72,5" in plain(added.text)
    hers = two.at_hers.text("/sante/mesures/weight")
    assert f"Ajouté par {two.helper.actor.name}, personne aidante" in hers
    # To mask is the holder's, whatever is sent.
    assert "Masqué" not in hers
    for address in ("/sante/traitements", "/sante/ajouter/traitements", "/sante/mesures/weight/objectif", "/sante"):
        assert two.at_his.client.get(address).status_code == 404, address


_HREF = re.compile(r'<a\b(?![^>]*hreflang)[^>]*\bhref="(/[^"#]*)')


def _lost(who: Helper) -> list[str]:
    """Where links lead to nothing, of all that can be reached from the home by links alone."""
    lost, seen, waiting = [], set(), ["/accueil"]
    while waiting:
        address = unescape(waiting.pop())
        path, _, asked = address.partition("?")
        # Of a list, each of its choices once.
        kind = path, tuple(sorted(part.partition("=")[0] for part in asked.split("&")))
        if kind in seen or path.startswith("/static"):
            continue
        seen.add(kind)
        answer = who.opens(address)
        if answer.status_code >= 400:
            lost.append(address)
        elif "text/html" in answer.headers["content-type"]:
            waiting += _HREF.findall(answer.text)
    assert len(seen) > 4
    return lost


@pytest.mark.parametrize("mode", ["lire", "agir"])
@pytest.mark.parametrize("rights", [["documents"], ["treatments"], ["measures"], ["treatments", "measures"]])
def test_no_page_of_a_carer_leads_to_one_that_is_not_theirs(two: Two, rights: list[str], mode: str) -> None:
    told = two.holder
    stating.state(told.actor, Purpose.SELF, record_id=told.record_id, entry=simple(Section.TREATMENTS, "Metformine"))
    given = Vaccination(kind=Kind.VACCINATION, code=Concept("Infanrix Hexa"), when=Span("2019"), status="completed")
    stating.state(told.actor, Purpose.SELF, record_id=told.record_id, entry=given)
    two.helps(quoi=rights, mode=mode)
    assert _lost(two.at_his) == []


@pytest.mark.parametrize("mode", ["lire", "agir"])
def test_nor_does_one_of_an_empty_record(server: str, mode: str) -> None:
    with _two(server) as two:
        two.helps(mode=mode)
        assert _lost(two.at_his) == []
        for address in ("/histoire", "/sante/vaccinations"):
            assert ("/documents/ajouter" in two.at_his.opens(address).text) is (mode == "agir")


def test_what_who_acts_adds_is_told_by_each_right_before_it_is_given(two: Two) -> None:
    asked = two.at_hers.text("/aidants/inviter")
    assert "Seulement si vous avez choisi tous les documents" not in asked
    for told in (
        "Tous les documents : ajouter des documents, et noter dans votre santé",
        "Les traitements : noter ce que vous prenez.",
        "Les mesures : noter une mesure.",
    ):
        assert told in asked
    two.helps(quoi=["messages"], mode="agir")
    assert "Peut lire. Sans limite." in two.at_hers.text("/aidants")


def test_the_longest_time_is_told_and_kept(house: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARNET_CARER_DAYS", "30")
    latest, holder = today() + timedelta(days=30), people.a_patient()
    end = plain(day(latest))
    assert plain(carers.limits()["latest"]) == end
    assert f"le {end} au plus tard" in plain(carers.told(Fault.TOO_LONG)[1])
    of: dict[str, Any] = {"record_id": holder.record_id, "channel": Channel.PAPER}
    for until in (None, midnight_after(latest)):
        given = Given(frozenset({"measures"}), until=until)
        inviting.invite(holder.actor, Purpose.SELF, asked=Asked("Alix", "", given), **of)
        assert f"Jusqu'au {end}." in plain(carers.lasts(carers.kept(given)))
        newest = inviting.around(holder.actor, Purpose.SELF, holder.record_id).invitations[0]
        assert f"Jusqu'au {end}." in plain(carers.lasts(newest.given))
    late = asked(until=midnight_after(latest + timedelta(days=1)))
    with pytest.raises(CareRefused) as refused:
        inviting.invite(holder.actor, Purpose.SELF, asked=late, **of)
    assert refused.value.fault is Fault.TOO_LONG


def test_wishes_are_not_told_to_who_reads_all_documents(two: Two) -> None:
    told = two.holder
    asked: dict[str, Any] = {"record_id": told.record_id}
    health.say(told.actor, Purpose.SELF, kind=Own.DIRECTIVES, answer="ecrites", words="Chez ma fille", **asked)
    health.say(told.actor, Purpose.SELF, kind=Own.ORGANS, answer="refus", words="Rien de mes yeux", **asked)
    health.say(told.actor, Purpose.SELF, kind=Own.CONTACT, name="Odile Perrin", phone="06 12 34 56 78", **asked)
    two.helps()
    words = two.at_his.text("/sante")
    assert "Odile Perrin" in words
    for secret in ("Chez ma fille", "mes yeux", "directives", "organes"):
        assert secret not in words
    # Nor does the database show them.
    told_him = health.told(two.helper.actor, Purpose.CARER, told.record_id, ())
    assert {each.kind for each in told_him.words} == {Own.CONTACT}
    assert not two.at_his.opens("/sante").text.count("/sante/proche/")


def test_a_carer_who_acts_is_told_for_whom_and_changes_nothing_of_the_holders(two: Two) -> None:
    two.helps(mode="agir")
    assert "Vous écrivez pour" in two.at_his.text("/documents/ajouter")
    (document, *_) = two.at_his.documents()
    for page in ("visibilite", "classer", "pas-le-mien"):
        assert two.at_his.client.get(f"{document}/{page}").status_code == 404


def test_a_carer_adds_on_the_pages_and_the_holder_has_it(two: Two) -> None:
    two.helps(mode="agir")
    client = two.at_his.client
    page = client.get("/documents/ajouter").text
    draft = f"/documents/ajouter/{uuid7()}"
    parts: list[Part] = [
        ("csrfmiddlewaretoken", token(page), ""),
        ("fichiers", b"Note du soir", "note.txt"),
        ("fin", "1", ""),
    ]
    posted(client, f"{draft}/fichiers", parts)
    asked = client.get(draft).text
    assert 'name="classeur"' not in asked
    assert "EXPPAT_3" not in asked
    about = {"titre": "Note du soir", "type": "EXPPAT_2", "jour": "12 3 2025", "qui": "visible"}
    assert client.post(draft, data=about | two.held(client, draft)).status_code == 302
    assert "Note du soir" in two.at_hers.text("/documents")
    (document,) = [each for each in two.at_his.documents() if "Note du soir" in two.at_his.text(each)]
    assert "dans le carnet de" in two.at_his.text(f"{document}?fait=ajoute")
    assert "Note du soir" in two.at_hers.text(document)
    client.post(f"{document}/supprimer", data=two.held(client, f"{document}/supprimer"))
    assert "Note du soir" not in two.at_hers.text("/documents")


def of_the_holder(holder: Resident, *, type_code: str = "EXPPAT_2", label: str = "") -> DocumentEntry:
    number = Identifier(TEST_OID, holder.ins)
    entry = people.entry(type_code=type_code, authors=(Author(identifier=number),), labels=frozenset({label} - {""}))
    return replace(entry, patient=Patient(ins=number))


def test_a_carer_adds_takes_back_and_neither_masks_nor_writes_directives(two: Two) -> None:
    two.helps(mode="agir")
    helper = two.helper.actor
    done = people.deposited(helper, two.holder, of=of_the_holder(two.holder), purpose=Purpose.CARER)
    for entry in (
        of_the_holder(two.holder, type_code=DIRECTIVES),
        of_the_holder(two.holder, label=MASKED),
    ):
        with pytest.raises(DepositRefused):
            people.deposited(helper, two.holder, b"Autre.", of=entry, purpose=Purpose.CARER)
    target: dict[str, Any] = {"record_id": two.holder.record_id, "document_id": done.id}
    with pytest.raises(Refused):
        changing.set_label(helper, Purpose.CARER, **target, label=MASKED, on=True)
    inviting.change(
        two.holder.actor,
        Purpose.SELF,
        record_id=two.holder.record_id,
        link_id=inviting.around(two.holder.actor, Purpose.SELF, two.holder.record_id).carers[0].id,
        given=Given(frozenset({"documents"})),
    )
    with pytest.raises(Refused):
        adding.take_back(helper, Purpose.CARER, **target)


def test_the_holder_ends_it_and_the_next_page_is_refused(two: Two) -> None:
    two.helps()
    assert two.at_his.client.get("/documents").status_code == 200
    (link,) = set(re.findall(r'href="(/aidants/[0-9a-f-]{36})"', two.at_hers.opens("/aidants").text))
    assert "C'est fini" in plain(two.at_hers.sends(link, {"acte": "finir"}).text)
    refused = two.at_his.client.get("/documents")
    assert refused.status_code == 403
    assert "mardi" not in refused.text
    assert "Bilan du proche" in two.at_his.text("/documents"), "one's own record is open again"


def test_what_somebody_may_do_is_changed_without_writing_its_end_again(two: Two) -> None:
    two.helps(jour=f"12 3 {clock.now().year + 1}")
    (link,) = set(re.findall(r'href="(/aidants/[0-9a-f-]{36})"', two.at_hers.opens("/aidants").text))
    shown = re.search(r'name="jour"[^>]*value="([^"]*)"', two.at_hers.opens(link).text)
    assert shown
    changed = {"acte": "changer", "quoi": ["measures"], "mode": "lire", "jour": shown[1]}
    assert "C'est changé, dès maintenant." in plain(two.at_hers.sends(link, changed).text)
    assert f"Les mesures. Peut lire. Jusqu'au 12 mars {clock.now().year + 1}." in two.at_hers.text("/aidants")


def test_what_was_ended_or_answered_meanwhile_is_said_as_it_is(two: Two) -> None:
    """From another window, by the other one, or by a second tap on the same button."""
    code = two.invites()
    asked = two.at_hers.opens("/aidants").text
    (cancelling,) = re.findall(r'action="(/aidants/invitations/[^"]+)"', asked)
    two.accepts(code)
    late = plain(two.at_hers.sends("/aidants", {}, to=cancelling).text)
    assert "Trop tard pour annuler : cette personne a déjà accepté." in late
    assert "son code n'ouvre plus rien" not in late
    assert two.at_his.client.get("/documents").status_code == 200, "they help, and that is what is said"
    (link,) = set(re.findall(r'href="(/aidants/[0-9a-f-]{36})"', two.at_hers.opens("/aidants").text))
    held = two.held(two.at_hers.client, link)
    for said in ("C'est fini, dès maintenant.", "C'était déjà fini", "C'était déjà fini"):
        answer = two.at_hers.client.post(link, data=held | {"acte": "finir"}, follow_redirects=True)
        assert said in plain(answer.text)
    changed = held | {"acte": "changer", "quoi": "documents", "mode": "lire"}
    assert "C'était déjà fini" in plain(two.at_hers.client.post(link, data=changed, follow_redirects=True).text)
    assert two.at_hers.client.get(link).status_code == 404


def test_the_holder_takes_documents_away_and_the_pages_are_gone(two: Two) -> None:
    two.helps()
    (link,) = set(re.findall(r'href="(/aidants/[0-9a-f-]{36})"', two.at_hers.opens("/aidants").text))
    two.at_hers.sends(link, {"acte": "changer", "quoi": ["messages"], "mode": "lire"})
    assert two.at_his.client.get("/documents").status_code == 404


def test_the_carer_leaves_at_once(two: Two) -> None:
    two.helps()
    left = two.at_his.sends("/aidants/quitter", {})
    assert "Vous n'ouvrez plus le carnet de cette personne." in plain(left.text)
    assert "Bilan du proche" in two.at_his.text("/documents")
    assert two.at_his.opens_the_record_of(two.holder).status_code == 404
    assert "a cessé de vous aider" in two.at_hers.text("/acces?qui=tous")


def test_what_a_carer_does_is_told_to_the_holder_under_their_name(two: Two) -> None:
    two.helps()
    two.at_his.opens("/documents")
    lines = [line for line in people.trail(two.holder) if line.actor_id == two.helper.actor.id]
    assert {"carer-accepted", "documents-list"} <= {line.action for line in lines}
    assert {line.purpose for line in lines} == {Purpose.CARER.value}
    words = two.at_hers.text("/acces?qui=tous")
    assert "a accepté de vous aider" in words
    assert "Votre aidant" in words


def test_a_form_of_ones_own_record_is_not_done_in_the_other_ones(two: Two) -> None:
    two.helps()
    two.at_his.opens_the_record_of(two.helper)
    page = two.at_his.opens("/aidants/inviter").text
    held = dict(re.findall(r'<input type="hidden" name="(csrfmiddlewaretoken|carnet)" value="([^"]+)"', page))
    two.at_his.opens_the_record_of(two.holder)
    fields = {"nom": "X", "quoi": ["documents"], "mode": "lire", "comment": "paper"}
    assert two.at_his.client.post("/aidants/inviter", data=held | fields).status_code == 409


def test_the_holder_sees_with_the_carers_eyes(two: Two) -> None:
    two.helps(quoi=["treatments"])
    address = f"/confidentialite/voir-comme?qui={two.helper.actor.id}&pour=aide"
    words = two.at_hers.text(address)
    assert "Voit 1 document sur" in words
    assert "Vous ne lui avez pas confié ce type de document" in words


def test_a_form_that_lacks_something_says_so_at_its_field(two: Two) -> None:
    answer = two.at_hers.sends("/aidants/inviter", {"jour": "30 2 2030"})
    assert answer.status_code == 422
    for field in ("nom-e", "quoi-e", "mode-e", "jour-e", "comment-e"):
        assert f'id="{field}"' in answer.text


def asked(**changed: object) -> Asked:
    given = {"rights": frozenset({"documents"}), **changed}
    return Asked("Alix", "", Given(**given))  # type: ignore[arg-type]


def invited(holder: Resident) -> str:
    of = holder.actor, Purpose.SELF
    return inviting.invite(*of, record_id=holder.record_id, asked=asked(), channel=Channel.PAPER)[1]


def tried(act: object, *arguments: object) -> Fault | None:
    try:
        act(*arguments)  # type: ignore[operator]
    except CareRefused as refused:
        return refused.fault
    return None


def test_one_person_has_three_carers_at_most_even_when_many_are_asked_at_once(house: object) -> None:
    holder = people.a_patient()
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: tried(invited, holder), range(6)))
    assert answers.count(None) == 3
    assert answers.count(Fault.TOO_MANY) == 3


def test_nobody_is_invited_without_end(house: object) -> None:
    holder = people.a_patient()
    of = holder.actor, Purpose.SELF
    for _ in range(inviting.MOST_A_DAY):
        invited(holder)
        waiting = inviting.around(*of, holder.record_id).invitations[0]
        inviting.cancel(*of, record_id=holder.record_id, invitation_id=waiting.id)
    assert tried(invited, holder) is Fault.TOO_OFTEN


def test_one_carer_helps_five_at_most_even_when_all_is_accepted_at_once(house: object) -> None:
    helper = people.a_person()
    codes = [invited(people.a_patient()) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda code: tried(answering.accept, helper, code), codes))
    assert answers.count(None) == 5
    assert answers.count(Fault.TOO_MANY_HELPED) == 3


def test_a_code_that_many_bring_at_once_opens_for_one(house: object) -> None:
    holder, helpers = people.a_patient(), [people.a_person() for _ in range(5)]
    code = invited(holder)

    def bring(helper: Actor) -> bool:
        try:
            answering.accept(helper, code)
        except answering.NotThere:
            return False
        return True

    with ThreadPoolExecutor(5) as pool:
        assert sum(pool.map(bring, helpers)) == 1


def test_neither_oneself_nor_a_minors_parent_nor_a_carer_invites(house: object) -> None:
    holder, helper = people.a_patient(), people.a_person()
    code = invited(holder)
    with pytest.raises(Refused):
        answering.accept(holder.actor, code)
    answering.accept(helper, code)
    with pytest.raises(Refused):
        inviting.invite(helper, Purpose.CARER, record_id=holder.record_id, asked=asked(), channel=Channel.PAPER)
    child = people.a_patient(birth_date=f"{clock.now().year - 9}-02-03")
    people_actions.represent(SYSTEM, record_id=child.record_id, representative_id=helper.id, since=people.long_ago())
    with pytest.raises(CareRefused):
        inviting.invite(helper, Purpose.REPRESENTATIVE, record_id=child.record_id, asked=asked(), channel=Channel.PAPER)


def test_a_guardian_of_an_adult_invites_and_sees_no_secret(house: object) -> None:
    ward, guardian = people.a_patient(), people.a_person()
    people_actions.represent(
        SYSTEM,
        record_id=ward.record_id,
        representative_id=guardian.id,
        kind="guardian",
        since=people.long_ago(),
        until=clock.now() + timedelta(days=365),
        ground="Tribunal judiciaire, 3 mars 2025",
    )
    of = guardian, Purpose.REPRESENTATIVE
    inviting.invite(*of, record_id=ward.record_id, asked=asked(), channel=Channel.PAPER)
    assert len(inviting.around(*of, ward.record_id).invitations) == 1
    kept = people.deposited(people.software(), ward)
    place = shelf.place(ward.actor, Purpose.SELF, ward.record_id, kept.id)
    assert place
    assert place.minor, "there is somebody from whom it may be kept"
    assert shelf.place(*of, ward.record_id, kept.id)
    hidden = "INVISIBLE_REPRESENTANTS_LEGAUX"
    changing.set_label(ward.actor, Purpose.SELF, record_id=ward.record_id, document_id=kept.id, label=hidden, on=True)
    assert shelf.place(*of, ward.record_id, kept.id) is None


def test_what_a_guardian_gave_away_ends_with_the_measure_however_it_ends(house: object) -> None:
    ward, guardian = people.a_patient(), people.a_person()
    people_actions.represent(
        SYSTEM,
        record_id=ward.record_id,
        representative_id=guardian.id,
        kind="guardian",
        since=people.long_ago(),
        until=clock.now() + timedelta(days=1),
        ground="TJ de Reims, RG 26/00123",
    )
    of = guardian, Purpose.REPRESENTATIVE
    _, code = inviting.invite(*of, record_id=ward.record_id, asked=asked(), channel=Channel.PAPER)
    assert answering.offered(code).record_id == ward.record_id
    with database.connect(config.load(), "owner") as owner:
        owner.execute(
            "update record.people_representation set until = now() - interval '1 second' where record_id = %s",
            (ward.record_id,),
        )
        owner.execute("update record.kernel_scope set epoch = epoch + 1 where record_id = %s", (ward.record_id,))
    with pytest.raises(answering.NotThere):
        answering.offered(code)
    with pytest.raises(answering.NotThere):
        answering.accept(people.a_person(), code)


def test_who_is_made_a_guardian_without_an_end_or_a_decision_is_none(house: object) -> None:
    ward, guardian = people.a_patient(), people.a_person()
    for span in ({"ground": "Tribunal"}, {"until": clock.now() + timedelta(days=9)}):
        with pytest.raises(Violation):
            people_actions.represent(
                SYSTEM,
                record_id=ward.record_id,
                representative_id=guardian.id,
                kind="guardian",
                since=people.long_ago(),
                **span,
            )
