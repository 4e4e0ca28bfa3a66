"""A second parent: invited by the first, let in by an operator who has looked at a proof, and by nobody else; a court's
decision recorded in the console, which counts with the next page; the guardian of a protected adult."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import UUID

import httpx2
import pytest
from PIL import Image

from carnet.consent import feed, parents
from carnet.consent.access import Refused
from carnet.consent.inviting import Channel
from carnet.formats.lines import Line, LineRefused
from carnet.kernel import clock, config, database
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.kernel.vault import Missing, passing
from carnet.people import actions as people_actions
from carnet.rights import families, pairs
from carnet.rights import parents as desk_of_parents
from carnet.rights.families import Measure
from carnet.rights.grounds import MEASURES
from carnet.web import family_words
from tests import people
from tests.cast import TEST_OID
from tests.people import Resident
from tests.sessions import COOKIE, session_of
from tests.web.browsing import Browsing, plain
from tests.web.patient.browsing import Part, posted

WIDE = 'class="strong cn-code">([A-Z0-9-]+)<'
COURT = "TJ de Reims, RG 26/00123, 3 mars 2026"


@dataclass
class At(Browsing):
    """A browser of somebody's, which sends what the page's forms hold."""

    client: httpx2.Client

    def sends(self, path: str, fields: Mapping[str, Any], *, follow: bool = True, to: str = "") -> httpx2.Response:
        return self.client.post(to or path, data=self.held(path) | dict(fields), follow_redirects=follow)

    def held(self, path: str) -> dict[str, str]:
        page = self.opens(path).text
        return dict(re.findall(r'<input type="hidden" name="(csrfmiddlewaretoken|carnet)" value="([^"]+)"', page))

    def opens_the_record_of(self, who: Resident) -> httpx2.Response:
        return self.sends("/carnets", {"ouvrir": str(who.record_id)}, to="/carnets/ouvrir")


@dataclass
class Home:
    child: Resident
    mother: Resident
    father: Resident
    operator: Actor
    at_hers: At
    at_his: At
    at_the_desk: At

    def invites(self, **fields: str) -> str:
        """From the child's record, on paper; answers the code."""
        self.at_hers.opens_the_record_of(self.child)
        answer = self.at_hers.sends("/parents/inviter", {"nom": "Paul", "comment": "paper", **fields})
        found = re.search(WIDE, answer.text)
        assert found, plain(answer.text)
        return found[1]

    def proves(self, code: str, *, file: bytes = b"", proof: str = "booklet") -> httpx2.Response:
        held = self.at_his.held(f"/parents/repondre?code={code}")
        parts: list[Part] = [
            ("csrfmiddlewaretoken", held["csrfmiddlewaretoken"], ""),
            ("code", code, ""),
            ("preuve", proof, ""),
        ]
        parts += [("fichier", file or a_photo(), "livret.png"), ("acte", "prouver", "")]
        answer = posted(self.at_his.client, "/parents/repondre", parts)
        return self.at_his.opens(answer.headers["Location"]) if answer.is_redirect else answer

    def case(self) -> str:
        """The address of this request at the desk."""
        (mine, *_) = parents.own(self.father.actor)
        return f"/console/parents/{mine.id}"

    def looks_up(self, who: Resident) -> str:
        answer = self.at_the_desk.sends("/console/familles", {"matricule": who.ins}, follow=False)
        return answer.headers["Location"]

    def link_of(self, address: str, name: str) -> str:
        page = self.at_the_desk.opens(address).text
        found = re.search(rf'name="qui" value="([0-9a-f-]+)"[^>]*><label[^>]*>{name}<', page)
        assert found, plain(page)
        return found[1]

    def sees(self, at: At) -> bool:
        """Whether the child's record opens there, with what is in it."""
        return at.opens_the_record_of(self.child).status_code == 200 and "Vaccin de l'enfant" in at.text("/documents")


