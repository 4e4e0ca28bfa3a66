"""The doors of a professional's list, search and desk tried by the adversary at home: what is kept from them leaves
every page as it is in a world in which it never was."""

from __future__ import annotations

import re

import pytest

from carnet.kernel.actor import Purpose
from tests.api import test_adversary as adversary
from tests.api.test_adversary import HIDDEN, PLAIN, RULE, TYPED, World
from tests.web.pro.desk import Desk, at_desk, plain, record
from tests.web.pro.test_shelf import prints

LISTS = (
    "",
    "?periode=tout",
    "?periode=tout&replies=1",
    "?nouveaux=1",
    "?categorie=BIOLOGIE",
    "?genre=11502-2&periode=12",
    "?auteur=Clinique+de+l%27Essai",
    "?periode=2024",
    "?depuis=1",
)
WORDS = (*PLAIN, *HIDDEN, *TYPED, "TSH", "tsg", "9.9", "tournesol rose")


def told(desk: Desk, world: World) -> dict[str, str]:
    base, first = record(world.patient.record_id), world.known[0]
    pages = [f"{base}/documents{query}" for query in LISTS]
    pages += [f"{base}/documents?apercu={first}&periode=tout", f"{base}/documents/{first}?liste=1&periode=tout"]
    pages += [f"{base}/recherche?q={word}" for word in WORDS]
    found = {page.replace(base, "").replace(str(first), "1"): _words(desk.opens(page).text) for page in pages}
    whole = [*world.known]
    return found | {"printed": str(prints(desk, world.patient, whole)[0]), "desk": _words(desk.opens("/pro/").text)}


def _words(page: str) -> str:
    """As it is read, and the choices that it offers, without what no two records share."""
    links = sorted(set(re.findall(r'href="[^"]*\?([^"#]*)"', page)))
    text = plain(page.partition("<main")[2]) + " ".join(links)
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|2\.25\.\d+", "#", text)
    return re.sub(r"\d{1,2} h \d{2}", "@", text)


@pytest.mark.parametrize(
    "hidden",
    [(frozenset({"MASQUE_PS"}), RULE), (RULE, frozenset({"INVISIBLE_REPRESENTANTS_LEGAUX", "MASQUE_PS"}))],
    ids=["masked", "by-a-rule"],
)
def test_no_page_tells_of_what_is_kept_from_a_doctor(server: str, hidden: tuple[frozenset[str], ...]) -> None:
    answers = []
    for world in (adversary.a_world(*hidden), adversary.a_world()):
        with at_desk(server, world.doctor) as desk:
            desk.finds(world.patient.ins)
            answers.append(told(desk, world))
        assert len(adversary._listed(world, world.doctor, Purpose.CARE)) == len(PLAIN)
    with_it, without = answers
    for door, answer in without.items():
        assert with_it[door] == answer, door
