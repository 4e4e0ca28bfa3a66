from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction

from carnet.kernel import jobs
from carnet.kernel.jobs import registry, status, worker
from tests.kernel.jobs import tasks_of_tests as tasks
from tests.kernel.jobs.conftest import Queue


def test_a_job_is_done_once(queue: Queue) -> None:
    queue.ask(mark=7)
    assert jobs.run_pending() == 1
    assert jobs.run_pending() == 0
    assert (queue.effects(), queue.states()) == ([7], [("done", 1, None)])


def test_enqueueing_needs_the_transaction_of_the_fact(queue: Queue) -> None:
    with pytest.raises(jobs.NotInTransaction):
        jobs.enqueue(tasks.MARK, {"mark": 1})


def test_a_rolled_back_fact_asks_for_nothing(queue: Queue) -> None:
    def fact() -> None:
        with transaction.atomic():
            jobs.enqueue(tasks.MARK, {"mark": 1})
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fact()
    assert jobs.run_pending() == 0
    assert queue.states() == []


def test_an_unknown_task_is_refused_at_once(queue: Queue) -> None:
    with transaction.atomic(), pytest.raises(jobs.UnknownTask):
        jobs.enqueue("nobody", {})


def test_a_job_for_later_waits_for_its_instant(queue: Queue) -> None:
    with transaction.atomic():
        jobs.enqueue(tasks.MARK, {"mark": 1}, run_at=datetime.now(UTC) + timedelta(hours=1))
    assert jobs.run_pending() == 0
    queue.hurry()
    assert jobs.run_pending() == 1


def test_a_failing_job_waits_longer_each_time_then_gives_up(queue: Queue) -> None:
    queue.ask(tasks.FAIL)
    waits = []
    for _ in range(3):
        queue.hurry()
        assert jobs.run_pending() == 1
        assert jobs.run_pending() == 0
        row = queue.owner.execute("select round(extract(epoch from run_at - now())) from app.kernel_job").fetchone()
        waits.append(int(row[0]) if row else 0)
    assert waits == [10, 30, 60]
    assert queue.states() == [("failed", 3, "builtins.LookupError")]
    assert queue.effects() == []


def test_an_error_is_kept_by_its_type_alone(queue: Queue) -> None:
    queue.ask(tasks.FAIL)
    jobs.run_pending()
    row = queue.owner.execute("select to_jsonb(j)::text from app.kernel_job j").fetchone()
    assert row
    assert "270035121518989" not in row[0]


def test_failures_and_counts_are_visible(queue: Queue) -> None:
    queue.ask(tasks.FAIL)
    queue.ask(tasks.MARK)
    jobs.run_pending(limit=1)
    (failure,) = jobs.recent_failures()
    assert (failure.task, failure.state, failure.attempts, failure.last_error) == (
        tasks.FAIL,
        "waiting",
        1,
        "builtins.LookupError",
    )
    by_task = {count.task: count for count in jobs.counts()}
    assert (by_task[tasks.FAIL].waiting, by_task[tasks.FAIL].due, by_task[tasks.FAIL].failed) == (1, 0, 0)
    assert (by_task[tasks.MARK].waiting, by_task[tasks.MARK].due) == (1, 1)
    assert by_task[tasks.MARK].oldest_due is not None


def test_a_job_given_up_can_be_tried_again(queue: Queue) -> None:
    job_id = queue.ask(tasks.FAIL)
    for _ in range(3):
        queue.hurry()
        jobs.run_pending()
    assert jobs.hurry(uuid4()) is None
    assert jobs.hurry(job_id) == tasks.FAIL
    assert queue.states() == [("waiting", 0, "builtins.LookupError")]


def test_a_failing_job_is_tried_at_once_and_then_given_up_for_good(queue: Queue) -> None:
    job_id, well = queue.ask(tasks.FAIL), queue.ask()
    jobs.run_pending()
    assert jobs.run_pending() == 0
    assert jobs.hurry(job_id) == tasks.FAIL
    assert jobs.run_pending() == 1
    assert queue.states()[0][:2] == ("waiting", 2), "the attempts go on being counted"
    (failure,) = jobs.recent_failures()
    assert (failure.error, failure.periodic) == ("LookupError", False)
    assert jobs.give_up(well) is None, "what has not failed is not given up"
    assert jobs.give_up(job_id) == tasks.FAIL
    assert jobs.give_up(job_id) is None
    assert jobs.recent_failures() == []


def test_what_a_worker_holds_is_left_to_it(queue: Queue) -> None:
    job_id = queue.ask(tasks.FAIL)
    jobs.run_pending()
    with queue.owner.transaction():
        queue.owner.execute("select from app.kernel_job where id = %s for update", (job_id,))
        assert jobs.hurry(job_id) is None
        assert jobs.give_up(job_id) is None
    assert jobs.give_up(job_id) == tasks.FAIL


def test_jobs_of_one_key_are_done_by_one_run(queue: Queue) -> None:
    for mark in (1, 2, 3):
        queue.ask(key="record", mark=mark)
    queue.ask(key="other", mark=4)
    assert jobs.run_pending() == 2
    assert queue.effects() == [1, 4]
    assert [state for state, _, _ in queue.states()] == ["done"] * 4


def test_a_failure_holds_back_every_job_of_its_key(queue: Queue) -> None:
    queue.ask(tasks.FAIL, key="record")
    queue.ask(tasks.FAIL, key="record")
    assert jobs.run_pending() == 1
    assert {state for state, _, _ in queue.states()} == {"waiting"}
    assert jobs.run_pending() == 0


