"""What is read back from a stored text is found by what the entry itself was found by when it was written."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.formats.entry import Author, DocumentEntry, Organisation, replace
from carnet.formats.fhir import document_reference, read_stored
from carnet.formats.fhir.search import index
from carnet.formats.terminology import labels
from tests.cases import cases
from tests.formats.fhir import entries as made

NOW = datetime(2026, 6, 12, 8, 30, tzinfo=UTC)
ENTRY_UUID = UUID(int=7)
MASKS = st.integers(0, labels.mask_of(["MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX"]))
NOBODY = st.sampled_from([Author(), Author(role="Rédacteur"), Author(organisation=Organisation("Clinique"))])


def written(entry: DocumentEntry, mask: int, *, archived: bool, replaces_id: str | None) -> str:
    return document_reference.write(
        entry,
        fhir_id="doc-1",
        patient_id="p-1",
        version=3,
        last_updated=NOW,
        status="superseded",
        labels_mask=mask,
        size=1,
        sha1=bytes(20),
        content_url="Binary/doc-1",
        entry_uuid=ENTRY_UUID,
        replaces_id=replaces_id,
        archived=archived,
    ).decode()


@settings(max_examples=cases(200))
@given(
    made.entries,
    st.none() | st.lists(NOBODY, max_size=2).map(tuple),
    MASKS,
    st.booleans(),
    st.none() | st.just("doc-0"),
)
def test_the_index_of_the_text_is_that_of_the_entry(
    entry: DocumentEntry, nobody: tuple[Author, ...] | None, mask: int, archived: bool, replaces_id: str | None
) -> None:
    if nobody is not None:
        entry = replace(entry, authors=nobody)
    found = read_stored.read(written(entry, mask, archived=archived, replaces_id=replaces_id))
    assert found.replaces_id == replaces_id

    def indexed(of: DocumentEntry) -> index.RowIndex:
        return index.of_document(
            of, labels_mask=mask, archived=archived, entry_uuid=ENTRY_UUID, replaces_id=replaces_id
        )

    assert indexed(found.entry) == indexed(entry)
