"""Small structured bodies made by code, in the manner of the CI-SIS."""

from __future__ import annotations

from carnet.formats.cda.entries import read
from carnet.formats.clinical.model import Observation
from carnet.formats.clinical.reading import Read
from tests.formats.cda.sample import cda

__all__ = ["BIRTH", "LAB", "PREGNANCY", "SIMPLE", "SOCIAL", "VITAL", "body", "observation", "observed", "section"]

LAB = "1.3.6.1.4.1.19376.1.3.1.6"
_PCC = "1.3.6.1.4.1.19376.1.5.3.1.4"
SIMPLE = f"{_PCC}.13"
VITAL = f"{_PCC}.13.2"
SOCIAL = f"{_PCC}.13.4"
PREGNANCY = f"{_PCC}.13.5"
BIRTH = "57075-4"
_XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


def observation(
    inner: str = "", *, template: str = LAB, code: str = '<code code="2345-7"/>', mood: str = "EVN", more: str = ""
) -> str:
    return (
        f'<observation classCode="OBS" moodCode="{mood}" {more} {_XSI}><templateId root="{template}"/>'
        f"{code}{inner}</observation>"
    )


def section(entries: str, *, code: str = "18719-5", text: str = "", templates: str = "", inner: str = "") -> str:
    return (
        f'<component><section>{templates}<code code="{code}" codeSystem="2.16.840.1.113883.6.1"/>'
        f"<text>{text}</text>{inner}{entries}</section></component>"
    )


def body(*sections: str, **header: str) -> Read:
    """What is read of a document with these sections."""
    return read(cda(f"<structuredBody>{''.join(sections)}</structuredBody>", **header))


def observed(*sections: str, **header: str) -> list[Observation]:
    given = body(*sections, **header)
    assert given.faults == ()
    return [each for each in given.entries if isinstance(each, Observation)]
