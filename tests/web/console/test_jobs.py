"""The support's list of failed work, over HTTP."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from carnet.kernel import config, database
from carnet.kernel.jobs import registry
from carnet.people import tending
from carnet.web.console.words import TASKS
from tests import people
from tests.web.browsing import Browsing, plain
from tests.web.console.desk import a_failed_job, operators_lines, sitting, support

ADDRESS = "/console/taches"


def state(job_id: UUID) -> tuple[str, int] | None:
    with database.connect(config.load(), "owner") as owner:
        row: tuple[str, int] | None = owner.execute(
            "select state, attempts from app.kernel_job where id = %s", (job_id,)
        ).fetchone()
        return row


def acts(desk: Browsing, act: str, job_id: UUID | str) -> str:
    return plain(desk.sends(ADDRESS, {"acte": act, "tache": str(job_id)}).text)


def test_what_has_failed_is_named_by_its_kind_and_error_alone(server: str) -> None:
    job_id = a_failed_job()
    with support(server) as desk:
        page = desk.opens(ADDRESS).text
        assert "Envoi d'un courriel" in plain(page)
        assert "Erreur : NotSent." in plain(page)
        assert "carnet.notify" not in page
        assert "Essais épuisés" in plain(page)
        asked = desk.text(f"{ADDRESS}?abandonner={job_id}")
        assert "ce travail ne sera jamais fait" in asked
        assert state(job_id) == ("failed", 10), "asking does nothing"
        assert "La tâche est abandonnée." in acts(desk, "abandonner", job_id)
        assert state(job_id) is None
        assert "n'est plus là" in acts(desk, "abandonner", job_id)


def test_a_job_is_tried_again_and_who_asked_stands_in_the_trail(server: str) -> None:
    job_id = a_failed_job(task="test.of-another-version")
    operator = people.an_operator("support")
    with sitting(server, operator) as desk:
        assert "va être essayée de nouveau" in acts(desk, "reessayer", job_id)
    assert state(job_id) == ("waiting", 0)
    assert ("job-tried-again", "done", "test.of-another-version") in operators_lines(operator.id)
    assert tending.give_up(operator, job_id)
    assert operators_lines(operator.id)[-1] == ("job-given-up", "done", "test.of-another-version")


def test_what_makes_no_sense_does_nothing(server: str) -> None:
    job_id = a_failed_job()
    with support(server) as desk:
        for sent in ({"acte": "abandonner", "tache": "x"}, {"acte": "x", "tache": str(job_id)}, {}):
            assert desk.sends(ADDRESS, sent).status_code == 200
    assert state(job_id) == ("failed", 10)
    assert tending.give_up(people.an_operator("support"), job_id)


@pytest.mark.usefixtures("house")
def test_only_the_support_tends_to_jobs() -> None:
    job_id = a_failed_job()
    for stranger in (people.an_operator("steering"), people.a_doctor(), people.a_person(), people.software()):
        for act in (tending.try_again, tending.give_up):
            with pytest.raises(PermissionError):
                act(stranger, job_id)
        with pytest.raises(PermissionError):
            tending.work(stranger)
    assert state(job_id) == ("failed", 10)
    assert tending.give_up(people.an_operator("support"), job_id)


@pytest.mark.usefixtures("house")
def test_every_task_has_words() -> None:
    ours = {name for name in registry.discover() if not name.startswith("test.")}
    assert ours == TASKS.keys()


def test_what_has_failed_does_not_end_at_a_page(server: str) -> None:
    made = {a_failed_job(state="waiting") for _ in range(52)}
    with support(server) as desk:
        page, seen = desk.opens(ADDRESS).text, set[str]()
        while more := re.search(rf'href="{ADDRESS}(\?nombre=\d+)#', page):
            page = desk.opens(f"{ADDRESS}{more[1]}").text
            seen |= set(re.findall(r'name="tache" value="([^"]+)"', page))
        assert {str(each) for each in made} <= seen
        for typed in ("-1", "x", "99999999999999999999"):
            assert desk.opens(f"{ADDRESS}?nombre={typed}").status_code == 200
    for each in made:
        assert tending.give_up(people.an_operator("support"), each)
