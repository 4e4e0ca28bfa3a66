"""Words, dates and sizes in both languages; the English catalogue is whole."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.formats.terminology import document_types, professions
from carnet.web import i18n, messages
from carnet.web.auth.next_page import safe_path
from carnet.web.words import document_type, first_name, profession

TEMPLATES = Path(i18n.__file__).parent / "templates"
FIXED, NARROW = "\u00a0", "\u202f"
# Of a page that shows what others wrote, and names the one script that it runs.
NONCE = r"{% if nonce is defined %} nonce=\"{{ nonce }}\"{% endif %}"


def test_the_english_catalogue_is_whole() -> None:
    assert list(messages.check()) == []


def test_french_spaces_and_apostrophes() -> None:
    assert i18n.typography("L'aide : « oui » ; 12 % ?") == (
        f"L’aide{FIXED}: «{FIXED}oui{FIXED}»{NARROW}; 12{FIXED}%{NARROW}?"
    )


def test_a_place_holder_is_no_per_cent() -> None:
    assert i18n.typography("à %(hour)s") == "à %(hour)s"


@pytest.mark.parametrize(
    ("language", "day", "hour", "size"),
    [
        ("fr", f"18{FIXED}novembre 2026", f"9{FIXED}h{FIXED}40", f"1,2{FIXED}Mo"),
        ("en", "18 November 2026", "9:40 am", "1.2 MB"),
    ],
)
def test_dates_hours_and_sizes(language: str, day: str, hour: str, size: str) -> None:
    instant = datetime(2026, 11, 18, 8, 40, tzinfo=UTC)
    with i18n.use(language):
        shown = (i18n.day(instant), i18n.hour(instant), i18n.file_size(1_200_000))
    assert (shown[0].replace(FIXED, " ") if language == "en" else shown[0], *shown[1:]) == (day, hour, size)


def test_the_day_is_that_of_paris() -> None:
    assert i18n.day(datetime(2026, 7, 13, 22, 30, tzinfo=UTC)).startswith(f"14{FIXED}juillet")


@pytest.mark.parametrize(
    ("value", "words"), [("1979", "1979"), ("1979-03", "mars 1979"), ("1979-03-12", "12 mars 1979")]
)
def test_a_birth_date_may_be_partial(value: str, words: str) -> None:
    assert i18n.birth(value).replace(FIXED, " ") == words


def test_the_first_of_a_month() -> None:
    assert i18n.day(date(2026, 5, 1)) == f"1er{FIXED}mai 2026"
    assert i18n.day(date(2026, 5, 11)) == f"11{FIXED}mai 2026"


@pytest.mark.parametrize(("count", "word"), [(0, "document"), (1, "document"), (2, "documents")])
def test_in_french_none_is_singular(count: int, word: str) -> None:
    assert i18n.ngettext("document", "documents", count) == word


def test_an_unknown_language_is_french() -> None:
    with i18n.use("xx"):
        assert i18n.language() == "fr"


@pytest.mark.parametrize(
    ("name", "first"), [("Dominique PAT-TROIS", "Dominique"), ("Anne Marie LE GALL", "Anne Marie"), ("X", "X")]
)
def test_first_names(name: str, first: str) -> None:
    assert first_name(name) == first


@pytest.mark.parametrize("wanted", ["/documents", "/documents/1?a=b", "/acces?qui=tous"])
def test_a_page_of_ours_may_come_next(wanted: str) -> None:
    assert safe_path(wanted, "/") == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        *("", None, "//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "javascript:x"),
        *("/connexion", "/deconnexion", "/demo/connexion", "/langue/en"),
    ],
)
def test_nothing_else_may(wanted: str | None) -> None:
    assert safe_path(wanted, "/") == "/"


@given(st.text(max_size=60))
def test_what_comes_next_never_leaves_the_site(wanted: str) -> None:
    assert re.match(r"/(?![/\\])", safe_path(wanted, "/") + "x")


def test_templates_hold_no_style_no_script_but_our_files_and_no_other_host() -> None:
    for file in TEMPLATES.rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(
            r"<script(?! src=\"{{ asset\('[a-z.]+'\) }}\"(?:" + NONCE + r")? defer></script>)"
            r"|<style|\sstyle=|\son[a-z]+=|javascript:",
            text,
            re.IGNORECASE,
        ), file
        sources = re.findall(r"(?:src|action)=\"(https?:)?//", text)
        assert sources == [], file


def test_every_type_and_profession_of_the_nomenclatures_is_told_in_english() -> None:
    types = [kind.display for kind in document_types.all_types()]
    named = list(professions._register().displays.values())
    french = {label: (document_type(label), profession(label)) for label in (*types, *named)}
    with i18n.use("en"):
        told = {label: document_type(label) for label in types} | {label: profession(label) for label in named}
        assert document_type("Fait maison") == "Fait maison"
        assert profession("Cardiologie et Maladies vasculaires (SM)") == "Cardiology and vascular diseases"
    assert [label for label, english in told.items() if english in french[label]] == []
