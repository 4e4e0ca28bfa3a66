"""`carnet directory import`: the national extract, and what follows on the next request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from carnet.kernel import clock, config, database
from carnet.kernel.actor import Actor
from carnet.people import accounts, queries, sessions
from carnet.people.rules import Capacity
from tests import extracts, people
from tests.api.caller import Caller
from tests.cast import TEST_OID
from tests.conftest import carnet
from tests.extracts import a_finess, a_number, line

pytestmark = pytest.mark.usefixtures("house")


@dataclass
class Extract:
    """Whole extracts of the tests hold what earlier ones brought, unless a test leaves somebody out."""

    path: Path

    def take(
        self, *lines: str, whole: bool = False, code: int = 0, ends: bool = False, options: tuple[str, ...] = ()
    ) -> str:
        self.path.write_text(extracts.text(lines, ends=ends))
        arguments = (*(() if whole else ("--difference",)), *options)
        done = carnet("directory", "import", str(self.path), *arguments, check=False)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    @property
    def rejects(self) -> list[str]:
        return self.path.with_name(f"{self.path.name}.rejets.csv").read_text().splitlines()[1:]


@pytest.fixture
def extract(tmp_path: Path) -> Iterator[Extract]:
    yield Extract(tmp_path / "PS_LibreAccess.txt")
    with database.connect(config.load(), "owner") as owner:
        # What one test brought is not missing from the whole extract of the next.
        owner.execute("update app.people_professional set listed = false")


def found(rpps: str) -> Actor:
    who = queries.actor_by_id(_id(rpps))
    assert who is not None
    return who


def _id(rpps: str) -> UUID:
    with database.connect(config.load(), "owner") as owner:
        row = owner.execute("select actor_id from app.people_professional where rpps = %s", (rpps,)).fetchone()
    assert row is not None
    return UUID(str(row[0]))


def test_lines_bring_professionals_their_structures_and_their_places(extract: Extract) -> None:
    who, first, second = a_number(), a_finess(), a_finess()
    said = extract.take(
        line(who, family="DURAND", given="ZOÉ", finess=first, place="CABINET DES LILAS"),
        line(who, family="DURAND", given="ZOÉ", finess=second, place="CLINIQUE DU PARC", role_words="Chef de service"),
    )
    assert "ajoutés : 1" in said
    assert "Structures ajoutées : 2" in said
    assert found(who).name == "Dr ZOÉ DURAND"
    assert [(each.name, each.role) for each in queries.situations(found(who).id)] == [
        ("CABINET DES LILAS", "Libéral"),
        ("CLINIQUE DU PARC", "Chef de service"),
    ]
    assert queries.organisation_of(f"1{first}") == found(who).organisation


def test_the_same_again_changes_nothing_and_ends_no_remembered_right(extract: Extract) -> None:
    lines = [line(a_number(), finess=a_finess(), place="CABINET")] * 2 + [line(a_number(), finess=a_finess())]
    extract.take(*lines)
    before = found(lines[0].split("|")[1])
    said = extract.take(*lines)
    assert "ajoutés : 0 ; changés : 0, dont revenus : 0 ; retirés : 0 ; déjà connus : 2." in said
    assert "commencés : 0 ; finis : 0." in said
    assert found(lines[0].split("|")[1]) == before


def test_bad_lines_are_told_and_the_others_done(extract: Extract) -> None:
    good = a_number()
    said = extract.take(
        line("12345678901"),
        line(a_number(), profession="999"),
        line(a_number(), family=""),
        "8|coupée",
        line(a_number(), speciality="SM999"),
        line(a_number(), finess="é" * 3),
        line(good, family="BÉNARD"),
        code=1,
    )
    assert "Lignes refusées : 6" in said
    assert found(good).name == "Dr ANGE BÉNARD"
    assert [tuple(each.split(";")[1:4]) for each in extract.rejects] == [
        ("2", "Identifiant PP", "rpps"),
        ("3", "Code profession", "profession"),
        ("4", "Nom d'exercice", "missing"),
        ("5", "", "columns"),
        ("6", "Code savoir-faire", "speciality"),
        ("7", "Numéro FINESS site", "structure"),
    ]
    assert "12345678901" not in "".join(extract.rejects)


def test_a_header_of_something_else_refuses_the_file(extract: Extract) -> None:
    extract.path.write_text("kind;professional\nprofessional;10001020014\n")
    done = carnet("directory", "import", str(extract.path), check=False)
    assert done.returncode == 1
    assert "Identifiant PP" in done.stderr
    assert "Traceback" not in done.stderr


def test_whom_a_whole_extract_names_no_more_loses_access_on_the_next_request(extract: Extract, server: str) -> None:
    stays, leaves, place = a_number(), a_number(), a_finess()
    extract.take(line(stays, finess=place), line(leaves, finess=place), whole=True)
    patient = people.a_patient()
    gone = people.authorised(patient, found(leaves))
    caller = Caller.of(server, gone)
    asked = {"patient.identifier": f"urn:oid:{TEST_OID}|{patient.ins}"}
    assert caller.get("DocumentReference", asked).status_code == 200

    said = extract.take(line(stays, finess=place), whole=True)

    assert "retirés : 1" in said
    assert caller.get("DocumentReference", asked).status_code == 401
    assert queries.actor_by_id(gone.id) is None
    assert queries.professional_for_identity("https://psc.example", f"8{leaves}") is None
    assert found(stays).name


def test_sessions_of_who_left_do_not_come_back_with_them(extract: Extract) -> None:
    who, other = a_number(), a_number()
    extract.take(line(who), line(other), whole=True)
    began = found(who)
    since = clock.now()
    sessions.begin(began.id, f"key-{who}")
    assert queries.signed_in(began.id, since, f"key-{who}")
    extract.take(line(other), whole=True)
    assert queries.signed_in(began.id, since, f"key-{who}") is None
    said = extract.take(line(who), line(other), whole=True)
    assert "revenus : 1" in said
    assert found(who).id == began.id
    assert queries.signed_in(began.id, since, f"key-{who}") is None
    assert queries.professional_for_identity("https://psc.example", f"8{who}") is not None


def test_a_file_that_was_cut_short_withdraws_nobody(extract: Extract) -> None:
    numbers = [a_number() for _ in range(10)]
    extract.take(*map(line, numbers), whole=True)
    said = extract.take(line(numbers[0]), whole=True, code=1)
    assert "retirerait 9 professionnels sur 10" in said
    assert all(found(number) for number in numbers)
    said = extract.take(line(numbers[0]), whole=True, options=("--allow-withdrawals", "100"))
    assert "retirés : 9" in said


def test_a_refused_line_takes_nobodys_place_away(extract: Extract) -> None:
    who, place = a_number(), a_finess()
    extract.take(line(who, finess=place, place="CABINET"), whole=True)
    said = extract.take(line(who, profession="999"), line(a_number()), whole=True, code=1)
    assert "retirés : 0" in said
    assert [each.name for each in queries.situations(found(who).id)] == ["CABINET"]


def test_who_was_put_there_by_hand_stays_whatever_the_extract_omits(extract: Extract) -> None:
    by_hand = people.a_doctor()
    extract.take(line(a_number()), whole=True)
    assert queries.actor_by_id(by_hand.id)


def test_whom_the_support_shut_out_comes_back_by_no_extract(extract: Extract) -> None:
    who = a_number()
    extract.take(line(who), line(a_number()), whole=True)
    support = people.an_operator("support")
    accounts.deactivate(support, found(who).id, accounts.Reason.MISUSE)
    extract.take(line(who, family="AUTRE"))
    assert queries.actor_by_id(_id(who)) is None


def test_a_difference_speaks_only_of_whom_it_names(extract: Extract) -> None:
    named, other, old, new = a_number(), a_number(), a_finess(), a_finess()
    extract.take(line(named, finess=old, place="ANCIEN"), line(other), whole=True)
    said = extract.take(line(named, finess=new, place="NOUVEAU", family="NEUVE"))
    assert "changés : 1" in said
    assert [each.name for each in queries.situations(found(named).id)] == ["NOUVEAU"]
    assert found(named).name == "Dr ANGE NEUVE"
    assert found(other)


def test_options_stand_before_the_file_or_behind(extract: Extract) -> None:
    one, other = a_number(), a_number()
    extract.take(line(one), line(other), whole=True)
    for name in (one, other):
        extract.path.write_text(extracts.text([line(name, family="DURAND")]))
        rejects = str(extract.path.with_name("refusées.csv"))
        told = carnet("directory", "import", "--difference", str(extract.path), "--rejects", rejects).stdout
        assert "changés : 1" in told
        assert "retirés : 0" in told
    twice = carnet("directory", "--difference", "import", "--rejects", rejects, str(extract.path), str(extract.path))
    assert "Lignes : 2." in twice.stdout
    wrong = carnet("directory", "import", "--diference", str(extract.path), check=False)
    assert (wrong.returncode, "--diference" in wrong.stderr) == (2, True)
    stray = carnet("erasures", "rien", "de", "tel", check=False)
    assert stray.returncode == 2


def test_an_activity_that_has_ended_is_none_and_the_last_one_withdraws(extract: Extract) -> None:
    who, old, new = a_number(), a_finess(), a_finess()
    extract.take(line(who, finess=old, place="ANCIEN"), line(who, finess=new, place="NOUVEAU"))
    extract.take(line(who, finess=old, end="01/02/2024"), line(who, finess=new, place="NOUVEAU"), ends=True)
    assert [each.name for each in queries.situations(found(who).id)] == ["NOUVEAU"]
    extract.take(line(who, finess=new, end="01/02/2024"), line(a_number()), ends=True)
    assert queries.actor_by_id(_id(who)) is None


@pytest.mark.parametrize(
    ("options", "capacity"),
    [
        ({"sector": "SA24"}, Capacity.INSURER),
        ({"sector": "SA66"}, Capacity.OCCUPATIONAL),
        ({"sector": "SA15"}, Capacity.CHILD_PROTECTION),
        ({"profession": "99", "role": "331", "speciality": ""}, Capacity.SECRETARIAT),
        ({"profession": "60", "speciality": ""}, Capacity.CARE),
    ],
)
def test_the_sector_tells_the_position(extract: Extract, options: dict[str, str], capacity: Capacity) -> None:
    who = a_number()
    extract.take(line(who, **options))
    assert queries.professionals([found(who).id])[found(who).id].capacity is capacity


def test_an_insurers_activity_closes_what_another_opens_and_no_extract_widens_a_position(extract: Extract) -> None:
    who = a_number()
    extract.take(line(who, finess=a_finess()), line(who, finess=a_finess(), sector="SA24"))
    assert queries.professionals([found(who).id])[found(who).id].capacity is Capacity.INSURER
    extract.take(line(who, finess=a_finess()))
    assert queries.professionals([found(who).id])[found(who).id].capacity is Capacity.INSURER


def test_the_journal_tells_numbers_and_no_name(extract: Extract) -> None:
    extract.take(line(a_number(), family="UNIQUEMENT"))
    with database.connect(config.load(), "owner") as owner:
        row = owner.execute(
            "select detail from trail.line where action = 'directory-difference' order by at desc limit 1"
        ).fetchone()
    assert row is not None
    assert "added=1" in row[0]
    assert "UNIQUEMENT" not in row[0]


def test_the_directory_that_people_search_finds_them_by_words_and_number(extract: Extract) -> None:
    who, family = a_number(), f"QUIÉVREUX{a_finess()}"
    extract.take(line(who, family=f"{family}-MOREAU", given="JEAN", finess=a_finess(), place=f"PÔLE {family}"))
    for words in (family, f"jean {family[:12].lower()}", who, f"pôle {family.lower()}"):
        assert [each.id for each in queries.directory(words)] == [found(who).id], words
    assert queries.directory("'\\ :*&|!") == []
