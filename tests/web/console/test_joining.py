"""Two operators join two records of one person at their desks."""

from __future__ import annotations

from carnet.documents import queries
from carnet.kernel import jobs
from carnet.kernel.actor import Purpose
from tests import people
from tests.conftest import House
from tests.web.browsing import plain
from tests.web.console.desk import support

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
        jobs.run_pending()
        assert desk.opens(f"{PAGE}/{address}").status_code == 404
    (line,) = queries.list_documents(final.actor, Purpose.SELF, final.record_id)
    assert line.title == "Venu d'ailleurs"