def a_photo() -> bytes:
    out = BytesIO()
    Image.new("RGB", (60, 40), "white").save(out, "PNG")
    return out.getvalue()


def born(years: int) -> str:
    """Exactly so many years ago, in January."""
    return f"{clock.now().year - years}-01-01"


def a_child_of(parent: Actor, *, years: int = 8) -> Resident:
    child = people.a_patient(birth_date=born(years))
    people_actions.represent(SYSTEM, record_id=child.record_id, representative_id=parent.id, since=people.long_ago())
    return child


@pytest.fixture
def home(server: str) -> Iterator[Home]:
    mother, father, operator = people.a_patient(), people.a_patient(), people.an_operator("support")
    child = a_child_of(mother.actor)
    people.deposited(people.software(), child, of=people.entry(title="Vaccin de l'enfant"))
    with ExitStack() as stack:

        def at(who: Actor) -> At:
            client = httpx2.Client(base_url=server, timeout=30, cookies={COOKIE: session_of(who)})
            return At(stack.enter_context(client))

        yield Home(child, mother, father, operator, at(mother.actor), at(father.actor), at(operator))


def links(record_id: UUID) -> list[tuple[str, str]]:
    with database.connect(config.load(), "owner") as owner:
        return owner.execute(
            "select kind, ended_for from record.people_representation where record_id = %s order by since", (record_id,)
        ).fetchall()


def proof_of(home: Home) -> UUID | None:
    with database.connect(config.load(), "owner") as owner:
        row = owner.execute(
            "select content_id from record.people_parent_case where record_id = %s", (home.child.record_id,)
        ).fetchone()
    return row[0] if row else None


def kept(content_id: UUID) -> bool:
    with database.connect(config.load(), "owner") as owner:
        return bool(owner.execute("select from app.kernel_passing where id = %s", (content_id,)).fetchall())


def test_who_invites_does_not_answer_their_own_invitation(home: Home) -> None:
    code = home.invites(nom="Paul\u202e")
    assert "\u202e" not in home.at_hers.opens("/parents").text
    words = "C'est votre propre invitation : donnez ce code à la personne que vous invitez."
    held = ("csrfmiddlewaretoken", home.at_hers.held("/parents/repondre")["csrfmiddlewaretoken"], "")
    given: list[Part] = [held, ("code", code, ""), ("preuve", "booklet", ""), ("fichier", a_photo(), "livret.png")]
    for act in ("", "prouver", "refuser"):
        answer = posted(home.at_hers.client, "/parents/repondre", [*given, ("acte", act, "")])
        assert (answer.status_code, words in plain(answer.text)) == (409, True)
    nothing = posted(home.at_hers.client, "/parents/repondre", [held, ("code", "", ""), ("acte", "", "")])
    assert (nothing.status_code, "Écrivez le code de l'invitation" in plain(nothing.text)) == (422, True)
    assert home.proves(code).url.path == "/parents/demandes", "it is still worth what it was"


def test_nothing_opens_before_the_proof_has_been_accepted_and_then_both_have_the_same(home: Home) -> None:
    code = home.invites(pourquoi="Pour Léo")
    words = plain(home.at_his.opens(f"/parents/repondre?code={code}").text)
    assert "vous invite à représenter" in words
    assert "Pour Léo" in words
    assert "Vaccin" not in words
    assert "Votre preuve est reçue" in plain(home.proves(code).text)
    assert not home.sees(home.at_his)
    assert "Preuve à examiner" in home.at_hers.text("/parents")
    content_id = proof_of(home)
    assert content_id
    page = plain(home.at_the_desk.opens(home.case()).text)
    assert "Camille ESSAI" in page
    assert "Le livret de famille" in page
    shown = home.at_the_desk.opens(f"{home.case()}/preuve")
    assert (shown.headers["content-type"], shown.content) == ("image/png", a_photo())
    unread = home.at_the_desk.sends(home.case(), {"acte": "accepter"})
    assert unread.status_code == 422
    assert not home.sees(home.at_his)
    assert "La demande est acceptée" in plain(
        home.at_the_desk.sends(home.case(), {"acte": "accepter", "vue": "1"}).text
    )
    assert not kept(content_id)
    assert home.sees(home.at_his)
    assert home.sees(home.at_hers)
    assert "Acceptée" in home.at_his.text("/parents/demandes")
    told = home.at_hers.text("/acces?qui=tous")
    assert "a examiné une preuve de filiation, sans ouvrir le carnet de Camille" in told
    assert links(home.child.record_id) == [("parent", ""), ("parent", "")]


