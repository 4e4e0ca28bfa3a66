"""`carnet audit`, as an operator runs it."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from carnet.kernel import config, database
from tests.aging import moved_lines
from tests.conftest import House, carnet
from tests.kernel.audit.conftest import Trail


def url_of(trail: Trail) -> str:
    owner = database.connection_parameters(config.load(), "owner")
    login = f"{owner['USER']}:{quote(owner['PASSWORD'], safe='')}"
    return f"postgresql://{login}@:{owner['PORT']}/{trail.name}?host={quote(owner['HOST'], safe='')}"


def audit(trail: Trail, *arguments: str) -> tuple[int, list[str]]:
    done = carnet(
        "audit",
        *arguments,
        check=False,
        CARNET_DATABASE_URL=url_of(trail),
        CARNET_DATA_DIR=str(trail.config.data_dir),
    )
    return done.returncode, (done.stdout or done.stderr).splitlines()


def test_a_whole_trail_is_said_to_be_whole(trail: Trail) -> None:
    trail.write(4)
    trail.seal()
    trail.write(1)
    assert audit(trail, "verify") == (
        0,
        ["5 lignes, 1 sceaux, 1 lignes attendent leur sceau.", "Le journal est entier."],
    )


def test_a_fault_is_named_and_is_an_error(trail: Trail) -> None:
    trail.write(4)
    trail.seal()
    line = trail.lines()[2]
    trail.owner.execute("delete from trail.line where id = %s", (line,))
    code, said = audit(trail, "verify")
    assert code == 1
    assert said[1].startswith(f"DÉFAUT ligne supprimée, ligne {line}, mois ")
    assert said[1].endswith(", sceau 1")
    assert said[2] == "1 × ligne supprimée"


def test_a_copy_that_is_not_there_is_said(trail: Trail) -> None:
    assert audit(trail, "verify", "--log", "/nowhere/seals.log") == (
        1,
        ["carnet : Le fichier /nowhere/seals.log n'existe pas."],
    )


@pytest.mark.long
def test_a_restore_by_hand_begins_a_new_era(trail: Trail) -> None:
    trail.write(2)
    assert audit(trail, "new-era") == (0, ["Le journal commence l'ère 2 ; tout ce qui précède est scellé."])
    assert trail.verify().seals == 1


def test_the_trail_of_the_house_is_whole(house: House) -> None:
    done = carnet("audit", "verify", check=False)
    faults = re.findall("^DÉFAUT.*$", done.stdout + done.stderr, re.MULTILINE)
    # Other tests move lines into the past, and some had been sealed.
    assert {
        line for fault in faults for line in re.findall(r"ligne ([0-9a-f-]{36})", fault) or [fault]
    } <= moved_lines()
    assert faults or "Le journal est entier." in done.stdout


def test_the_trail_of_a_record_is_shown_and_the_look_is_in_it(house: House) -> None:
    carnet("audit", "show", "dominique")
    shown = carnet("audit", "show", "dominique").stdout.splitlines()
    assert shown[0].split() == ["quand", "qui", "qualité", "motif", "porte", "acte", "objet", "issue"]
    looks = [line.split() for line in shown if "audit-show" in line]
    assert len(looks) >= 2
    assert looks[-1][2:] == ["Carnet", "owner", "support", "cli", "audit-show", "record", "fait"]


def test_a_record_that_is_not_there_is_said(house: House) -> None:
    done = carnet("audit", "show", "personne", check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.endswith("carnet : Aucun carnet ne répond à « personne ».\n")
