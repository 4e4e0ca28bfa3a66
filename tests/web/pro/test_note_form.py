"""What is noted in a form is the entry that is read back, as the form and as FHIR."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from carnet.formats.clinical.model import Entry
from carnet.formats.fhir import entries as fhir
from carnet.formats.terminology import choices
from carnet.formats.terminology.choices import Of
from carnet.formats.terminology.noting import Note
from carnet.health import boxes
from carnet.health.schedule import diseases
from carnet.kernel import clock
from carnet.web.pro import note_words as words
from carnet.web.pro.note_form import Fields, fields_of, read
from carnet.web.pro.note_form import given as filled

TODAY = date(2026, 11, 26)
free = (
    st.text("abcdéèàç XYZ0123456789'-", min_size=1, max_size=40).map(lambda text: " ".join(text.split())).filter(bool)
)
moments = st.sampled_from(["", "2010", "03 2010", "12 03 2010"])


def again(entry: Entry) -> Entry | None:
    """As it is stored and read."""
    told = fhir.Written(id="a-b", subject="Patient/a", last_updated=clock.now())
    return fhir.read(fhir.load(fhir.dump(fhir.write(entry, told))))


def named(of: Of) -> st.SearchStrategy[str]:
    return st.sampled_from([each.label for each in choices.find(of)]) | free


problems = st.fixed_dictionaries(
    {
        "quoi": named(Of.PROBLEM),
        "etat": st.sampled_from(list(words.CLINICAL)),
        "sur": st.sampled_from(list(words.VERIFICATION)),
        "depuis": moments,
        "note": free | st.just(""),
    }
)
allergies = st.fixed_dictionaries(
    {
        "quoi": named(Of.ALLERGEN),
        "genre": st.sampled_from(list(words.TYPES)),
        "reaction": free | st.just(""),
        "risque": st.sampled_from(list(words.CRITICALITY)),
        "sur": st.sampled_from(list(words.ALLERGY_SURE)),
        "depuis": moments,
    }
)
vaccinations = st.fixed_dictionaries(
    {
        "quoi": st.sampled_from(boxes.listed()) | free,
        "lot": st.text("ABC123", max_size=8),
        "perime": st.sampled_from(["", "05 2030", "31 05 2030"]),
        "jour": st.sampled_from(["2010", "03 2010", "12 03 2010"]),
        "site": st.sampled_from(["", *words.SITES]),
        "voie": st.sampled_from(["", *words.ROUTES]),
        "rang": st.sampled_from(["", words.BOOSTER, *words.RANKS]),
    }
)
against = st.sets(st.sampled_from(list(diseases())), max_size=3)
notes: st.SearchStrategy[tuple[Note, dict[str, str], set[str]]] = st.one_of(
    st.tuples(st.just(Note.PROBLEM), problems, st.just(set())),
    st.tuples(st.just(Note.ALLERGY), allergies, st.just(set())),
    st.tuples(st.just(Note.VACCINATION), vaccinations, against),
)


@given(notes)
def test_noted_read_back_equal(noted: tuple[Note, dict[str, str], set[str]]) -> None:
    note, said, chosen = noted
    entry, faults = read(
        note, filled(note, said, lambda name: list(chosen) if name == "contre" else []), TODAY, represented=False
    )
    assert faults == []
    assert entry is not None
    kept = again(entry)
    assert kept is not None
    assert replace(kept, path="") == entry
    fields = fields_of(kept, labels=frozenset())
    assert {name: fields[name] for name in said} == said
    assert fields.diseases in (chosen, set())
    repeated, _ = read(note, fields, TODAY, represented=False)
    assert repeated == entry


def test_what_is_missing_or_impossible_is_told_at_its_field() -> None:
    said = Fields(
        {"quoi": "", "etat": "x", "sur": "confirmed", "depuis": "2030", "fin": "hier"}, labels=frozenset({"secret"})
    )
    entry, faults = read(Note.PROBLEM, said, TODAY, represented=False)
    assert entry is None
    assert {name for name, _ in faults} == {"quoi", "etat", "depuis", "fin", "etiquettes"}
