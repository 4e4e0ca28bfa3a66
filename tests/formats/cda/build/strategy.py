"""Entries of every shape that a header can say: what reading gives back is what was drawn."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from hypothesis import strategies as st

from carnet.formats.cda.build import Address, Contact, Details, Telecom
from carnet.formats.entry import (
    Author,
    Coded,
    DocumentEntry,
    Identifier,
    Organisation,
    Patient,
    Period,
    Reference,
)
from carnet.formats.ins import key

__all__ = ["DICOM", "details", "entries", "instants", "texts"]

DICOM: Final = "1.2.840.10008.2.16.4"
_RFC3986: Final = "urn:ietf:rfc:3986"
_CONFIDENTIALITY: Final = "2.16.840.1.113883.5.25"
_LABELS: Final = ("MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX")
# As people type them: accents, ligatures, signs that XML escapes, other scripts; blanks as readers gather them.
_CHARACTERS = st.one_of(
    st.sampled_from("éèçœÉ'’\"<>&]/\\%{}- aZ09"), st.characters(exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp"))
)


def texts(longest: int = 40) -> st.SearchStrategy[str]:
    drawn = st.text(_CHARACTERS, min_size=1, max_size=longest).map(lambda text: " ".join(text.split()))
    return drawn.filter(bool)


_maybe = texts() | st.just("")
_oids = st.lists(st.integers(0, 10**12), min_size=2, max_size=6).map(lambda arcs: ".".join(("1", "2", *map(str, arcs))))
_uuids = st.uuids().map(str)
_names = st.text("ABCdef0189-_/.:", min_size=1, max_size=20)
_document_ids = _oids | _uuids | st.builds("{}^{}".format, _oids, _names)
_identifiers = st.one_of(
    st.builds(Identifier, _oids, _names),
    st.builds(Identifier, st.just(_RFC3986), _oids.map("urn:oid:{}".format) | _uuids.map("urn:uuid:{}".format)),
)
_codes = st.builds(Coded, texts(12), _oids | st.just(""), _maybe)
_zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
instants = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=_zones | st.just(UTC))  # noqa: DTZ001
_organisations = st.builds(Organisation, texts(), _identifiers | st.none()) | st.builds(
    Organisation, st.just(""), _identifiers
)


def _people(*, role: st.SearchStrategy[str]) -> st.SearchStrategy[Author]:
    """Persons with a name, and what is known by number or house alone."""
    house = _organisations | st.none()
    at = instants | st.none()
    profession = _codes | st.none()
    named = st.tuples(texts(), _maybe) | st.tuples(st.just(""), texts())
    persons = st.builds(
        lambda name, **rest: Author(family=name[0], given=name[1], **rest),
        named,
        identifier=_identifiers | st.none(),
        prefix=_maybe,
        suffix=_maybe,
        profession=profession,
        role=role,
        organisation=house,
        at=at,
    )
    numbers = st.builds(Author, identifier=_identifiers, profession=profession, organisation=house, role=role, at=at)
    houses = st.builds(Author, organisation=_organisations, role=role, at=at)
    return persons | numbers | houses


_devices = st.builds(
    Author,
    identifier=_identifiers | st.none(),
    device=texts().filter(lambda text: text.strip(". ")),
    profession=_codes | st.none(),
    organisation=_organisations | st.none(),
    at=instants | st.none(),
)


@st.composite
def _ins(draw: st.DrawFn) -> Identifier:
    start = draw(st.sampled_from("12")) + f"{draw(st.integers(0, 99)):02d}{draw(st.integers(1, 12)):02d}"
    place = draw(st.sampled_from(("49", "2A", "2B", "99")))
    matricule = f"{start}{place}{draw(st.integers(0, 999_999)):06d}"
    oid = draw(st.sampled_from([f"1.2.250.1.213.1.4.{last}" for last in (8, 9, 10, 11)]))
    return Identifier(oid, matricule + key(matricule))


_days = st.dates(date(1000, 1, 1)).map(date.isoformat)
_patients = st.builds(
    Patient,
    ins=_ins() | st.none(),
    local=_identifiers | st.none(),
    birth_family=_maybe,
    birth_given=_maybe,
    birth_givens=_maybe,
    used_family=_maybe,
    used_given=_maybe,
    sex=st.sampled_from(("F", "M", "U", "UN", "")),
    birth_date=_days | _days.map(lambda day: day[:7]) | _days.map(lambda day: day[:4]) | st.just(""),
    birth_place=_maybe,
)
_professionals = st.builds(Identifier, st.just("1.2.250.1.71.4.2.1"), st.from_regex(r"8\d{11}", fullmatch=True))
_orders = st.builds(Reference, st.sampled_from(("order", "accession")), _identifiers)
_studies = st.builds(Reference, st.just("study"), _identifiers)


@st.composite
def entries(draw: st.DrawFn) -> DocumentEntry:
    events = draw(st.lists(_codes, max_size=4, unique_by=lambda code: (code.code, code.system)))
    references = draw(st.lists(_orders, max_size=3))
    if draw(st.booleans()):
        events.append(Coded(draw(st.sampled_from(("MR", "CT", "US"))), DICOM, "Modalité"))
        references += draw(st.lists(_studies, max_size=2))
    return DocumentEntry(
        unique_id=draw(_document_ids),
        type=draw(_codes),
        title=draw(texts(80)),
        created=draw(instants),
        media_type="text/xml",
        patient=draw(_patients),
        language=draw(st.sampled_from(("fr-FR", "en", "br-FR"))),
        confidentiality=draw(st.builds(Coded, st.sampled_from("NRV"), st.just(_CONFIDENTIALITY), _maybe) | st.none()),
        labels=draw(st.frozensets(st.sampled_from(_LABELS))),
        authors=tuple(draw(st.lists(_people(role=_maybe) | _devices, max_size=3))),
        authenticator=draw(_people(role=st.just("")) | st.none()),
        custodian=draw(_organisations | st.none()),
        events=tuple(events),
        period=Period(draw(instants | st.none()), draw(instants | st.none())),
        facility=draw(_codes | st.none()),
        setting=draw(_codes | st.none()),
        references=tuple(references),
        encounter=draw(_identifiers | st.none()),
        referrers=tuple(draw(st.lists(_professionals, max_size=2))),
        set_id=draw(_document_ids | st.just("")),
        version=draw(st.integers(1, 999).map(str) | st.just("")),
        replaces=tuple(draw(st.lists(_document_ids, max_size=2))),
    )


_addresses = st.builds(Address, texts(), texts(), texts(), texts())
_contacts = st.builds(
    Contact,
    _addresses | st.none(),
    st.lists(st.builds(Telecom, texts().map("tel:{}".format), st.sampled_from(("WP", "H", ""))), max_size=2).map(tuple),
)


@st.composite
def details(draw: st.DrawFn, entry: DocumentEntry) -> Details:
    """Besides the entry: contacts of those who have a number in it, and the rest."""
    people = [*entry.authors, *([entry.authenticator] if entry.authenticator else [])]
    houses = [each for each in (entry.custodian, *(who.organisation for who in people)) if each]
    numbers = [who.identifier for who in people] + [house.identifier for house in houses]
    return Details(
        patient=draw(_contacts),
        birth_city=draw(_maybe),
        contacts={number: draw(_contacts) for number in numbers if number and draw(st.booleans())},
        performer=draw(_people(role=st.just("")) | st.none()),
        place=draw(_organisations | st.none()),
        encounter=draw(_codes | st.none()),
    )