def test_a_code_is_used_once_and_a_wrong_one_says_nothing(home: Home) -> None:
    code = home.invites()
    home.proves(code)
    for tried in (code, "AAAA-BBBB-CCCC"):
        answer = home.at_his.sends("/parents/repondre", {"code": tried})
        assert answer.status_code == 422
        assert "Ce code ne vaut pas, ou plus" in plain(answer.text)
    assert "en cours" in plain(home.at_hers.opens("/parents/inviter").text)


def test_who_has_the_code_of_a_parent_becomes_no_carer_by_it(home: Home) -> None:
    code = home.invites()
    assert "Ce code ne vaut pas" in plain(home.at_his.sends("/aidants/repondre", {"code": code}).text)


def test_a_refusal_is_read_with_its_reason_by_who_asked_alone_and_the_proof_is_gone(home: Home) -> None:
    home.proves(home.invites())
    content_id = proof_of(home)
    assert content_id
    assert home.at_the_desk.sends(home.case(), {"acte": "refuser"}).status_code == 422
    said = {"acte": "refuser", "raison": "unreadable", "mots": "Photographiez la page entière."}
    home.at_the_desk.sends(home.case(), said)
    assert not kept(content_id)
    words = home.at_his.text("/parents/demandes")
    assert "La preuve ne se lit pas. Photographiez la page entière." in words
    hers = home.at_hers.text("/parents")
    assert "Refusée" in hers
    assert "Photographiez" not in hers
    assert not home.sees(home.at_his)
    # Again, with another proof.
    home.proves(home.invites())
    home.at_the_desk.sends(home.case(), {"acte": "accepter", "vue": "1"})
    assert home.sees(home.at_his)


def test_what_is_no_proof_is_not_taken_and_says_so_at_its_field(home: Home) -> None:
    code = home.invites()
    bad = home.proves(code, file=b"MZ not a picture", proof="")
    assert bad.status_code == 422
    for field in ("preuve-e", "fichier-e"):
        assert f'id="{field}"' in bad.text
    assert proof_of(home) is None
    held = home.at_his.held(f"/parents/repondre?code={code}")
    no_token: list[Part] = [("csrfmiddlewaretoken", "x", ""), ("code", code, ""), ("preuve", "booklet", "")]
    no_token += [("fichier", a_photo(), "a.png"), ("acte", "prouver", "")]
    assert posted(home.at_his.client, "/parents/repondre", no_token).status_code == 403
    assert held
    assert proof_of(home) is None


def test_an_invitation_that_was_answered_meanwhile_is_not_said_to_be_cancelled(home: Home) -> None:
    def cancelling() -> str:
        (found,) = re.findall(r'action="(/parents/invitations/[^"]+)"', home.at_hers.opens("/parents").text)
        return str(found)

    home.invites(nom="Une autre")
    address = cancelling()
    for _ in range(2):
        assert "son code n'ouvre plus rien" in plain(home.at_hers.sends("/parents", {}, to=address).text)
    code = home.invites()
    address = cancelling()
    home.proves(code)
    late = plain(home.at_hers.sends("/parents", {}, to=address).text)
    assert "Trop tard pour annuler : cette personne a déjà répondu, avec une preuve." in late
    assert "son code n'ouvre plus rien" not in late


