"""What journeys through the list of documents do again and again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, PHONE, Visitor

SCREENS = pytest.mark.parametrize(
    "visitor",
    [
        pytest.param({"size": PHONE}, id="phone"),
        pytest.param({"scripts": True}, id="desk-scripts", marks=pytest.mark.long),
        pytest.param({"size": DESKTOP}, id="desk", marks=pytest.mark.long),
        pytest.param({"size": PHONE, "scripts": True, "dark": True}, id="phone-scripts-dark", marks=pytest.mark.long),
    ],
    indirect=True,
)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")


def count(visitor: Visitor) -> int:
    found = re.match(r"\d+", visitor.page.inner_text("#compte"))
    assert found
    return int(found[0])


def chip(visitor: Visitor, name: str) -> None:
    link = visitor.page.locator("#filtres a.cn-chip", has_text=re.compile(name)).first
    if not link.is_visible():
        visitor.page.click("#filtres summary")
    link.click()
    expect(visitor.page.locator("#filtres a[aria-current]", has_text=re.compile(name)).first).to_be_attached()


def ends(visitor: Visitor) -> None:
    """The session has lain idle too long: its « seen » is moved, not the clock."""
    from django.contrib.sessions.backends.db import SessionStore

    key = next(cookie["value"] for cookie in visitor.context.cookies() if cookie["name"] == "carnet_session")
    session = SessionStore(key)
    session["seen"] -= 3600
    session.save()
