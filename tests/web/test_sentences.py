"""Lists and sentences, made from plain lines."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from carnet.consent.trail import TrailLine
from carnet.documents.queries import DocumentLine
from carnet.web import i18n
from carnet.web.patient import listing, sentences

ME, DOCTOR, LETTER = UUID(int=1), UUID(int=2), UUID(int=3)
NOON = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)


def trail_line(
    action: str = "document-open",
    *,
    actor: UUID = DOCTOR,
    at: datetime = NOON,
    outcome: str = "done",
    target: UUID | None = LETTER,
    capacity: str = "attending",
) -> TrailLine:
    return TrailLine(
        id=UUID(int=9),
        at=at,
        actor_id=actor,
        actor_name="Moi" if actor == ME else "Dr Philippe Martin",
        actor_kind="person" if actor == ME else "professional",
        organisation_name="" if actor == ME else "Cabinet médical du Mail",
        purpose="self" if actor == ME else "care",
        capacity=capacity,
        door="fhir",
        action=action,
        outcome=outcome,
        target_kind="document" if target else "record",
        target_id=target,
        detail="",
    )


def document_line(at: datetime = NOON, *labels: str, mine: bool = False, title: str = "Lettre") -> DocumentLine:
    return DocumentLine(
        id=LETTER,
        status="current",
        title=title,
        type_label="Lettre de liaison",
        category_label="Comptes rendus",
        labels=frozenset(labels),
        masked_by=frozenset(),
        created_at=at,
        service_start=None,
        author_label="Linh NGUYEN",
        organisation_label="Cabinet de cardiologie",
        media_type="text/xml",
        size=1000,
        deposited_at=at,
        mine=mine,
    )


def said(line: TrailLine, title: str | None = "Lettre") -> sentences.Sentence:
    return sentences.sentence(replace(line, title=title), ME)


def test_who_did_what_in_what_capacity() -> None:
    one = said(trail_line())
    assert one.text == "Dr Philippe Martin a lu «\u00a0Lettre\u00a0»"
    assert one.more == "Votre médecin traitant. Pour vos soins. Cabinet médical du Mail."


def test_the_software_through_which_it_was_done_is_named() -> None:
    line = replace(trail_line(), software="Dossier des Ponts")
    said_twice = said(line), said(replace(line, outcome="refused"))
    for one in said_twice:
        assert one.more.endswith("Par l’intermédiaire du logiciel «\u00a0Dossier des Ponts\u00a0».")
    with i18n.use("en"):
        assert said(line).more.endswith('Through the software "Dossier des Ponts".')
    days = sentences.days([line, trail_line()], ME)
    assert len(days[0].sentences) == 2, "with and without software are two sentences"


def test_oneself_is_vous() -> None:
    one = said(trail_line(actor=ME, capacity="holder"))
    assert (one.text, one.more) == ("Vous avez lu «\u00a0Lettre\u00a0»", "")


def test_a_document_that_may_not_be_named_is_not() -> None:
    assert said(trail_line(), None).text == "Dr Philippe Martin a lu un document"


def test_a_refusal_says_that_nothing_was_shown() -> None:
    one = said(trail_line(outcome="refused", capacity="none"))
    assert one.text == "Un accès a été refusé à Dr Philippe Martin"
    assert one.more == "Cabinet médical du Mail. Pour vos soins. Rien ne lui a été montré."


def test_what_was_refused_to_oneself_is_said_to_oneself() -> None:
    one = said(trail_line(actor=ME, outcome="refused", capacity="none"))
    assert (one.text, one.more) == ("Un accès vous a été refusé", "Rien ne vous a été montré.")


def test_a_refusal_says_by_which_rule_and_article() -> None:
    one = said(replace(trail_line(outcome="refused", capacity="none"), detail="emergency-refused"))
    assert one.more == "Cabinet médical du Mail. Pour vos soins. Vous avez refusé d’avance cet accès en urgence."
    assert one.rule == (
        "Code de la santé publique\u00a0: L1111-17 I, R1111-48. Règles de Carnet, version de novembre 2026."
    )


def test_an_access_says_by_which_article_and_which_edition_of_the_rules() -> None:
    assert said(trail_line()).rule == (
        "Code de la santé publique\u00a0: L1111-16. Règles de Carnet, version de novembre 2026."
    )
    assert said(trail_line(actor=ME, capacity="holder")).rule == ""
    assert said(trail_line("record-existence", target=None, capacity="existence")).rule == ""


def test_to_ask_whether_there_is_a_record_is_not_to_use_it() -> None:
    one = said(trail_line("record-existence", target=None, capacity="existence"))
    assert one.text == "Dr Philippe Martin a vérifié si vous avez un carnet, sans l’ouvrir"
    with i18n.use("en"):
        one = said(trail_line("record-existence", target=None, capacity="existence"))
    assert one.text == "Dr Philippe Martin checked whether you have a health record, without opening it"


def test_every_sentence_can_be_said_in_english() -> None:
    with i18n.use("en"):
        for action in [*sentences._ACTS, "something-new"]:
            for actor in (ME, DOCTOR):
                text = said(trail_line(action, actor=actor)).text
                assert "%(" not in text
                assert text.startswith(("You", "Dr Philippe Martin", "A ", "An "))


def test_the_same_thing_twice_in_a_visit_is_one_line() -> None:
    lines = [trail_line(at=NOON - timedelta(minutes=minutes)) for minutes in (0, 25, 90, 30 * 60)]
    found = sentences.days(lines, ME)
    assert [(day.day.day, [one.count for one in day.sentences]) for day in found] == [(18, [2, 1]), (17, [1])]


def test_a_visit_is_one_line_in_whatever_capacity() -> None:
    looked = trail_line("standing-read", capacity="none", target=None)
    lines = [looked, trail_line("documents-list", target=None), replace(looked, action="alert-read")]
    (event,) = sentences.days(lines, ME)[0].events
    assert event.lead.text == "Dr Philippe Martin a consulté la liste de vos documents"
    assert len(event.acts) == 3
    assert not event.disputable, "it is the médecin traitant"
    # What was refused stands by itself, and what was looked at by the way is told with it.
    refused = trail_line(outcome="refused", capacity="none")
    (only,) = sentences.days([looked, refused], ME)[0].events
    assert only.lead.text == "Un accès a été refusé à Dr Philippe Martin"
    assert only.disputable
    assert len(sentences.days([looked, refused, trail_line()], ME)[0].events) == 2


def test_a_visit_over_midnight_is_one_visit() -> None:
    midnight = datetime(2026, 11, 17, 23, 5, tzinfo=UTC)
    (day,) = sentences.days([trail_line(at=midnight), trail_line(at=midnight - timedelta(minutes=10))], ME)
    assert (day.day.day, len(day.events)) == (18, 1)


def test_the_pages_of_a_document_are_no_further_readings() -> None:
    lines = [trail_line(action) for action in ("document-page", "document-page", "document-open", "document-page")]
    assert [one.count for one in sentences.days(lines, ME)[0].sentences] == [1]


def test_what_somebody_did_in_one_go_is_one_line_with_its_acts_on_demand() -> None:
    letters = [UUID(int=number) for number in (21, 22, 22)]
    lines = [replace(trail_line(target=each), title=f"Lettre {each.int}") for each in letters]
    lines.append(trail_line("documents-list", target=None, at=NOON - timedelta(minutes=2)))
    lines.insert(2, trail_line(actor=ME, at=NOON))
    (day,) = sentences.days(lines, ME)
    visit, mine = day.events
    assert visit.lead.text == "Dr Philippe Martin a lu 2 documents"
    assert (visit.lead.at, visit.lead.stranger) == (NOON, DOCTOR)
    assert [(act.text.rpartition(" a ")[2], act.count) for act in visit.acts] == [
        ("lu «\u00a0Lettre 21\u00a0»", 1),
        ("lu «\u00a0Lettre 22\u00a0»", 2),
        ("consulté la liste de vos documents", 1),
    ]
    assert (len(mine.acts), mine.lead.stranger) == (1, None)


def test_an_emergency_leads_what_was_done_in_it() -> None:
    lines = [
        trail_line(capacity="emergency"),
        replace(trail_line("break-glass", target=None, capacity="emergency"), detail="Chute"),
    ]
    (event,) = sentences.days(lines, ME)[0].events
    assert event.lead.text == "Dr Philippe Martin a ouvert votre carnet en urgence"
    assert event.lead.more.endswith("Motif\u00a0: «\u00a0Chute\u00a0».")


@pytest.mark.parametrize(
    ("lesser", "gravest"),
    [
        ("account-looked-up", "guardian-asked"),
        ("document-deposit", "guardian-asked"),
        ("document-open", "entry-stated"),
        ("documents-list", "document-masked"),
        ("document-open", "authorise"),
        ("document-deposit", "export-taken"),
        ("folders-changed", "document-open"),
        ("standing-read", "documents-list"),
    ],
)
def test_the_gravest_act_is_the_title_of_what_was_done_in_one_go(lesser: str, gravest: str) -> None:
    """Whichever came first: what has no place in sight is not looked for."""
    first, then = (trail_line(each, target=None) for each in (lesser, gravest))
    title = sentences.sentence(then, ME).text
    for lines in ([first, then], [then, first]):
        (event,) = sentences.days(lines, ME)[0].events
        assert event.lead.text == title


def test_each_act_that_is_graver_than_others_has_its_words() -> None:
    assert frozenset().union(*sentences._GRAVER) <= sentences._ACTS.keys()


def test_documents_by_year_in_their_order() -> None:
    lines = [document_line(datetime(year, 3, 1, tzinfo=UTC)) for year in (2026, 2024, 2024)]
    assert [(group.year, len(group.rows)) for group in listing.by_year(lines)] == [(2026, 1), (2024, 2)]


@pytest.mark.parametrize(
    ("title", "kind"), [("Écho du cœur", "Compte rendu d’imagerie médicale"), ("CR d'imagerie médicale", ""), ("", "")]
)
def test_the_type_is_said_in_full_unless_the_title_says_it(title: str, kind: str) -> None:
    line = replace(document_line(title=title), type_label="CR d'imagerie médicale")
    assert listing.row(line).kind == kind


def test_the_year_is_that_of_paris() -> None:
    assert listing.by_year([document_line(datetime(2025, 12, 31, 23, 30, tzinfo=UTC))])[0].year == 2026


def test_badges_say_who_added_and_what_is_hidden() -> None:
    shown = listing.badges(document_line(NOON, "MASQUE_PS", mine=True))
    assert [badge.text for badge in shown] == ["Ajouté par vous", "Masqué"]


def test_a_page_ends_where_no_visit_is_under_way() -> None:
    other = UUID(int=4)
    lines = [
        *(trail_line(at=NOON - timedelta(minutes=minutes)) for minutes in (0, 10)),
        trail_line(actor=other, at=NOON - timedelta(minutes=20)),
        trail_line(at=NOON - timedelta(minutes=30)),
        trail_line(actor=other, at=NOON - timedelta(minutes=90)),
    ]
    assert [sentences.whole(lines, ME, least, more=False) for least in range(1, 6)] == [4, 4, 4, 4, 5]
    assert sentences.whole(lines, ME, 1, more=True) == 4
    assert sentences.whole(lines, ME, 5, more=True) is None, "it may go on beyond"
    assert sentences.whole(lines[:4], ME, 1, more=True) is None


def test_an_act_is_told_with_its_own_hour_and_who_looked_again_is_told_beside_it() -> None:
    """Deposited at 12 h and a minute before; the person was looked for before that, and again a quarter later."""
    looked = trail_line("record-existence", target=None, capacity="existence")
    gave = [trail_line("document-deposit", target=UUID(int=number)) for number in (21, 22)]
    gave[1] = replace(gave[1], at=NOON - timedelta(minutes=1))
    before = replace(looked, at=NOON - timedelta(minutes=2))
    (event,) = sentences.days([*gave, before], ME)[0].events
    assert (event.lead.text, event.lead.hours.replace("\u202f", " ").replace("\xa0", " "), event.lead.also) == (
        "Dr Philippe Martin a déposé 2 documents",
        "11 h 59 – 12 h 00",
        "",
    )
    again = replace(looked, at=NOON + timedelta(minutes=15))
    (event,) = sentences.days([again, *gave, before], ME)[0].events
    assert event.lead.at == NOON
    assert event.lead.also.replace("\xa0", " ") == ("et a vérifié si vous avez un carnet, sans l’ouvrir (à 12 h 15)")


def test_what_was_read_beside_a_deposit_is_told_in_the_same_line() -> None:
    listed = trail_line("documents-list", target=None)
    (event,) = sentences.days([listed, trail_line("document-deposit")], ME)[0].events
    assert event.lead.also == "et a consulté la liste de vos documents"
    read = trail_line(at=NOON - timedelta(minutes=5))
    (event,) = sentences.days([listed, trail_line("document-deposit"), read], ME)[0].events
    assert event.lead.also.startswith("et a lu un document")
    with i18n.use("en"):
        (event,) = sentences.days([listed, trail_line("document-deposit")], ME)[0].events
        assert event.lead.also.startswith("and ")
    (event,) = sentences.days([listed, read], ME)[0].events
    assert event.lead.also == "", "who reads has looked at the list"


def test_what_a_parent_sees_in_passing_is_one_quiet_line_a_day() -> None:
    mother = UUID(int=5)
    cover = replace(trail_line("book-read", actor=mother, target=None, capacity="representative"), actor_kind="person")
    lines = [replace(cover, at=NOON - timedelta(hours=hours)) for hours in range(8)]
    lines.insert(1, replace(cover, action="document-open", at=NOON - timedelta(minutes=2)))
    read, passing = sentences.days(lines, ME)[0].events
    assert (read.passing, len(read.acts)) == (False, 1)
    assert (passing.passing, passing.lead.count, len(passing.acts)) == (True, 8, 1)


def test_whoever_reads_by_a_team_or_a_house_is_told_as_either() -> None:
    told = sentences.sentence(trail_line(capacity="team"), ME)
    assert "Membre d’une équipe ou d’un établissement que vous avez autorisé" in told.more.replace("'", "’")


def test_what_the_settings_say_of_each_reader_is_one_line_with_having_read_them() -> None:
    each = [trail_line("preview-counts", actor=ME, target=UUID(int=number)) for number in range(8, 11)]
    lines = [*each, trail_line("confidentiality-read", actor=ME, target=None)]
    (event,) = sentences.days(lines, ME)[0].events
    assert event.lead.text == "Vous avez consulté vos réglages de confidentialité"
    assert event.lead.count == 1