def test_one_takes_back_what_one_asked_and_the_proof_is_gone_at_once(home: Home) -> None:
    home.proves(home.invites())
    content_id = proof_of(home)
    assert content_id
    mine = parents.own(home.father.actor)[0]
    home.at_his.sends("/parents/demandes", {}, to=f"/parents/demandes/{mine.id}")
    assert not kept(content_id)
    assert "Annulée" in home.at_his.text("/parents/demandes")
    assert home.at_the_desk.opens(f"/console/parents/{mine.id}").status_code == 404
    assert home.at_hers.client.post(f"/parents/demandes/{mine.id}").status_code in {403, 404}


def test_what_waits_too_long_has_no_answer_and_the_proof_is_gone(home: Home) -> None:
    home.proves(home.invites())
    content_id = proof_of(home)
    assert content_id
    with database.connect(config.load(), "owner") as owner:
        owner.execute(
            "update record.people_parent_case set until = now() where record_id = %s", (home.child.record_id,)
        )
        owner.commit()
    assert home.at_the_desk.opens(home.case()).status_code == 404
    desk_of_parents.end_overdue()
    assert not kept(content_id)
    with pytest.raises(Missing):
        passing.read(content_id)
    assert "Dépassée" in home.at_his.text("/parents/demandes")
    assert not home.sees(home.at_his)


def test_neither_a_child_nor_somebody_who_represents_nobody_invites_a_parent(home: Home) -> None:
    teenager = a_child_of(home.mother.actor, years=17)
    for actor, purpose, fault in (
        (teenager.actor, Purpose.SELF, parents.ParentRefused),
        (home.father.actor, Purpose.REPRESENTATIVE, Refused),
    ):
        with pytest.raises(fault):
            parents.invite(actor, purpose, record_id=teenager.record_id, name="Paul", channel=Channel.PAPER)


def test_a_request_does_not_outlive_the_right_of_who_invited(home: Home) -> None:
    home.proves(home.invites())
    address = home.looks_up(home.child)
    families.end(
        home.operator,
        record_id=home.child.record_id,
        link_ids=[UUID(home.link_of(address, "Camille Essai"))],
        ground="withdrawn",
        reference=COURT,
    )
    answer = home.at_the_desk.sends(home.case(), {"acte": "accepter", "vue": "1"})
    assert answer.status_code == 422
    assert "ne représente plus cet enfant" in plain(answer.text)
    assert not home.sees(home.at_his)


def test_who_lets_a_parent_in_has_proven_lately_who_they_are(home: Home) -> None:
    home.proves(home.invites())
    old = session_of(home.operator, since=time.time() - 11 * 60)
    with httpx2.Client(base_url=str(home.at_the_desk.client.base_url), timeout=30, cookies={COOKIE: old}) as client:
        answer = At(client).sends(home.case(), {"acte": "accepter", "vue": "1"})
    assert answer.status_code == 403
    assert "acte=guichet" in answer.text
    assert not home.sees(home.at_his)


def test_who_is_of_age_reads_that_nobody_represents_them_any_more(server: str) -> None:
    """The link of a parent stays: what it lets them do has ended by age."""
    mother = people.a_patient()
    grown = a_child_of(mother.actor, years=19)
    with httpx2.Client(base_url=server, timeout=30, cookies={COOKIE: session_of(grown.actor)}) as client:
        words = plain(client.get("/parents").text)
    assert "Personne ne vous représente" in words
    assert "Depuis vos dix-huit ans" in words
    assert "Parent. Depuis le" not in words
    assert "Les deux parents ont les mêmes droits" not in words


def test_only_the_support_looks_at_proofs_and_decides(home: Home) -> None:
    home.proves(home.invites())
    case_id = UUID(home.case().rpartition("/")[2])
    for who in (people.an_operator("steering"), home.mother.actor, home.father.actor):
        for act in (
            desk_of_parents.cases,
            lambda who: desk_of_parents.case(who, case_id),
            lambda who: desk_of_parents.proof(who, case_id),
            lambda who: desk_of_parents.accept(who, case_id),
            lambda who: desk_of_parents.refuse(who, case_id, reason="no-link"),
            lambda who: families.family(who, home.child.record_id),
            lambda who: families.end(
                who, record_id=home.child.record_id, link_ids=[case_id], ground="withdrawn", reference=COURT
            ),
        ):
            with pytest.raises(PermissionError):
                act(who)
    assert not home.sees(home.at_his)


