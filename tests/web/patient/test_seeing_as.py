"""Who sees what, over HTTP: named, foreseen before a change, and with somebody else's eyes."""

from __future__ import annotations

import re
from uuid import uuid4

from carnet.consent import actions as consent
from carnet.consent import emergency
from carnet.consent.actions import Grantee
from carnet.consent.facts import Choices
from carnet.health import queries as health
from carnet.kernel import clock
from carnet.kernel.actor import SYSTEM, Purpose
from carnet.people import actions as people_actions
from carnet.people import queries as people_queries
from tests import people
from tests.documents.test_handing import handed
from tests.health.stated import result, stating
from tests.health.test_told import corrected
from tests.web.browsing import plain
from tests.web.patient.guest import HOME, Guest, a_house, about, seeing


def test_who_sees_names_organisations_teams_and_whoever_reads_in_an_emergency(guest: Guest) -> None:
    house, team = a_house(), people_actions.add_team(team_id=uuid4(), name="Équipe du cœur")
    inside, member, urgent = people.a_doctor(organisation_id=house), people.a_doctor(), people.a_doctor()
    people_actions.join_team(team_id=team, professional_id=member.id, since=people.long_ago())
    grantees: tuple[Grantee, ...] = (Grantee("organisation", house), Grantee("team", team))
    for to in grantees:
        consent.authorise(guest.patient.actor, Purpose.SELF, record_id=guest.patient.record_id, grantee=to)
    emergency.break_glass(urgent, Purpose.EMERGENCY, record_id=guest.patient.record_id, reason="Malaise dans la rue")
    shown, masked = guest.documents()[:2]
    if "Masqué" not in guest.text(masked):
        shown, masked = masked, shown
    names = people_queries.organisation_names([house])[house], "Équipe du cœur"
    page = guest.text(shown)
    for name in names:
        assert f"{name} " in page
    assert "En ce moment, pour une urgence" in page
    assert "Aucun autre soignant" not in page
    assert not any(name in guest.text(masked) for name in names)
    choices = guest.opens(f"{HOME}/voir-comme").text
    assert all(name in plain(choices) for name in names)
    assert f"qui={urgent.id}&amp;pour=urgence" in choices
    # As such, not their members one by one.
    assert str(inside.id) not in choices
    assert str(member.id) not in choices
    asked = f"{HOME}/voir-comme?document={shown.rpartition('/')[2]}"
    before, then = guest.text(asked), guest.text(f"{asked}&si=masque")
    assert before.count("Le voit") == then.count("Le voit") + then.count("Ne le voit pas") - before.count(
        "Ne le voit pas"
    )
    assert then.count("Ne le voit pas") > before.count("Ne le voit pas")
    assert "Rien n'est encore changé." in then
    seen = guest.text(f"{HOME}/voir-comme?qui={urgent.id}&pour=urgence")
    assert "Voit tout sauf 1 document masqué." in seen
    assert "Rien ne lui dit qu'il existe." in seen


def test_what_a_change_changes_is_shown_before(guest: Guest) -> None:
    doctor = people.authorised(guest.patient, people.a_doctor())
    # Blocking.
    assert "&amp;si=bloque" in guest.opens(about(doctor.id)).text
    blocked = guest.text(f"{seeing(doctor.id)}&si=bloque")
    assert "Si vous bloquiez l'accès aujourd'hui." in blocked
    assert "Aucun document ne lui est montré." in blocked
    assert guest.opened_by(doctor)
    # A rule.
    said = guest.text(f"{HOME}/masquer?quoi=date&jour={clock.now():%d %m %Y}")
    assert "Ce que cela change" not in said, "nothing is that old"
    (author,) = re.findall(r'<option value="(n:[^"]+)"', guest.opens(f"{HOME}/masquer").text)
    shown = guest.text(f"{HOME}/masquer?quoi=auteur&auteur={author}")
    assert "Aujourd'hui : Voit tout sauf 1 document masqué." in shown
    assert "Ensuite : Ne voit aucun document pour l'instant." in shown
    # The switches: nothing is saved by looking.
    answer = guest.client.post(HOME, data={"samu": "1", "voir": "1", "csrfmiddlewaretoken": guest.token()})
    page = plain(answer.text)
    assert "Les urgences Aujourd'hui : Voit tout sauf 1 document masqué. Ensuite : Vous avez refusé d'avance" in page
    assert "Rien ne change : Voit tout sauf 1 document masqué." in page
    assert guest.settings().choices == Choices()


