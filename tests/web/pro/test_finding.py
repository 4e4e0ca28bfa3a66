"""Finding a person: by their number, or by traits that are exactly theirs; nobody is listed."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from carnet.kernel.actor import SYSTEM
from carnet.records.actions import open_record_for
from carnet.records.rules import Identity, strict
from carnet.web.pro import finding
from carnet.web.pro.finding import Fields
from tests.cast import INS, TEST_OID
from tests.people import a_doctor, a_patient, authorised, fresh_ins, raw_trail
from tests.web.pro.desk import at_desk, plain, record

NOBODY = "Aucun carnet ne correspond exactement."


def a_person_called(family: str, given: str, birth: str, *, sex: str = "F", place: str = "29019") -> str:
    """Their number."""
    ins = fresh_ins()
    open_record_for(
        SYSTEM, identity=Identity(TEST_OID, ins, family, given, sex=sex, birth_date=birth, birth_place=place)
    )
    return ins


def unheard_of() -> str:
    return f"Zut{uuid4().hex[:12]}".translate(str.maketrans("0123456789", "ghijklmnop"))


@pytest.mark.parametrize("shape", ["{0}", "{0:.13}", " {0:.1} {1:.6}\u00a0{2} "])
def test_by_the_number_in_each_of_its_lengths(shape: str, server: str) -> None:
    patient = a_patient()
    with at_desk(server, a_doctor()) as doctor:
        page = doctor.finds(shape.format(patient.ins, patient.ins[1:], patient.ins[7:]))
        assert page.url.path == record(patient.record_id)
        words = plain(page.text)
        assert "ESSAI Camille" in words
        assert "Nom de naissance ESSAI" in words
        assert "Carnet ne remplace pas le dossier du soignant." in words
        assert patient.ins not in str(page.url)
    assert ("record-existence", "done") in raw_trail(patient.record_id)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Saisissez le matricule INS"),
        ("27903", "Écrivez les 13 caractères du matricule, ou les 15 avec la clé"),
        ("dominique", "Écrivez des chiffres seulement"),
        ("279035121518900", "La clé (les 2 derniers chiffres) ne va pas avec ce matricule"),
        ("5790351215189", "Vérifiez"),
    ],
)
def test_a_wrong_number_is_told_at_its_field(typed: str, sentence: str, server: str) -> None:
    with at_desk(server, "dr-inconnu") as doctor:
        page = doctor.finds(typed)
        assert page.status_code == 422
        assert 'id="ins-e"' in page.text
        assert sentence in plain(page.text)


def test_who_refused_a_record_and_who_never_had_one_are_the_same(server: str) -> None:
    with at_desk(server, "dr-martin") as doctor:
        refused, unknown = (plain(doctor.finds(ins).text) for ins in (INS["claire"], fresh_ins()))
    assert NOBODY in refused
    assert refused.replace(INS["claire"], "") == unknown.replace(INS["claire"], "")


def test_a_closed_record_says_so_and_takes_nothing(server: str) -> None:
    with at_desk(server, "dr-martin") as doctor:
        page = doctor.finds(INS["marc"])
        assert "Carnet fermé" in plain(page.text)
        assert "/deposer" not in page.text
        assert doctor.opens(f"{page.url.path}/deposer").status_code == 403


def test_by_exact_traits_whatever_the_accents_and_hyphens(server: str) -> None:
    family = unheard_of()
    a_person_called(f"{family}-LEBRETON".upper(), "ZOE", "1979-03-28")
    with at_desk(server, a_doctor()) as doctor:
        found = doctor.finds_by(
            nom=f"{family.lower()} Lebreton", prenom="Zoé", naissance="28/3/1979", sexe="F", lieu="29019"
        )
        assert "/pro/carnets/" in found.url.path
        assert "28 mars 1979" in plain(found.text)
        near = [
            {"nom": family, "prenom": "Zoé", "naissance": "28 3 1979"},
            {"nom": f"{family} Lebreton", "prenom": "Zo", "naissance": "28 3 1979"},
            {"nom": f"{family} Lebreton", "prenom": "Zoé", "naissance": "29 3 1979"},
            {"nom": f"{family} Lebreton", "prenom": "Zoé", "naissance": "28 3 1979", "sexe": "M"},
            {"nom": f"{family} Lebreton", "prenom": "Zoé", "naissance": "28 3 1979", "lieu": "49007"},
            {"nom": "%", "prenom": "%", "naissance": "28 3 1979"},
        ]
        for traits in near:
            page = doctor.finds_by(**traits)
            assert page.url.path == "/pro/"
            assert "/pro/carnets/" not in page.text


def test_a_birth_date_of_which_the_day_is_unknown(server: str) -> None:
    family = unheard_of()
    a_person_called(family.upper(), "ALI", "1951-07")
    with at_desk(server, a_doctor()) as doctor:
        assert "juillet 1951" in plain(doctor.finds_by(nom=family, prenom="Ali", naissance="7 1951").text)
        assert NOBODY in plain(doctor.finds_by(nom=family, prenom="Ali", naissance="1 7 1951").text)


def test_traits_of_several_name_nobody(server: str) -> None:
    family = unheard_of()
    a_person_called(family.upper(), "LOU", "1990-01-01", sex="F")
    a_person_called(family.upper(), "LOU", "1990-01-01", sex="M")
    with at_desk(server, a_doctor()) as doctor:
        page = doctor.finds_by(nom=family, prenom="Lou", naissance="1 1 1990")
        assert "Ces traits ne suffisent pas à désigner une seule personne." in plain(page.text)
        assert "/pro/carnets/" not in page.text
        assert "/pro/carnets/" in doctor.finds_by(nom=family, prenom="Lou", naissance="1 1 1990", sexe="M").url.path


@pytest.mark.parametrize("lacking", ["nom", "prenom", "naissance"])
def test_traits_are_asked_for_all_together(lacking: str, server: str) -> None:
    traits = {"nom": "PAT-TROIS", "prenom": "Dominique", "naissance": "28 3 1979"} | {lacking: ""}
    with at_desk(server, "dr-martin") as doctor:
        page = doctor.finds_by(**traits)
        assert page.status_code == 422
        assert f'id="{lacking}-e"' in page.text


def test_to_know_the_address_of_a_record_is_not_to_have_found_it(server: str) -> None:
    patient, stranger = a_patient(), a_doctor()
    friend = authorised(patient, a_doctor())
    with at_desk(server, stranger) as doctor:
        hers, invented = (doctor.opens(record(each)) for each in (patient.record_id, uuid4()))
        assert hers.status_code == invented.status_code == 404
        assert plain(hers.text) == plain(invented.text)
    assert ("record-open", "refused") in raw_trail(patient.record_id)
    with at_desk(server, friend) as doctor:
        assert doctor.opens(record(patient.record_id)).status_code == 200


@pytest.mark.parametrize("who", ["dominique", "support"])
def test_people_of_other_faces_get_a_page_that_says_so(who: str, server: str) -> None:
    patient = a_patient()
    with at_desk(server, who) as other:
        for path in ("/pro/", record(patient.record_id), f"{record(patient.record_id)}/urgence"):
            page = other.opens(path)
            assert page.status_code == 403
            assert "à qui cette page n'est pas ouverte" in plain(page.text)


@pytest.mark.parametrize(
    ("typed", "read"),
    [("28 3 1979", "1979-03-28"), ("28/03/1979", "1979-03-28"), ("3.1979", "1979-03"), ("1979", "1979")],
)
def test_birth_dates_as_people_write_them(typed: str, read: str) -> None:
    traits, faults = finding.traits(Fields("", "A", "B", typed), date(2026, 11, 26))
    assert not faults
    assert traits
    assert traits.birth_date == read


@pytest.mark.parametrize("typed", ["31 2 1979", "1 1 2030", "hier", "1 2 3 4", "0", "12 13 1979", "1 1 79"])
def test_what_is_no_birth_date(typed: str) -> None:
    traits, faults = finding.traits(Fields("", "A", "B", typed), date(2026, 11, 26))
    assert traits is None
    assert [field for field, _ in faults] == ["naissance"]


def test_names_are_compared_as_identities_are() -> None:
    assert strict("  d'Été-Müller  ") == strict("D ETE MULLER") == "D ETE MULLER"
    assert strict("--") == ""


def test_the_demonstration_names_its_invented_persons(server: str) -> None:
    """Nobody who tries it knows a number by heart."""
    with at_desk(server, "dr-inconnu") as doctor:
        desk = doctor.opens("/pro/").text
        assert f'value="{INS["dominique"]}"' in desk
        assert "Dominique PAT-TROIS" in plain(desk)
        assert 'href="/demo/logiciel"' in desk
        found = doctor.finds(INS["dominique"])
        assert found.url.path.startswith("/pro/carnets/")
