"""The cast is the table of the contract, written down here once more."""

from __future__ import annotations

from carnet.demo import cast
from carnet.demo.cast import Clinician, Resident
from carnet.demo.places import ORGANISATIONS
from carnet.formats import ins, rpps
from carnet.formats.terminology import professions
from carnet.people.rules import Capacity
from carnet.records.rules import RecordState

RESIDENTS = {
    # key: INS, sex, birth, state
    "dominique": ("279035121518989", "F", "1979-03-28", "active"),
    "lea": ("218054900711272", "F", "2018-05-14", "active"),
    "hugo": ("110034900724558", "M", "2010-03-02", "active"),
    "paul": ("177113523803171", "M", "1977-11-20", "active"),
    "jean": ("150065121507870", "M", "1950-06-08", "active"),
    "claire": ("290097511215486", "F", "1990-09-17", "opposed"),
    "marc": ("165021305506665", "M", "1965-02-11", "closed"),
    "nadia": ("201076938420354", "F", "2001-07-23", "unopened"),
}
PROFESSIONALS = {
    # key: RPPS, profession of G15, speciality of R38
    "dr-martin": ("10001001014", "10", "SM54"),
    "remplacant": ("10001011112", "10", "SM54"),
    "secretaire": ("", "331", ""),
    "dr-nguyen": ("10001002020", "10", "SM04"),
    "dr-inconnu": ("10001003036", "10", "SM54"),
    "dr-bloque": ("10001004042", "10", "SM15"),
    "dr-urgence": ("10001005056", "10", "SM59"),
    "samu": ("10001006062", "10", "SM59"),
    "pharm-leroy": ("10001007078", "21", ""),
    "inf-petit": ("10001008084", "60", ""),
    "sf-garcia": ("10001009090", "50", ""),
    "dent-roux": ("10001010106", "40", ""),
    "med-travail": ("10001012128", "10", "SM25"),
    "pmi": ("10001013134", "10", "SM40"),
    "med-conseil": ("10001014140", "10", "SM49"),
}
CAPACITIES = {
    "secretaire": Capacity.SECRETARIAT,
    "samu": Capacity.REGULATION,
    "med-travail": Capacity.OCCUPATIONAL,
    "pmi": Capacity.CHILD_PROTECTION,
    "med-conseil": Capacity.INSURER,
}


def _resident(member: Resident) -> tuple[str, str, str, str]:
    person = member.identity
    return person.ins, person.sex, person.born.isoformat(), member.state.value


def _clinician(member: Clinician) -> tuple[str, str, str]:
    who = member.professional
    return who.rpps, who.profession, who.speciality


def test_residents_are_those_of_the_contract() -> None:
    assert {member.key: _resident(member) for member in cast.RESIDENTS} == RESIDENTS


def test_professionals_are_those_of_the_contract() -> None:
    assert {member.key: _clinician(member) for member in cast.CLINICIANS} == PROFESSIONALS


def test_only_the_five_particular_positions_are_not_care() -> None:
    particular = {member.key: member.capacity for member in cast.CLINICIANS if member.capacity is not Capacity.CARE}
    assert particular == CAPACITIES


def test_software_and_operators() -> None:
    assert [member.key for member in cast.SOFTWARE] == ["labo", "hopital", "assurance"]
    assert {member.key: member.role for member in cast.STAFF} == {
        "support": "support",
        "renfort": "support",
        "pilotage": "steering",
    }


def test_links_are_those_of_the_contract() -> None:
    assert set(cast.ATTENDING) == {(who, "dr-martin") for who in ("dominique", "jean", "lea", "hugo")}
    assert cast.AUTHORISED == (("dominique", "dr-nguyen"),)
    assert cast.BLOCKED == (("dominique", "dr-bloque"),)
    assert set(cast.REPRESENTED) == {(c, p) for c in ("lea", "hugo") for p in ("dominique", "paul")}
    assert cast.CARED_FOR == (("jean", "dominique", ("appointments", "treatments")),)
    assert {(deputy, principal) for deputy, principal, *_ in cast.DEPUTIES} == {
        ("remplacant", "dr-martin"),
        ("secretaire", "dr-martin"),
    }


def test_dominique_bears_the_traits_of_the_public_samples() -> None:
    person = cast.DOMINIQUE.identity
    assert (person.family, person.givens.upper(), person.birth_place) == (
        "PAT-TROIS",
        "DOMINIQUE MARIE-LOUISE",
        "51215",
    )


def test_numbers_are_of_the_test_kind_and_their_keys_are_right() -> None:
    for resident in cast.RESIDENTS:
        number = ins.parse(resident.identity.ins, "1.2.250.1.213.1.4.10")
        assert number.key_ok
        assert number.matricule13[5:10] == resident.identity.birth_place
    for clinician in cast.CLINICIANS:
        assert not clinician.professional.rpps or rpps.rpps_ok(clinician.professional.rpps)
    for place in ORGANISATIONS:
        assert rpps.finess_ok(place.finess)
        assert place.finess.startswith("99")
    assert len({place.finess for place in ORGANISATIONS}) == len(ORGANISATIONS)


def test_professions_are_known_to_the_terminology() -> None:
    for member in cast.CLINICIANS:
        who = member.professional
        assert professions.known(member.system, who.profession), member.key
        assert not who.speciality or professions.known("R38", who.speciality), member.key


def test_ids_are_fixed() -> None:
    """Tests, bookmarks and tokens of a demonstration outlive a reload."""
    assert str(cast.actor_id("dominique")) == "f4b60f3e-13b1-5751-a5fd-9168363ca8bd"
    assert str(cast.record_id("dominique")) == "281fbfde-74de-5944-8de5-4e0ea3afdf88"


def test_nobody_shares_a_sign_in() -> None:
    members = (*cast.RESIDENTS, *cast.CLINICIANS, *cast.STAFF)
    assert len({cast.subject(member) for member in members}) == len(members)


def test_everybody_is_told_in_a_few_words() -> None:
    assert all(member.note for member in cast.MEMBERS)
    assert {member.key for member in cast.RESIDENTS if member.state is RecordState.ACTIVE} == {
        "dominique",
        "lea",
        "hugo",
        "paul",
        "jean",
    }