def test_authority_that_a_court_withdraws_ends_with_the_next_page_and_comes_back_by_a_court_alone(home: Home) -> None:
    home.proves(home.invites())
    home.at_the_desk.sends(home.case(), {"acte": "accepter", "vue": "1"})
    assert home.sees(home.at_his)
    address = home.looks_up(home.child)
    link = _link(home.child, home.father)
    act = {"acte": "finir", "qui": link}
    for lacking in (act, act | {"raison": "withdrawn"}, act | {"raison": "tutelle", "reference": COURT}):
        assert home.at_the_desk.sends(address, lacking).status_code == 422
    assert home.at_his.client.get("/documents").status_code == 200
    done = home.at_the_desk.sends(address, act | {"raison": "withdrawn", "reference": COURT})
    assert "C'est fini, dès maintenant" in plain(done.text)
    refused = home.at_his.client.get("/documents")
    assert refused.status_code == 403
    said = plain(refused.text)
    assert "Vous n'ouvrez plus le carnet de Camille" in said
    for never in ("enfant", "Son titulaire peut vous autoriser", "effacer votre carnet"):
        assert never not in said
    assert home.at_his.opens_the_record_of(home.child).status_code == 404
    assert home.sees(home.at_hers)
    assert "Un représentant a cessé de l'être" in home.at_hers.text("/acces?qui=tous")
    # Neither the insurance's file nor another proof brings it back.
    with pytest.raises(LineRefused):
        feed.act(SYSTEM, _parent_line(home.child, home.father))
    home.proves(home.invites())
    again = home.at_the_desk.sends(home.case(), {"acte": "accepter", "vue": "1"})
    assert again.status_code == 422
    assert "Une décision de justice a mis fin" in plain(again.text)
    assert not home.sees(home.at_his)
    # Another decision does.
    back = {"acte": "rendre", "qui": link, "raison": "given-back"}
    assert home.at_the_desk.sends(address, back).status_code == 422
    assert "est rétablie" in plain(home.at_the_desk.sends(address, back | {"reference": COURT}).text)
    assert home.sees(home.at_his)


def test_a_placement_ends_both_at_once_and_the_codes_they_gave_away_open_nothing(home: Home) -> None:
    code = home.invites()
    address = home.looks_up(home.child)
    act = {"acte": "finir", "qui": _link(home.child, home.mother), "raison": "placement", "reference": COURT}
    got = home.at_the_desk.sends(address, act)
    assert "C'est fini, dès maintenant" in plain(got.text)
    assert not home.sees(home.at_hers)
    assert "Ce code ne vaut pas" in plain(home.at_his.sends("/parents/repondre", {"code": code}).text)