def test_of_who_sees_all_it_is_not_said_that_no_document_is_withheld_in_figures(guest: Guest) -> None:
    attending = people.a_doctor()
    consent.set_attending(SYSTEM, record_id=guest.patient.record_id, professional_id=attending.id)
    seen = guest.text(seeing(attending.id))
    assert "Tous les documents lui sont montrés" in seen
    assert "0 document" not in seen


def test_seeing_with_somebody_elses_eyes(guest: Guest) -> None:
    doctor, stranger = people.authorised(guest.patient, people.a_doctor()), people.a_doctor()
    choices = guest.opens(f"{HOME}/voir-comme").text
    assert seeing(doctor.id) in choices
    assert str(stranger.id) not in choices
    for words in ("Un pharmacien que j'autoriserais", "Les urgences", "Le Samu (15)", "Un soignant sans autorisation"):
        assert words in plain(choices)
    seen = guest.text(seeing(doctor.id))
    assert "Voit tout sauf 1 document masqué." in seen
    assert "1 document ne lui est pas montré" in seen
    assert "Masqué par vous" in seen
    assert "1 document lui est montré." in seen
    assert len(guest.documents(seeing(doctor.id))) == 2
    none = guest.text(seeing(stranger.id))
    assert "2 documents ne lui sont pas montrés" in none
    assert "Aucun document ne lui est montré." in none
    supposed = guest.text(f"{seeing(stranger.id)}&si=autorise")
    assert "Si vous donniez l'autorisation aujourd'hui." in supposed
    assert "Voit tout sauf 1 document masqué." in supposed
    for who in ("pharmacien", "infirmiere", "urgences", "samu", "sans-autorisation", "proche"):
        assert guest.opens(seeing(who)).status_code == 200, who
    consent.choose(
        guest.patient.actor,
        Purpose.SELF,
        record_id=guest.patient.record_id,
        choices=Choices(emergency=False, masked=True),
    )
    assert "Vous avez refusé d'avance cet accès en urgence." in guest.text(seeing("urgences"))
    assert "Voit tout." in guest.text(seeing("samu"))
    assert "Vous avez regardé votre carnet comme quelqu'un d'autre le voit" in guest.text("/acces?qui=moi")
    assert "Personne d'autre que vous" not in guest.text("/acces?qui=moi")


def test_one_document_with_the_eyes_of_each(guest: Guest) -> None:
    doctor = people.authorised(guest.patient, people.a_doctor())
    masked = guest.documents("/documents?masques=1")[0]
    link = f"{HOME}/voir-comme?document={masked.rpartition('/')[2]}"
    assert link in guest.opens(masked).text
    rows = guest.opens(link).text.split("<li ")
    assert "Ne le voit pas" in plain(next(row for row in rows if str(doctor.id) in row))
    other = next(each for each in guest.documents() if each != masked)
    rows = guest.opens(f"{HOME}/voir-comme?document={other.rpartition('/')[2]}").text.split("<li ")
    said = plain(next(row for row in rows if str(doctor.id) in row))
    assert "Le voit" in said
    assert "Ne le voit pas" not in said


def test_why_a_fact_is_not_told_is_said_with_the_document_it_comes_from(guest: Guest) -> None:
    doctor = people.authorised(guest.patient, people.a_doctor())
    masked = frozenset({"MASQUE_PS"})
    stating(guest.patient, result("2.1"))
    hidden = stating(guest.patient, result("9.7", day="2025-01-02"), of=people.entry(labels=masked, title="Thyroïde"))
    page = guest.opens(seeing(doctor.id)).text
    said = plain(page)
    assert "1 sur 2. Le reste vient de ce qui ne lui est pas montré : documents masqués par vous." in said
    assert "Ce qui ne lui est pas dit, et pourquoi" in said
    untold = page.split("et pourquoi")[1].split("</details>")[0]
    assert f'href="/documents/{hidden.id}"' in untold
    assert "Masqué par vous, Thyroïde" in plain(untold)


def test_what_a_replaced_document_said_is_told_as_it_is_to_the_reader(guest: Guest) -> None:
    doctor = people.authorised(guest.patient, people.a_doctor())
    corrected(guest.patient, "6.8", "4.1")
    assert len(health.lines(people.actor(doctor.id), Purpose.CARE, guest.patient.record_id)) == 2
    said = guest.text(seeing(doctor.id))
    assert "Résultats Tout ce que vous voyez : 2" in said
    assert "Le reste vient de" not in said


def test_to_whom_one_document_was_handed_no_profession_keeps_the_others(guest: Guest) -> None:
    doctor = people.a_doctor()
    handed(guest.patient, doctor)
    said = guest.text(seeing(doctor.id))
    assert "Lit ce que vous lui avez remis et ses propres dépôts, et rien d'autre." in said
    assert "1 document lui est montré." in said
    assert "Sa profession" not in said
