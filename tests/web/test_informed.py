"""From the letter to the open record: told of it by `carnet inform`, six weeks, a provider, five screens."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from carnet.documents import intake
from carnet.formats.cda.build import level1
from carnet.formats.entry import Identifier, Patient
from carnet.kernel.actor import Actor, Purpose
from carnet.people.identities import Known
from carnet.records.numbers import record_of
from carnet.records.queries import bearing
from carnet.records.rules import Identity, RecordState, Traits
from carnet.rights import pairs
from tests import people
from tests.conftest import House, carnet
from tests.formats.cda.build.test_document import ENTRY
from tests.handing import confirmed
from tests.records.test_letters import state, weeks_pass
from tests.rights.test_life import move
from tests.web.browsing import Browsing, plain
from tests.web.console.desk import sitting, support
from tests.web.identities import as_told, comes, opened, somebody, tells
from tests.web.provider import TestProvider
from tests.web.relying import a_browser, signs_in
from tests.working import worked

REFUSAL = "/console/carnets/refus"
NEW = "/console/carnets/nouveau"


def informed(who: Identity, *more: str) -> UUID:
    carnet("inform", who.ins, who.birth_family, who.birth_given, who.birth_date, *more)
    found = record_of(who.ins)
    assert found
    return found


def answers_five_screens(home: Browsing) -> None:
    assert "Est-ce bien vous" in home.text("/accueil")
    for screen, answer in (
        ("identite", {"reponse": "oui"}),
        ("avertir", {"reponse": "rien"}),
        ("choix", {"medecin": "1", "samu": "1"}),
        ("reperes", {"allergies": "aucun"}),
    ):
        last = home.sends(f"/bienvenue/{screen}", answer)
    assert "Votre carnet est ouvert" in plain(last.text)


def test_who_was_told_of_their_record_comes_in_by_the_provider(base: str, provider: TestProvider) -> None:
    who = somebody()
    more = ("--sex", "F", "--givens", who.birth_givens, "--birthplace", who.birth_place)
    record_id = informed(who, *more)
    weeks_pass(record_id)
    tells(provider, who)
    with a_browser(base) as client:
        assert signs_in(client, provider).headers["location"] == "/accueil"
        answers_five_screens(Browsing(client))
    assert state(record_id) == "active"


def test_who_was_told_and_comes_before_the_six_weeks_reads_what_they_may_do(base: str, provider: TestProvider) -> None:
    who = somebody()
    record_id = informed(who, "--sex", "F", "--givens", who.birth_givens, "--birthplace", who.birth_place)
    tells(provider, who)
    with a_browser(base) as client:
        assert signs_in(client, provider).headers["location"] == "/accueil", "no question of whose record it is"
        home = Browsing(client)
        assert "Votre carnet n'est pas encore ouvert" in home.text("/accueil")
        assert home.sends("/carnet/creer", {}).url.path == "/bienvenue/identite"
        answers_five_screens(home)
    assert state(record_id) == "active"


def test_after_an_erasing_a_counter_makes_a_new_record_and_the_account_finds_it(
    base: str, provider: TestProvider
) -> None:
    who = somebody()
    record_id = opened(who)
    tells(provider, who)
    operator = people.an_operator("support")
    with a_browser(base) as client, sitting(base, operator) as desk:
        assert signs_in(client, provider).headers["location"] == "/accueil"
        place = desk.sends("/console/carnets", {"matricule": who.ins}).url.path
        confirmed(operator, record_id, pairs.Kind.ERASING)
        asked = desk.sends(place, {"acte": "ask-erasing", "raison": "asked", "certain": "1"})
        assert "Effacement demandé" in plain(asked.text)
        move(record_id, timedelta(days=31))
        worked()
        assert record_of(who.ins) is None
        assert "Aucun carnet à votre nom" in Browsing(client).text("/accueil")
        assert "Créer un carnet à sa demande" in plain(desk.sends("/console/carnets", {"matricule": who.ins}).text)
        fields = {"matricule": who.ins, "nom": who.birth_family, "prenom": who.birth_given, "naissance": "12 3 1985"}
        short = desk.sends(NEW, fields)
        assert short.status_code == 422
        for field, words in (("sexe", "Sexe : à remplir"), ("lieu", "Lieu de naissance (code INSEE) : à remplir")):
            assert f'href="#{field}"' in short.text
            assert words in plain(short.text)
        more = {"prenoms": who.birth_givens.title(), "sexe": "F", "lieu": who.birth_place}
        assert "Le carnet est créé" in plain(desk.sends(NEW, fields | more).text)
        assert signs_in(client, provider).headers["location"] == "/accueil"
        answers_five_screens(Browsing(client))
    found = record_of(who.ins)
    assert found
    assert found != record_id
    assert state(found) == "active"


def test_a_file_tells_of_many_and_keeps_their_codes(house: House, tmp_path: Path) -> None:
    one, other, wrong = somebody(), somebody(), somebody(birth_place="REIMS")
    told = tmp_path / "told.csv"
    lines = [
        f"inform;{each.ins};{each.birth_family};{each.birth_given};{each.birth_givens};{each.birth_date};F;{each.birth_place}"
        for each in (one, other, wrong)
    ]
    told.write_text("\n".join(["kind;ins;family;given;givens;birth_date;sex;birth_place", *lines]))
    codes = tmp_path / "codes.csv"
    said = carnet("inform", "--file", str(told), "--codes", str(codes), check=False)
    assert said.returncode == 1
    assert "faites : 2" in said.stdout
    assert "ligne 4 refusée, place" in said.stdout
    assert wrong.ins not in said.stdout
    assert codes.stat().st_mode & 0o077 == 0
    with codes.open() as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert [row["ins"] for row in rows] == [one.ins, other.ins]
    assert all(re.fullmatch(r"[A-Z0-9]{8}", row["code"]) for row in rows)
    for each in (one, other):
        record_id = record_of(each.ins)
        assert record_id
        weeks_pass(record_id)
        assert isinstance(comes(as_told(each)), Known)
    again = carnet("inform", "--file", str(told), "--codes", str(codes), check=False)
    assert "ne peut pas être créé" in again.stderr, "the codes of before are kept"
    assert "--codes" in carnet("inform", "--file", str(told), check=False).stderr
    assert "Donnez" in carnet("inform", one.ins, check=False).stderr


@pytest.mark.usefixtures("house")
def test_what_cannot_be_in_a_civil_register_is_said() -> None:
    who = somebody()
    of = (who.ins, who.birth_family, who.birth_given, who.birth_date)
    assert "commencent par le premier" in carnet("inform", *of, "--givens", "MARIE", check=False).stderr
    assert "code INSEE" in carnet("inform", *of, "--birthplace", "Reims", check=False).stderr
    assert "ne pourra pas se connecter" in carnet("inform", *of).stderr, "they are told what is missing"


def test_who_refused_at_the_counter_signs_in_and_changes_their_mind(base: str, provider: TestProvider) -> None:
    who, other = somebody(), somebody()
    fields = {
        "matricule": who.ins,
        "nom": who.birth_family,
        "prenom": who.birth_given,
        "prenoms": who.birth_givens.title(),
        "naissance": "12 3 1985",
        "sexe": "F",
        "lieu": who.birth_place,
    }
    with support(base) as desk:
        spoiled = desk.sends(REFUSAL, fields | {"prenoms": "Marie"})
        assert "commencent par le premier" in plain(spoiled.text)
        spoiled = desk.sends(REFUSAL, fields | {"lieu": "Reims"})
        assert "Le code INSEE a 5 caractères" in plain(spoiled.text)
        assert "la personne se connecte, ou revient" in plain(desk.sends(REFUSAL, fields).text)
        bare = fields | {"matricule": other.ins, "nom": other.birth_family, "prenoms": "", "lieu": ""}
        assert "elle ne pourra pas se connecter" in plain(desk.sends(REFUSAL, bare).text)
    record_id = record_of(who.ins)
    assert record_id
    tells(provider, who)
    with a_browser(base) as client:
        assert signs_in(client, provider).headers["location"] == "/accueil"
        home = Browsing(client)
        assert "Demander mon carnet" in home.text("/accueil")
    assert state(record_id) == "opposed"


def a_cda(who: Identity, **changes: Any) -> bytes:
    patient = Patient(
        ins=Identifier(who.ins_oid, who.ins),
        birth_family=who.birth_family,
        birth_given=who.birth_given,
        birth_givens=who.birth_givens,
        sex=who.sex,
        birth_date=who.birth_date,
        birth_place=who.birth_place,
    )
    entry = replace(ENTRY, patient=replace(patient, **changes), unique_id=f"2.25.{uuid4().int}", set_id="")
    return level1(entry, b"Tout va bien.", "text/plain")


def known(who: Identity) -> Identity:
    (found,) = bearing(Traits(who.birth_family, who.birth_given, who.birth_date))
    return found.identity


def deposits(depositor: Actor, *documents: bytes) -> None:
    for each in documents:
        intake.deposit_cda(depositor, Purpose.DEPOSIT, data=each)
    worked()


@pytest.mark.usefixtures("house")
def test_a_deposit_with_a_qualified_identity_fills_what_is_empty() -> None:
    who = somebody()
    bare = replace(who, birth_givens="", birth_place="", sex="U")
    record_id = opened(bare, RecordState.UNOPENED)
    deposits(people.software(), a_cda(who))
    assert known(who) == who
    assert ("traits-completed", "done") in people.raw_trail(record_id)
    assert isinstance(comes(as_told(who)), Known)


@pytest.mark.usefixtures("house")
def test_what_stands_is_never_changed_and_who_differs_fills_nothing() -> None:
    who = somebody(birth_place="")
    record_id = opened(who)
    deposits(people.software(), *(a_cda(who, **{"birth_place": "75056"} | other) for other in ODD))
    assert known(who) == who
    assert "traits-completed" not in {action for action, _ in people.raw_trail(record_id)}
    deposits(people.software(), a_cda(who, birth_place="75056"))
    assert known(who) == replace(who, birth_place="75056")


ODD: tuple[dict[str, str], ...] = (
    {"birth_family": "AUTRE"},
    {"birth_given": "MARIE"},
    {"birth_givens": "ANNE-ZOÉ JEANNE"},
    {"birth_date": "1985-03-13"},
    {"sex": "M"},
    {"birth_place": "REIMS"},
)