def test_a_guardian_by_the_console_until_the_end_of_the_measure(home: Home) -> None:
    ward, guardian = home.mother, home.father
    people.deposited(people.software(), ward, of=people.entry(title="Bilan du majeur"))
    address = home.looks_up(ward)
    last = f"1 1 {clock.now().year + 3}"
    act = {"acte": "nommer", "tuteur": guardian.ins, "raison": "tutelle", "reference": COURT, "jour": last}
    for lacking, field in (
        ({"raison": ""}, "nommer-raison"),
        ({"reference": ""}, "nommer-reference"),
        ({"jour": "1 1 2020"}, "nommer-jour"),
        ({"jour": f"1 1 {clock.now().year + 40}"}, "nommer-jour"),
        ({"tuteur": "12"}, "nommer-tuteur"),
        ({"tuteur": ward.ins}, "nommer-tuteur"),
        ({"tuteur": people.fresh_ins()}, "nommer-tuteur"),
        ({"tuteur": people.a_patient(birth_date=f"{clock.now().year - 17}-12-31").ins}, "nommer-tuteur"),
    ):
        answer = home.at_the_desk.sends(address, act | lacking)
        assert answer.status_code == 422, lacking
        assert f'id="{field}-e"' in answer.text
    everything = home.at_the_desk.sends(address, {"acte": "nommer", "tuteur": "12", "jour": "hier"})
    fields = ["nommer-tuteur", "nommer-raison", "nommer-reference", "nommer-jour"]
    assert re.findall(r'id="(nommer-[a-z]+)-e"', everything.text) == fields, "told at once, each at its field"
    assert re.findall(r'<a href="#(nommer-[a-z]+)"', everything.text) == fields
    asked = home.at_the_desk.sends(address, act)
    assert "La demande est enregistrée" in plain(asked.text)
    home.at_his.opens_the_record_of(ward)
    assert "Bilan du majeur" not in home.at_his.text("/documents")
    (ask,) = [each for each in pairs.waiting(home.operator) if each.mine]
    families.confirm_guardian(people.an_operator("support"), ask.id)
    home.at_his.opens_the_record_of(ward)
    assert "Bilan du majeur" in home.at_his.text("/documents")
    until = f"Jusqu'au 1er janvier {clock.now().year + 3}."
    assert f"Personne chargée de la protection, par une décision de justice. {until}" in home.at_hers.text("/parents")
    assert until in home.at_the_desk.text(address), "the last day, for both, is that of the decision"
    assert "Bilan du majeur" in home.at_hers.text("/documents"), "the adult keeps their own access"
    end = {"acte": "finir", "qui": _link(ward, guardian), "raison": "lifted", "reference": COURT}
    home.at_the_desk.sends(address, end)
    assert home.at_his.client.get("/documents").status_code == 403


def test_what_a_decision_lacks_is_told_at_once(home: Home) -> None:
    address = home.looks_up(home.child)
    ending = home.at_the_desk.sends(address, {"acte": "finir"})
    assert ending.status_code == 422
    assert set(re.findall(r'id="(finir-[a-z]+)-e"', ending.text)) == {"finir-qui", "finir-raison"}
    link = _link(home.child, home.mother)
    home.at_the_desk.sends(address, {"acte": "finir", "qui": link, "raison": "placement", "reference": COURT})
    back = home.at_the_desk.sends(address, {"acte": "rendre"})
    assert set(re.findall(r'id="(rendre-[a-z]+)-e"', back.text)) == {"rendre-qui", "rendre-raison"}


def test_a_child_has_no_guardian_by_the_console(home: Home) -> None:
    measure = Measure("tutelle", clock.now().date().replace(year=clock.now().year + 1), COURT)
    with pytest.raises(families.NotDone):
        families.ask_guardian(home.operator, record_id=home.child.record_id, guardian=home.father.ins, measure=measure)
    assert links(home.child.record_id) == [("parent", "")]


def test_every_ground_of_the_data_has_its_words_and_every_word_its_data() -> None:
    for words, data in family_words.KNOWN.values():
        assert set(words) == {code for each in data for code in each}
    assert all(each.longest_years for each in MEASURES.values())


def _link(whose: Resident, who: Resident) -> str:
    with database.connect(config.load(), "owner") as owner:
        row = owner.execute(
            "select id from record.people_representation where record_id = %s and representative_id = %s"
            " order by since desc limit 1",
            (whose.record_id, who.actor.id),
        ).fetchone()
    assert row
    return str(row[0])


def _parent_line(child: Resident, parent: Resident) -> Line:
    since = f"{clock.now().date():%Y-%m-%d}"
    fields = {"ins": child.ins, "oid": TEST_OID, "parent_ins": parent.ins, "parent_oid": TEST_OID, "since": since}
    return Line("parent", fields)
