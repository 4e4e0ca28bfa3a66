"""Drawn lives make sense to a doctor: rules written here from the calendar, the clinic and plain reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from itertools import pairwise
from typing import Final

import pytest

from carnet.demo import authors, cast
from carnet.demo.lives.courses import COURSES, drawn
from carnet.demo.model import Professional
from carnet.demo.people import REFERENCE, Inhabitant, doctors, inhabitants
from tests.cases import cases
from tests.demo.lives.facts import Dose, File, age, dossier, person_of

Told = tuple[Inhabitant, list[File]]


def _ibuprofen_after(files: Sequence[File], atc: str) -> bool:
    """Whether it came in spite of a treatment that rules it out."""
    starts = [drug.start for file in files for drug in file.drugs if drug.atc == atc]
    return any(drug.atc == _IBUPROFEN and drug.start >= min(starts) for file in files for drug in file.drugs if starts)


@cache
def _told(seed: int) -> Told:
    person = person_of(seed)
    return person, dossier(person)


@pytest.fixture(params=range(cases(50)), ids="seed {}".format)
def told(request: pytest.FixtureRequest) -> Told:
    return _told(request.param)


# LOINC: what a living person may have, in the unit of the code.
_POSSIBLE: Final = {
    "3016-3": (0.01, 100), "3024-7": (3, 60), "4548-4": (4, 15), "1558-6": (0.4, 4), "2093-3": (0.8, 4),
    "13457-7": (0.3, 3), "2085-9": (0.2, 1.2), "2571-8": (0.3, 6), "2160-0": (4, 30), "62238-1": (10, 130),
    "2823-3": (2.8, 6.5), "2276-4": (3, 600), "1988-5": (0, 300), "718-7": (7, 19), "6690-2": (2, 25),
    "777-3": (80, 600), "62292-8": (5, 90), "9318-7": (0, 300), "2857-1": (0, 50), "6875-9": (0, 100),
    "33762-6": (10, 20_000), "14682-9": (30, 300), "67151-1": (0, 100), "1742-6": (5, 300),
}  # fmt: skip
_OF_WOMEN: Final = ("grossesse", "accouchement", "utérus", "mammographie", "sein gauche", "cystite", "obstétricale")
_OF_MEN: Final = ("prostate", "PSA", "toucher rectal")
_DELIVERY: Final = "15508-5"
_PRESCRIPTION, _DISPENSATION, _EMERGENCY = "57833-6", "60593-1", "15507-7"
_METFORMIN, _STATIN, _APIXABAN, _IBUPROFEN, _AMLODIPINE = "A10BA02", "C10AA05", "B01AF02", "M01AE01", "C08CA01"
# ATC: the youngest and the oldest age, in years, at which it is given here.
_AGES_OF_DRUGS: Final[dict[str, tuple[float, float]]] = {
    _METFORMIN: (35, 110), _STATIN: (30, 110), _APIXABAN: (60, 110), _IBUPROFEN: (15, 65), _AMLODIPINE: (30, 110),
    "B03BB01": (15, 46), "L02BG03": (45, 110), "R03DC03": (2, 15), "J01XX01": (15, 110), "B01AB05": (18, 110),
}  # fmt: skip
_AGES_OF_VACCINES: Final[dict[str, tuple[float, float]]] = {
    "J07CA09": (0.1, 1.5), "J07BD52": (0.9, 2), "J07BM03": (9, 20), "J07BK03": (65, 66.5), "J07BN01": (18, 110),
    "J07CA01": (40, 110), "J07CA02": (6, 26), "J07AH07": (0.3, 1.2), "J07AH08": (0.3, 1.2),
}  # fmt: skip


def _current(files: Sequence[File]) -> list[File]:
    replaced = {each for file in files for each in file.replaces}
    return [file for file in files if file.unique_id not in replaced]


def _values(files: Sequence[File], code: str, *, signs: bool = False) -> list[float]:
    found = [value for file in _current(files) for value in (file.signs if signs else file.results)]
    return [value.number for value in sorted(found, key=lambda value: value.at) if value.code == code]


def _never_up(values: Sequence[float]) -> bool:
    return all(later <= before for before, later in pairwise(values))


def _never_down(values: Sequence[float]) -> bool:
    return _never_up(values[::-1])


def test_documents_lie_between_birth_and_today_and_are_neither_few_nor_many(told: Told) -> None:
    person, files = told
    assert len(files) <= 60
    assert len(files) >= 25 or age(person.identity.born, REFERENCE) < 2
    assert len({file.unique_id for file in files}) == len(files)
    for file in files:
        assert person.identity.born <= file.day <= REFERENCE
        start, end = file.period
        assert start is not None
        assert person.identity.born <= start or "remboursés" in file.title
        assert end is None or start <= end <= REFERENCE
        for at in [fact.at for fact in (*file.results, *file.signs)] + [dose.at for dose in file.doses]:
            assert person.identity.born <= at <= file.day
    assert [file.created for file in files] == sorted(file.created for file in files)


def test_sex_and_age_fit(told: Told) -> None:
    person, files = told
    born, sex = person.identity.born, person.identity.sex
    for file in files:
        words = f"{file.title} {file.text}"
        for word in _OF_WOMEN if sex == "M" else _OF_MEN:
            assert word.lower() not in words.lower()
        old = age(born, file.day)
        if "grossesse" in words.lower() or file.type == _DELIVERY:
            assert 16 <= old <= 46
        for drug in file.drugs:
            youngest, oldest = _AGES_OF_DRUGS.get(drug.atc, (0, 110))
            assert youngest <= old <= oldest, drug.name
            assert "enfant" not in drug.name or old < 12.1, drug.name
            assert "1 g" not in drug.name or old >= 14, drug.name
        for dose in file.doses:
            youngest, oldest = _AGES_OF_VACCINES.get(dose.atc, (0, 110))
            assert youngest <= age(born, dose.at) <= oldest, dose.atc
        assert "{" not in words


def test_numbers_are_possible_and_bodies_grow(told: Told) -> None:
    person, files = told
    for file in _current(files):
        for value in file.results:
            low, high = _POSSIBLE[value.code]
            assert low <= value.number <= high, value.code
        signs = {value.code: value.number for value in file.signs}
        years = age(person.identity.born, file.day)
        if kilos := signs.get("29463-7"):
            usual = (years * 12 + 9) / 2 if years < 1 else 2 * (years + 5) if years < 6 else 3 * years + 7
            assert 40 <= kilos <= 150 if years >= 18 else 0.55 * usual <= kilos <= 1.6 * usual
        if centimetres := signs.get("8302-2"):
            tall = 50 + 26 * years if years < 1 else min(6 * years + 78, 170)
            assert 0.88 * tall <= centimetres <= 1.16 * tall
        if "8480-6" in signs:
            assert 90 <= signs["8480-6"] <= 200
            assert signs["8462-4"] + 20 <= signs["8480-6"]
    assert _never_down(_values(files, "8302-2", signs=True))
    assert _never_down(_values(files, "8287-5", signs=True))
    if age(person.identity.born, REFERENCE) < 18:
        assert _never_down(_values(files, "29463-7", signs=True))


def test_hearts_and_kidneys_are_spared_anti_inflammatories(told: Told) -> None:
    _, files = told
    assert not any(_ibuprofen_after(files, atc) for atc in (_AMLODIPINE, _APIXABAN))


def test_what_is_dispensed_was_prescribed_just_before(told: Told) -> None:
    _, files = told
    prescribed = {(drug.atc, drug.start) for file in files if file.type == _PRESCRIPTION for drug in file.drugs}
    ordered = {drug.start: file.created for file in files if file.type == _PRESCRIPTION for drug in file.drugs}
    for file in files:
        if file.type == _DISPENSATION:
            assert file.drugs
            for drug in file.drugs:
                assert (drug.atc, drug.start) in prescribed
                assert timedelta(0) < file.created - ordered[drug.start] < timedelta(days=8)


def test_a_correction_follows_what_it_corrects(told: Told) -> None:
    _, files = told
    by_id = {file.unique_id: file for file in files}
    for file in files:
        for replaced in file.replaces:
            original = by_id[replaced]
            assert original.created < file.created
            assert (original.type, original.set_id, original.version + 1) == (file.type, file.set_id, file.version)
            assert [value.at for value in original.results] == [value.at for value in file.results]
            assert [value.number for value in original.results] != [value.number for value in file.results]


def test_vaccines_come_in_order_and_apart(told: Told) -> None:
    _, files = told
    given_ = sorted((dose for file in files for dose in file.doses), key=lambda dose: dose.at)
    by_vaccine: dict[str, list[Dose]] = defaultdict(list)
    for dose in given_:
        by_vaccine[dose.atc].append(dose)
    for doses in by_vaccine.values():
        for before, after in pairwise(doses):
            assert (after.at - before.at).days >= 21
            assert after.rank > before.rank or before.rank == after.rank == 1


def test_only_known_hands_write_and_only_when_doctors_work(told: Told) -> None:
    _, files = told
    known = {member.professional.rpps for member in cast.CLINICIANS} | {doctor.rpps for doctor in doctors()}
    known |= {each.rpps for each in vars(authors).values() if isinstance(each, Professional)}
    for file in files:
        assert file.author[1:] in known or file.author.startswith("3")
        if file.type in {_PRESCRIPTION, _DISPENSATION, "11488-4", "11502-2", "87273-9"}:
            hospital = "urgences" in file.title
            assert hospital or file.day.weekday() < 5
            assert hospital or (file.day.month, file.day.day) not in {(1, 1), (5, 1), (7, 14), (12, 25)}


def _taking(atc: str, *, count: int) -> list[list[File]]:
    """The documents of the first people to whom that was prescribed as a lasting treatment."""
    found = []
    for person in inhabitants(600, 5):
        told = [d.title for d in person.documents if d.model.type.code == _PRESCRIPTION]
        name = {_METFORMIN: "metformine", _STATIN: "atorvastatine", _APIXABAN: "apixaban"}[atc]
        if any(name in title for title in told):
            found.append(dossier(person))
        if len(found) == count:
            return found
    raise AssertionError(f"too few people take {atc}")


def test_diabetes_is_found_before_it_is_treated_and_comes_down_with_metformin() -> None:
    for files in _taking(_METFORMIN, count=cases(6)):
        first = min(drug.start for file in files for drug in file.drugs if drug.atc == _METFORMIN)
        before = [value for file in files for value in file.results if value.code == "4548-4" and value.at < first]
        assert before
        assert before[0].number >= 6.5
        values = _values(files, "4548-4")
        assert len(values) >= 4
        assert _never_up(values)
        assert values[-1] <= 7.2
        assert _never_up(_values(files, "1558-6"))


@pytest.mark.long
def test_pressure_and_cholesterol_come_down_with_treatment() -> None:
    for files in _taking(_STATIN, count=cases(20)):
        assert _never_up(_values(files, "13457-7"))
        high = [file for file in files if "tension" in file.title.lower()]
        systolic = [value.number for file in high for value in file.signs if value.code == "8480-6"]
        assert systolic[0] >= 150
        assert systolic[-1] < 140
        assert not _ibuprofen_after(files, _AMLODIPINE)
        assert _never_up(systolic)


def test_the_old_heart_is_watched_and_spared() -> None:
    for files in _taking(_APIXABAN, count=cases(6)):
        start = min(drug.start for file in files for drug in file.drugs if drug.atc == _APIXABAN)
        assert len(_values(files, "62238-1")) >= 3
        assert _never_up(_values(files, "62238-1"))
        assert _never_up(_values(files, "33762-6"))
        assert any(file.type == "11490-0" and file.day <= start for file in files)


@pytest.mark.long
def test_a_pregnancy_has_its_visits_in_order() -> None:
    seen = 0
    for person in inhabitants(600, 6):
        if not any(document.model.type.code == _DELIVERY for document in person.documents):
            continue
        seen += 1
        files = dossier(person)
        (birth,) = [file for file in files if file.type == _DELIVERY]
        told = [file for file in files if "grossesse du" in file.title and file.type == "18748-4"]
        weeks = [40 - (birth.day - file.day).days / 7 for file in told]
        assert [round(week / 10) for week in weeks] == [1, 2, 3]
        ordinary = [file for file in files if timedelta(0) < birth.created - file.created < timedelta(days=220)]
        for file in ordinary:
            drugs = {drug.atc for drug in file.drugs}
            assert not drugs & {_IBUPROFEN, "J01AA02", _METFORMIN}
            assert "Radiographie" not in file.title
    assert seen >= 5


def test_every_course_is_drawn_and_only_by_whom_it_fits() -> None:
    from random import Random

    keys = {drawn(Random(seed), sex, years).key for seed in range(60) for sex in "FM" for years in range(0, 96, 3)}
    assert keys == {course.key for course in COURSES}
    for seed in range(40):
        assert drawn(Random(seed), "M", 30).key not in {"pregnancy", "breast_cancer"}
        assert drawn(Random(seed), "F", 8).key in {"healthy", "asthma"}
        assert drawn(Random(seed), "F", 65).key != "prostate_cancer"
