"""Apps that persons open: a parent for a child's record, a young person for their own; and what becomes of them on the
day of eighteen. The day is moved by the birth date, and what was granted by a day into the past, never by the clock."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from carnet.kernel import clock, config, database
from carnet.kernel.actor import SYSTEM
from carnet.people import actions as people_actions
from carnet.people import clients
from carnet.records.ages import AGES
from carnet.records.rules import years_later
from tests import people
from tests.api.consents import given
from tests.notify.test_growing import born
from tests.people import Resident
from tests.smart.app import App, Browser, fhir, told
from tests.web.browsing import plain, token

SCOPE = "openid fhirUser offline_access launch/patient patient/*.cruds user/*.rs"


def eighteen_in(days: int) -> str:
    """The birth date of who comes of age in so many days: a day begins at midnight in France."""
    today = clock.now().astimezone(ZoneInfo("Europe/Paris"))
    return (years_later(today, -AGES.alone).date() + timedelta(days=days)).isoformat()


def an_app(server: str) -> App:
    app = App(server, scope=SCOPE)
    clients.change(client_id=app.id, for_persons=True)
    return app


def a_day_passes(child: Resident, *actors: Resident) -> None:
    with database.connect(config.load(), "owner") as owner:
        for table, column in (("people_app_grant", "created_at"), ("people_app_consent", "given_at")):
            back = f"update app.{table} set {column} = {column} - interval '1 day' where actor_id = any (%s)"
            owner.execute(back.encode(), ([each.actor.id for each in (child, *actors)],))
        # A right that was remembered ends with its day; here the day came otherwise.
        owner.execute("update record.kernel_scope set epoch = epoch + 1 where record_id = %s", (child.record_id,))
        owner.commit()


def test_what_was_let_in_before_eighteen_ends_on_the_day_and_is_asked_again(server: str) -> None:
    child, parent = people.a_patient(birth_date=eighteen_in(1)), people.a_patient()
    people_actions.represent(
        SYSTEM, record_id=child.record_id, representative_id=parent.actor.id, since=people.long_ago()
    )
    app = an_app(server)
    theirs, own = Browser(server, parent.actor), Browser(server, child.actor)

    # A parent says for which record, what it reads, until when; writing and other records are left out.
    asked = app.asks(scope=SCOPE)
    page = theirs.goes(asked)
    assert "Pour quel carnet ouvrir Appli Épreuve ?" in plain(page.text)
    chosen = theirs.sends(page, acte="choisir", ouvrir=str(child.record_id))
    page = theirs.goes(chosen.headers["Location"])
    assert "Elle ne peut rien ajouter, changer ni effacer" in plain(page.text)
    assert "Le jour des dix-huit ans de Camille, elle s'arrête" in plain(page.text)
    tokens = app.changes(told(theirs.sends(page, acte="accepter"))["code"]).json()
    assert tokens["scope"] == "launch/patient offline_access openid patient/*.rs"
    assert "fhirUser" not in tokens

    # The young person lets it into their own record too: nothing to choose.
    page = own.goes(asked)
    assert "Laisser Appli Épreuve lire votre carnet ?" in plain(page.text)
    mine = app.changes(told(own.sends(page, acte="accepter"))["code"]).json()
    assert mine["fhirUser"].endswith(f"/fhir/Patient/{mine['patient']}")
    assert mine["patient"] == tokens["patient"]
    assert {line.action for line in people.trail(child)} >= {"app-let-in"}
    assert "Elle lit le carnet de Camille" in plain(theirs.goes("/applications").text)

    # The day before, both read, and renew; of nobody else, and nothing is written.
    reads = f"DocumentReference?patient={tokens['patient']}"
    for each in (tokens, mine):
        assert fhir(server, each["access_token"], reads).status_code == 200
    other = people.a_patient()
    assert fhir(server, tokens["access_token"], f"DocumentReference?patient={other.record_id}").status_code != 200
    tokens, mine = (app.renews(each["refresh_token"]).json() for each in (tokens, mine))
    for each in (tokens, mine):
        assert fhir(server, each["access_token"], reads).status_code == 200
    assert told(own.goes(asked))["code"], "agreed to already"

    # The day itself.
    born(child, eighteen_in(0))
    a_day_passes(child, parent)
    assert fhir(server, tokens["access_token"], reads).status_code in {401, 403, 404}
    for each in (tokens, mine):
        refused = app.renews(each["refresh_token"])
        assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    assert fhir(server, mine["access_token"], reads).status_code == 401, "all that hung on it"
    assert "Pour quel carnet" not in plain(theirs.goes(asked).text), "the child's is not offered to the parent any more"

    home = plain(own.client.get("/accueil", follow_redirects=True).text)
    assert "Décider pour une application" in home
    page = own.goes("/applications")
    assert "À décider : vous avez dix-huit ans" in plain(page.text)
    page = own.goes(asked)
    assert "Vous avez dix-huit ans : c'est à vous de décider à nouveau" in plain(page.text)
    anew = app.changes(told(own.sends(page, acte="accepter"))["code"]).json()
    assert fhir(server, anew["access_token"], reads).status_code == 200
    assert app.renews(anew["refresh_token"]).status_code == 200
    assert "Décider pour une application" not in plain(own.client.get("/accueil", follow_redirects=True).text)


def test_an_app_opens_the_record_to_nobody_and_keeps_nobody_out(server: str) -> None:
    """Whatever it is registered for, and asks for."""
    scope = "openid launch/patient patient/*.cruds patient/Consent.cruds"
    app, patient, doctor = App(server, scope=scope), people.a_patient(), people.a_doctor()
    clients.change(client_id=app.id, for_persons=True)
    browser = Browser(server, patient.actor)
    tokens = app.changes(told(browser.sends(browser.goes(app.asks(scope=scope)), acte="accepter"))["code"]).json()
    assert tokens["scope"] == "launch/patient openid patient/*.rs"
    consents = f"Consent?patient={tokens['patient']}"
    assert fhir(server, tokens["access_token"], consents).status_code == 200
    for kind in ("permit", "deny"):
        sent = given(patient, doctor, kind)
        answer = fhir(server, tokens["access_token"], "Consent", "POST", json=sent)
        assert answer.status_code == 403
        assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]
    assert {each.action for each in people.trail(patient)}.isdisjoint({"authorise", "block"})


def test_a_parent_who_loses_the_right_loses_the_app_and_whoever_takes_it_back_too(server: str) -> None:
    parent = people.a_patient()
    child = people.a_patient(birth_date=f"{clock.now().year - 9}-02-03")
    people_actions.represent(
        SYSTEM, record_id=child.record_id, representative_id=parent.actor.id, since=people.long_ago()
    )
    carer = people.a_patient()
    people_actions.care_for(
        SYSTEM, record_id=parent.record_id, carer_id=carer.actor.id, rights=["documents"], since=people.long_ago()
    )
    app, theirs = an_app(server), Browser(server, parent.actor)
    asked = app.asks(scope=SCOPE)

    def lets_in(record: Resident) -> dict[str, str]:
        page = theirs.sends(theirs.goes(asked), acte="choisir", ouvrir=str(record.record_id))
        answer = theirs.goes(page.headers["Location"])
        answer = theirs.sends(answer, acte="accepter") if answer.status_code == 200 else answer
        found: dict[str, str] = app.changes(told(answer)["code"]).json()
        return found

    of_child, own = lets_in(child), lets_in(parent)
    people_actions.end_representation(SYSTEM, record_id=child.record_id, representative_id=parent.actor.id)
    assert app.renews(of_child["refresh_token"]).status_code == 400
    page = theirs.goes("/applications")
    assert "Appli Épreuve" in page.text
    gone = theirs.client.post(
        "/applications", data={"application": str(app.id), "acte": "retirer", **token(page.text)}, follow_redirects=True
    )
    assert "cette application ne lit plus rien" in plain(gone.text)
    assert fhir(server, own["access_token"], f"DocumentReference?patient={own['patient']}").status_code == 401
    assert "Aucune application ne lit votre carnet" in plain(gone.text)

    # Who helps offers their own record alone; a professional opens no app of persons, nor a person one of theirs.
    helping = Browser(server, carer.actor)
    assert "Pour quel carnet" not in plain(helping.goes(asked).text)
    assert Browser(server, people.a_doctor()).goes(asked).status_code == 403
    assert theirs.goes(App(server).asks()).status_code == 403
    assert told(helping.sends(helping.goes(asked), acte="refuser"))["error"] == "access_denied"
    assert told(helping.goes(app.asks(scope="openid user/*.rs")))["error"] == "invalid_scope"


def test_an_app_that_may_not_ask_is_told_what_is_missing(server: str) -> None:
    app, own = an_app(server), Browser(server, people.a_patient().actor)
    assert told(own.goes(app.asks(scope=SCOPE, prompt="none")))["error"] == "consent_required"
    assert told(Browser(server).goes(app.asks(scope=SCOPE, prompt="none")))["error"] == "login_required"
    there = Browser(server).goes(app.asks(scope=SCOPE)).headers["Location"]
    assert there.startswith("/connexion?suite=")