def test_a_fact_that_comes_during_a_run_gets_a_run_of_its_own(queue: Queue) -> None:
    """The run may have read before the fact: its job must not count as done. Nor does the fact wait for the run."""

    def another_fact() -> None:
        def ask() -> None:
            queue.ask(key="record", mark=2)
            connections.close_all()

        tasks.around.clear()
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join(5)
        assert not thread.is_alive()

    tasks.around["after"] = another_fact
    queue.ask(key="record", mark=1)
    assert jobs.run_pending(limit=1) == 1
    assert queue.effects() == [1]
    jobs.run_pending()
    assert queue.effects() == [1, 2]


def test_two_runs_of_one_key_never_overlap(queue: Queue) -> None:
    queue.ask(key="record", mark=1)
    job = worker._claim()
    assert job
    with transaction.atomic(), connection.cursor() as cursor:
        assert worker._hold(cursor, job) == [job.id]
        queue.owner.execute(
            "insert into app.kernel_job (id, task, args, key)"
            " values (gen_random_uuid(), %s, '{\"mark\": 2}', 'record')",
            (tasks.MARK,),
        )
        thread = threading.Thread(target=_run_and_leave)
        thread.start()
        thread.join()
    assert queue.effects() == []
    assert sorted(queue.states()) == [("waiting", 0, None), ("waiting", 1, None)]


def _run_and_leave() -> None:
    jobs.run_pending(limit=1)
    connections.close_all()


def test_a_claim_that_came_too_late_does_nothing(queue: Queue) -> None:
    """A worker that slept between claim and run finds that another has claimed the job since."""
    queue.ask()
    late = worker._claim()
    queue.hurry()
    assert late
    assert jobs.run_pending() == 1
    worker._run(late)
    assert queue.effects() == [1]


def test_a_job_that_kills_every_worker_is_given_up(queue: Queue) -> None:
    queue.ask()
    for _ in range(tasks.QUICK.attempts):
        queue.hurry()
        assert worker._claim()
    queue.hurry()
    jobs.run_pending()
    assert queue.states() == [("failed", tasks.QUICK.attempts + 1, worker.WORKER_LOST)]
    assert queue.effects() == []


def test_a_task_has_transactions_inside_its_own(queue: Queue) -> None:
    queue.ask(tasks.NEST, mark=1)
    jobs.run_pending()
    assert queue.effects() == [1, 2]


def test_a_long_task_is_no_forgotten_transaction(queue: Queue) -> None:
    queue.ask(tasks.SETTINGS)
    jobs.run_pending()
    assert queue.states() == [("done", 1, None)]
    with connection.cursor() as cursor:
        cursor.execute("show idle_in_transaction_session_timeout")
        assert cursor.fetchone() != ("0",)


def test_a_job_of_a_newer_version_is_left_to_it(queue: Queue) -> None:
    queue.owner.execute("insert into app.kernel_job (id, task) values (gen_random_uuid(), 'of.tomorrow')")
    assert jobs.run_pending() == 0
    assert [count.due for count in jobs.counts() if count.task == "of.tomorrow"] == [1]


@pytest.fixture
def periodic() -> registry.Task:
    return registry.Task("test.often", lambda: tasks.leave(5), every=timedelta(hours=1))


def test_a_periodic_task_has_one_row_that_comes_back(
    queue: Queue, periodic: registry.Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "_tasks", {periodic.name: periodic})
    worker.plan()
    worker.plan()
    assert jobs.run_pending() == 1
    queue.hurry()
    assert jobs.run_pending() == 1
    assert queue.effects() == [5, 5]
    rows = queue.owner.execute(
        "select state, attempts, round(extract(epoch from run_at - now()) / 60) from app.kernel_job"
    ).fetchall()
    assert rows == [("waiting", 0, 60)]


def test_another_period_holds_from_the_next_start(
    queue: Queue, periodic: registry.Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "_tasks", {periodic.name: periodic})
    worker.plan()
    jobs.run_pending()
    shorter = registry.Task(periodic.name, periodic.function, every=timedelta(minutes=1))
    monkeypatch.setattr(registry, "_tasks", {periodic.name: shorter})
    worker.plan()
    assert queue.owner.execute(
        "select every, run_at <= now() + interval '1 minute' from app.kernel_job"
    ).fetchall() == [(timedelta(minutes=1), True)]


def test_old_jobs_are_tidied_away(queue: Queue) -> None:
    for state, days in (("done", 6), ("done", 8), ("failed", 80), ("failed", 100), ("waiting", 1000)):
        queue.owner.execute(
            "insert into app.kernel_job (id, task, state, finished_at)"
            " values (gen_random_uuid(), 'x', %s, now() - make_interval(days => %s))",
            (state, days),
        )
    assert status.purge() == 2
    assert [state for state, _, _ in queue.states()] == ["done", "failed", "waiting"]


def test_a_job_is_found_by_its_index_among_many_done(queue: Queue) -> None:
    queue.owner.execute(
        "insert into app.kernel_job (id, task, state)"
        " select gen_random_uuid(), 'x', 'done' from generate_series(1, 5000);"
        " analyze app.kernel_job"
    )
    plan = queue.owner.execute(
        "explain " + worker._SQL["due"].replace("for update skip locked", ""), {"tasks": ["x", tasks.MARK]}
    ).fetchall()
    assert any("kernel_job_due" in row[0] for row in plan)
