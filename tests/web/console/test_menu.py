"""The console's menu: few entries, on one line; each leads to a page where its neighbours stand."""

from __future__ import annotations

import re

from carnet.web.console.face import _PAGES
from tests import people
from tests.web.browsing import plain
from tests.web.console.desk import sitting, support


def parts(page: str) -> list[str]:
    return re.findall(r"<nav[^>]*>.*?</nav>", page, re.DOTALL)


def links(part: str) -> list[str]:
    return re.findall(r'href="([^"]+)"', part)


def test_every_page_is_two_presses_away_and_says_where_one_is(server: str) -> None:
    with support(server) as desk:
        home = desk.opens("/console/").text
        (menu,) = parts(home)
        assert len(links(menu)) == 4, "one line at 1280 pixels"
        assert set(_PAGES) <= set(links(home)), "the first page names all"
        found: set[str] = set()
        for entry in links(menu):
            page = desk.opens(entry).text
            top, *beside = parts(page)
            assert top.count("aria-current") == 1
            assert f'href="{entry}" aria-current="page"' in top
            found |= {entry} | {href for part in beside for href in links(part)}
            for href in [href for part in beside for href in links(part) if href != entry]:
                there = desk.opens(href).text
                assert f'href="{entry}" aria-current="true"' in there
                assert f'href="{href}" aria-current="page"' in there
        assert found == set(_PAGES)


def test_who_has_nothing_there_gets_no_menu(server: str) -> None:
    with sitting(server, people.an_operator("steering")) as desk:
        page = desk.opens("/console/").text
        assert parts(page) == []
        assert "Rien ici pour votre rôle" in plain(page)
