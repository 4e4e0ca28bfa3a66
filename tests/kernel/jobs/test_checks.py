from __future__ import annotations

from carnet.kernel import checks, config, jobs
from tests.kernel.jobs import tasks_of_tests as tasks
from tests.kernel.jobs.conftest import Queue


def said() -> list[tuple[bool, str]]:
    return [(result.ok, result.text) for part, result in checks.run(config.load()) if part == "tâches"]


def test_work_to_do_is_no_fault(queue: Queue) -> None:
    queue.ask()
    assert said() == [(True, "1 à faire")]


def test_work_that_nobody_does_is_a_fault(queue: Queue) -> None:
    queue.ask()
    queue.owner.execute("update app.kernel_job set run_at = now() - interval '20 minutes'")
    assert said() == [(False, f"{tasks.MARK} : 1 en retard, le worker tourne-t-il ?")]


def test_work_that_was_given_up_is_a_fault(queue: Queue) -> None:
    queue.ask(tasks.FAIL)
    for _ in range(3):
        queue.hurry()
        jobs.run_pending()
    assert said() == [(False, f"{tasks.FAIL} : 1 abandonnées après tous les essais")]
