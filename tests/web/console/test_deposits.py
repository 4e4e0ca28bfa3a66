"""Refused deposits, from a program's request to the support's page."""

from __future__ import annotations

import re

from carnet.kernel import config, database
from carnet.kernel.actor import Actor
from carnet.people import refusals
from tests import people
from tests.api import publish
from tests.api.caller import Caller, refused
from tests.cast import TEST_OID
from tests.web.browsing import plain
from tests.web.console.desk import support

ADDRESS = "/console/depots"


def counted(client: Actor) -> dict[str, int]:
    with database.connect(config.load(), "owner") as owner:
        return dict(
            owner.execute(
                "select code, sum(count)::int from app.people_refused_deposit where client_id = %s group by code",
                (client.id,),
            ).fetchall()
        )


def test_a_refused_deposit_is_counted_by_its_rules_and_names_nobody(server: str) -> None:
    patient, client = people.a_patient(), people.software()
    program, token = Caller.of(server, client), f"urn:oid:{TEST_OID}|{patient.ins}"
    for _ in range(2):
        refused(
            program.post(
                "DocumentReference", publish.simplified(token, b"%PDF-1.7 nothing", content_type="application/pdf")
            ),
            422,
            "content-refused",
        )
    refused(program.post("", b"{"), 400, "not-json")
    refused(
        program.post("DocumentReference", publish.simplified(token, b"x", status="superseded")),
        422,
        "status-not-current",
    )
    assert counted(client) == {"content-refused": 2, "not-json": 1, "status-not-current": 1}
    with support(server) as desk:
        page = desk.opens(ADDRESS).text
    words = plain(page)
    assert "Logiciel d'essai Clinique de l'Essai. Règle content-refused 2 dépôts refusés" in words
    assert re.search(r'href="#regle-content-refused"', page)
    assert 'id="regle-content-refused"' in page
    assert "Envoyez un document d'un format accepté" in words
    for named in (patient.ins, "Analyses de sang", "CAMILLE", "Camille"):
        assert named not in page


def test_what_is_no_refused_deposit_of_software_is_not_counted(server: str) -> None:
    patient, client, doctor = people.a_patient(), people.software(), people.a_doctor()
    program, token = Caller.of(server, client), f"urn:oid:{TEST_OID}|{patient.ins}"
    assert program.post("DocumentReference", publish.simplified(token, b"Normal.")).status_code == 201
    assert program.post("DocumentReference/$validate", b"{").status_code >= 400
    assert program.get("DocumentReference/nowhere").status_code >= 400
    assert program.post("Patient/_search", b"{").status_code >= 400
    assert Caller.of(server, doctor).post("DocumentReference", b"{").status_code == 400
    assert Caller(server, "carnet_nobody").post("DocumentReference", b"{").status_code == 401
    assert counted(client) == counted(doctor) == {}


def test_a_count_that_fails_spoils_no_answer(server: str) -> None:
    """While nobody can write there, the program is told what was wrong all the same."""
    client = people.software()
    with database.connect(config.load(), "owner", autocommit=True) as owner:
        owner.execute("alter table app.people_refused_deposit rename to away")
        try:
            refused(Caller.of(server, client).post("DocumentReference", b"{"), 400, "not-json")
        finally:
            owner.execute("alter table app.away rename to people_refused_deposit")
    assert counted(client) == {}


def test_what_was_refused_does_not_end_at_a_page(server: str) -> None:
    client = people.software("Zéphyr, après tous les autres")
    codes = [f"rule-{number}" for number in range(refusals.PAGE + 1)]
    refusals.count(client.id, codes)
    with support(server) as desk:
        read, more = list[str](), [""]
        while more:
            read.append(desk.opens(f"{ADDRESS}{more[0]}").text)
            more = re.findall(rf'href="{ADDRESS}(\?debut=\d+)"', read[-1])
        assert all(any(f">{code}</a>" in page for page in read) for code in codes)
        for typed in ("-1", "x", "99999999999999999999"):
            assert desk.opens(f"{ADDRESS}?debut={typed}").status_code == 200
