"""Many different entries, as CDA headers or publications could give them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TypeVar

from hypothesis import strategies as st

from carnet.formats import ins
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
from carnet.formats.terminology import document_types, labels, systems

words = st.text(
    st.characters(categories=["Lu", "Ll", "Nd", "Po", "Sm"], exclude_characters="\\"), min_size=1, max_size=12
)
oids = st.lists(st.integers(0, 99_999), min_size=2, max_size=8).map(lambda n: ".".join(map(str, (1, 2, 250, *n))))
uuids = st.uuids().map(str)
unique_ids = oids | uuids | st.builds("{}^{}".format, oids | uuids, words)
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
moments = st.builds(
    lambda seconds, hours: (_EPOCH + timedelta(seconds=seconds)).astimezone(timezone(timedelta(hours=hours))),
    st.integers(-3_000_000_000, 3_000_000_000),
    st.integers(-11, 12),
)
Value = TypeVar("Value")


def optional(strategy: st.SearchStrategy[Value]) -> st.SearchStrategy[Value | None]:
    return st.none() | strategy


def coded_in(system: str, *codes: str) -> st.SearchStrategy[Coded]:
    return st.builds(Coded, st.sampled_from(codes), st.just(system), st.just("") | words)


numbers = st.builds(Identifier, oids, words)
organisations = st.builds(
    Organisation,
    words,
    optional(st.just(Identifier("1.2.250.1.71.4.2.2", "1750803447")) | numbers),
)
professions = coded_in(systems.G15, "10", "21", "60") | coded_in(systems.A02_AUTHOR, "G15_10/SM26")
persons = st.builds(
    Author,
    identifier=optional(st.just(Identifier("1.2.250.1.71.4.2.1", "801234567897")) | numbers),
    family=words,
    given=words | st.just(""),
    prefix=st.sampled_from(["", "DR", "MME"]),
    profession=optional(professions),
    role=st.just("") | words,
    organisation=optional(organisations),
)
devices = st.builds(Author, identifier=optional(numbers), device=words, organisation=optional(organisations))
alone = st.builds(Author, organisation=organisations)
ins_numbers = st.builds(
    lambda oid, order: Identifier(oid, f"2790351{order:06d}" + ins.key(f"2790351{order:06d}")),
    st.sampled_from(sorted(ins.OIDS)),
    st.integers(0, 999_999),
)
themselves = st.builds(Author, identifier=ins_numbers, family=words, given=words | st.just(""))
patients = st.builds(
    Patient,
    ins=optional(ins_numbers),
    local=optional(numbers),
    birth_family=st.just("") | words,
    birth_given=st.just("") | words,
    birth_givens=st.just("") | words,
    used_family=st.just("") | words,
    used_given=st.just("") | words,
    sex=st.sampled_from(["", "M", "F", "U"]),
    birth_date=st.sampled_from(["", "1979", "1979-03", "1979-03-28"]),
    birth_place=st.sampled_from(["", "51215", "99100"]),
)
types = st.sampled_from(document_types.all_types()).map(lambda kind: Coded(kind.code, kind.system, kind.display))
study = st.builds(Identifier, st.just("urn:ietf:rfc:3986"), oids.map("urn:oid:{}".format))
references = st.builds(Reference, st.sampled_from(["order", "accession", "study"]), numbers | study)
bases = st.sampled_from(["N", "R", "V"]).map(labels.base)

entries = st.builds(
    DocumentEntry,
    unique_id=unique_ids,
    type=types,
    title=words,
    created=moments,
    media_type=st.sampled_from(["text/xml", "application/pdf", "image/jpeg", "text/plain"]),
    patient=patients,
    format=optional(coded_in(systems.FORMAT, "urn:ihe:lab:xd-lab:2008", "urn:asip:ci-sis:vsm:2012")),
    language=st.sampled_from(["fr-FR", "en"]),
    confidentiality=optional(bases),
    labels=st.frozensets(st.sampled_from(["MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX"])),
    authors=st.lists(persons | devices | alone | themselves, max_size=3).map(tuple),
    authenticator=optional(persons),
    custodian=optional(organisations),
    events=st.lists(st.builds(Coded, words, oids, words), max_size=3).map(tuple),
    period=st.builds(Period, optional(moments), optional(moments)),
    facility=optional(coded_in(systems.FACILITY, "SA01", "SA05")),
    setting=optional(coded_in(systems.SETTING, "AMBULATOIRE", "ETABLISSEMENT")),
    references=st.lists(references, max_size=2).map(tuple),
    replaces=st.lists(unique_ids, max_size=2).map(tuple),
)

# What a header may leave out or have of its own making.
bare_entries = st.builds(
    DocumentEntry,
    unique_id=unique_ids | words,
    type=st.builds(Coded, words, st.just("") | oids | words, st.just("")),
    title=st.just("") | words,
    created=moments,
    media_type=st.just("application/x-unknown"),
    patient=st.just(Patient()),
    category=optional(st.builds(Coded, st.just("") | words)),
    authors=st.lists(st.just(Author()) | st.builds(Author, role=words) | st.builds(Author, given=words)).map(tuple),
    authenticator=optional(devices | alone | st.just(Author())),
    custodian=optional(st.just(Organisation()) | st.builds(Organisation, identifier=numbers)),
    confidentiality=optional(st.builds(Coded, words)),
    events=st.lists(st.just(Coded("")) | st.builds(Coded, st.just(""), st.just(""), words)).map(tuple),
    references=st.lists(st.builds(Reference, words, numbers), max_size=2).map(tuple),
)
