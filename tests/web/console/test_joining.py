"""Two operators join two records of one person at their desks."""

from __future__ import annotations

import time

import httpx2

from carnet.documents import queries
from carnet.kernel import config, database
from carnet.kernel.actor import Purpose
from carnet.people.identity_cases import Proof
from carnet.records.rules import Act
from carnet.rights import joining, life
from tests import people
from tests.conftest import House
from tests.sessions import COOKIE, session_of
from tests.web.browsing import Browsing, plain
from tests.web.console.desk import support
from tests.working import worked

PAGE = "/console/reunir"


def test_one_proposes_and_another_confirms(server: str, house: House) -> None:
    del house
    waiting, final = people.a_waiting_record(), people.a_patient()
    people.deposited(people.software(), waiting, of=people.entry(title="Venu d'ailleurs"))
    with support(server) as desk, support(server) as other:
        desk.opens(PAGE)
        short = desk.sends(PAGE, {"provisoire": waiting.ins[:9], "definitif": final.ins})
        assert short.status_code == 422
        assert "15 caractères, clé comprise" in plain(short.text)
        assert "Choisissez la pièce que vous avez vue" in plain(short.text)
        sent = {"provisoire": waiting.ins, "definitif": final.ins, "preuve": "register"}
        opened = desk.sends(PAGE, sent | {"provisoire": people.a_patient().ins})
        assert "Quelqu'un est entré dans le carnet provisoire" in plain(opened.text)
        done = plain(desk.sends(PAGE, sent).text)
        assert "attend qu'un autre membre de l'équipe la confirme" in done
        address = other.opens(PAGE).text.split(f'href="{PAGE}/')[-1].split('"')[0]
        assert "Vous avez proposé cette demande" in plain(desk.opens(f"{PAGE}/{address}").text)
        page = plain(other.opens(f"{PAGE}/{address}").text)
        assert "CAMILLE ESSAI" in page
        assert "Venu" not in page
        assert other.sends(f"{PAGE}/{address}", {"acte": "reunir"}).status_code == 422
        confirmed = other.sends(f"{PAGE}/{address}", {"acte": "reunir", "preuve": "card"})
        assert "Les deux carnets se réunissent" in plain(confirmed.text)
        worked()
        assert desk.opens(f"{PAGE}/{address}").status_code == 404
    (line,) = queries.list_documents(final.actor, Purpose.SELF, final.record_id)
    assert line.title == "Venu d'ailleurs"


def test_who_joins_has_proven_lately_who_they_are(server: str, house: House) -> None:
    del house
    waiting, final = people.a_waiting_record(), people.a_patient()
    reference = joining.propose(people.an_operator("support"), waiting=waiting.ins, final=final.ins, proof=Proof.CARD)
    operator = people.an_operator("support")
    (case_id,) = [found.id for found in joining.cases(operator, named=reference)]
    old = session_of(operator, since=time.time() - 11 * 60)
    sent = {"provisoire": waiting.ins, "definitif": final.ins, "preuve": "register"}
    with httpx2.Client(base_url=server, timeout=30, cookies={COOKIE: old}) as client:
        desk = Browsing(client)
        for answer in (desk.sends(PAGE, sent), desk.sends(f"{PAGE}/{case_id}", {"acte": "reunir", "preuve": "card"})):
            assert answer.status_code == 403
            assert "acte=guichet" in answer.text
    assert reference in {each.reference for each in joining.cases(operator)}


def test_what_could_not_be_done_after_all_stands_on_the_page_with_its_reason(server: str, house: House) -> None:
    del house
    waiting, final = people.a_waiting_record(), people.a_patient()
    proposer = people.an_operator("support")
    number = joining.propose(proposer, waiting=waiting.ins, final=final.ins, proof=Proof.CARD)
    case_id = joining.cases(proposer)[-1].id
    with database.connect(config.load(), "owner", autocommit=True) as owner:
        owner.execute(
            "update app.rights_joining set decision = 'confirmed', decided_at = now() where id = %s", (case_id,)
        )
    life.act(final.actor, record_id=final.record_id, act=Act.CLOSE)
    joining.carry_out(case_id)
    with support(server) as desk:
        page = plain(desk.opens(PAGE).text)
        assert "Confirmées, mais pas réunies" in page
        assert number in page
        assert "Le carnet définitif n'est pas ouvert" in page
        life.act(final.actor, record_id=final.record_id, act=Act.REOPEN)
        again = {"provisoire": waiting.ins, "definitif": final.ins, "preuve": "register"}
        assert "attend qu'un autre membre de l'équipe la confirme" in plain(desk.sends(PAGE, again).text)
