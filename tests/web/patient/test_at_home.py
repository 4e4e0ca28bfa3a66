"""The adversary at home, on the pages: a parent and a carer open each page that they may for what is kept from them.
Every page is as it is in a world in which it never was."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import httpx2
import pytest

from carnet.kernel.actor import Actor, Purpose
from tests.api import test_adversary as adversary
from tests.api import test_hidden_later as later
from tests.api.test_adversary import HIDDEN, PLAIN, RULE, TYPED, World
from tests.sessions import COOKIE, session_of
from tests.web.browsing import Browsing, plain

SECRET: Final = "INVISIBLE_REPRESENTANTS_LEGAUX"
PAGES: Final = (
    *("/accueil", "/carnets", "/documents", "/documents?tri=depot", "/documents?nouveaux=1", "/documents?epingles=1"),
    *("/documents?categorie=BIOLOGIE", "/documents?annee=2024", "/histoire", "/histoire?tout=1", "/sante"),
    *("/sante/resultats", "/sante/traitements", "/sante/mesures", "/sante/vaccinations", "/sante/rendez-vous"),
    *("/sante/synthese", "/acces", "/acces?qui=tous", "/acces?qui=refus", "/acces/personnes", "/confidentialite"),
    *("/confidentialite/masquer", "/confidentialite/voir-comme", "/confidentialite/avertissements"),
    *("/confidentialite/choix", "/export", "/aidants", "/parents", "/applications", "/carnet", "/sante/erreurs"),
    *(f"/recherche?q={word}" for word in (*PLAIN, *HIDDEN, *TYPED, "9.9", "TSH", "rose tournesol")),
)

_NAMES: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|2\.25\.\d+|\b\d{13,15}\b")


@contextmanager
def at_home(server: str, who: Actor, world: World) -> Iterator[Browsing]:
    """Somebody who has opened the record of another."""
    with httpx2.Client(base_url=server, timeout=60, cookies={COOKIE: session_of(who)}) as client:
        browser = Browsing(client)
        browser.sends("/carnets", {"ouvrir": str(world.patient.record_id)})
        yield browser


def pages(browser: Browsing, world: World) -> dict[str, str]:
    found = {}
    for page in (*PAGES, f"/documents/{world.known[0]}", f"/documents/{world.known[0]}/visibilite"):
        answer = browser.opens(page)
        name = page.replace(str(world.known[0]), "1")
        found[name] = f"{answer.status_code} {_words(answer.text)}"
    return found


def _words(page: str) -> str:
    """As it is read, and where it leads, without what no two records share."""
    main = page.partition("<main")[2]
    links = (_NAMES.sub("#", link) for link in re.findall(r'href="([^"#]*)', main))
    text = _NAMES.sub("#", plain(main)) + " ".join(sorted(links))
    text = re.sub(r"\d{4}-\d\d-\d\dT[^&\" ]*", "@", text)
    text = re.sub(r"\b\d(?: \d\d){2} (?:\d{3} ){2}\d\d\b", "INS", text)
    return re.sub(r"\d{1,2} h \d{2}(?: – \d{1,2} h \d{2})?", "@", text)


def compared(with_it: dict[str, str], without: dict[str, str]) -> None:
    differing = [
        f"{page}\n{adversary._where(with_it[page], said)}" for page, said in without.items() if with_it[page] != said
    ]
    assert not differing, "\n\n".join(differing)


@pytest.mark.parametrize(
    ("who", "hidden"),
    [
        ("parent", (frozenset({SECRET}), frozenset({SECRET, "INVISIBLE_PATIENT"}))),
        ("parent", (frozenset({"INVISIBLE_PATIENT"}), frozenset({SECRET, *RULE}))),
        ("guardian", (frozenset({SECRET}),)),
        ("carer", (frozenset({SECRET}), frozenset({"MASQUE_PS"}))),
        ("carer", (frozenset({"INVISIBLE_PATIENT"}), RULE)),
    ],
)
def test_no_page_tells_of_what_is_kept_from_who_opens_it(
    who: str, hidden: tuple[frozenset[str], ...], server: str
) -> None:
    found = []
    for kept in (hidden, ()):
        world = adversary.a_world(*kept, guarded=who == "guardian")
        reader = world.carer if who == "carer" else world.parent
        with at_home(server, reader, world) as browser:
            found.append(pages(browser, world))
    assert found[1]["/documents"].startswith("200")
    compared(*found)


@pytest.mark.parametrize("looked", [False, True], ids=["not looked", "looked"])
@pytest.mark.parametrize(
    ("who", "purpose", "label"),
    [
        ("parent", Purpose.REPRESENTATIVE, SECRET),
        ("carer", Purpose.CARER, SECRET),
        ("carer", Purpose.CARER, "MASQUE_PS"),
    ],
)
def test_no_page_tells_of_what_was_kept_from_them_after_they_saw_it(
    who: str, purpose: Purpose, label: str, server: str, *, looked: bool
) -> None:
    found = []
    for act in (later.label(label, by_holder=True), None):

        def look(world: World) -> None:
            if looked:
                with at_home(server, getattr(world, who), world) as browser:
                    pages(browser, world)

        world = later.a_later_world(act, look)
        with at_home(server, getattr(world, who), world) as browser:
            found.append(pages(browser, world))
    compared(*found)
