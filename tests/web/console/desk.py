"""The support at its desk: an operator made for one test, a browser of their own, and work that has failed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID, uuid4

import httpx2

from carnet.consent import parents
from carnet.consent.inviting import Channel
from carnet.kernel import clock, config, database
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.kernel.vault import passing
from carnet.people import actions as people_actions
from carnet.people.identity_cases import Proof
from carnet.rights import joining
from tests import people
from tests.sessions import COOKIE, session_of
from tests.web.browsing import Browsing


@contextmanager
def sitting(base: str, who: Actor) -> Iterator[Browsing]:
    with httpx2.Client(base_url=base, timeout=30, cookies={COOKIE: session_of(who)}) as client:
        yield Browsing(client)


@contextmanager
def support(base: str) -> Iterator[Browsing]:
    with sitting(base, people.an_operator("support")) as found:
        yield found


def a_failed_job(
    task: str = "notify.send", state: str = "failed", error: str = "carnet.notify.sending.NotSent"
) -> UUID:
    """As a worker leaves it. What waits does so for long, lest a worker come meanwhile."""
    job_id = uuid4()
    with database.connect(config.load(), "owner", autocommit=True) as owner:
        owner.execute(
            "insert into app.kernel_job (id, task, args, state, attempts, last_error, run_at, finished_at) values"
            " (%s, %s, jsonb_build_object('notice_id', %s::text), %s, 10, %s, now() + interval '1 day', now())",
            (job_id, task, str(uuid4()), state, error),
        )
    return job_id


def a_joining() -> UUID:
    """Of two records of one person, which another operator has proposed."""
    waiting, final = people.a_waiting_record(), people.a_patient()
    proposer = people.an_operator("support")
    joining.propose(proposer, waiting=waiting.ins, final=final.ins, proof=Proof.CARD)
    return joining.cases(proposer)[-1].id


def a_parents_request() -> UUID:
    """Of somebody whom a child's parent invited: their proof waits at the desk."""
    child, mother, father = people.a_patient(birth_date=f"{clock.now().year - 8}-01-01"), *_two()
    people_actions.represent(SYSTEM, record_id=child.record_id, representative_id=mother.id, since=people.long_ago())
    _, code = parents.invite(
        mother, Purpose.REPRESENTATIVE, record_id=child.record_id, name="Paul", channel=Channel.PAPER
    )
    proof = passing.keep(b"%PDF-1.7", until=clock.now() + timedelta(days=9))
    return parents.stand(father, code, parents.Given(parents.Proof.BOOKLET, proof.id, "application/pdf"))


def _two() -> tuple[Actor, Actor]:
    return people.a_person(), people.a_patient().actor


def operators_lines(actor_id: UUID) -> list[tuple[str, str, str]]:
    """Action, outcome and detail of every line of an operator, oldest first, as the owner sees them."""
    with database.connect(config.load(), "owner") as owner:
        return owner.execute(
            "select action, outcome, detail from trail.line where actor_id = %s order by at", (actor_id,)
        ).fetchall()


def pages(desk: Browsing, address: str, name: str = "apres") -> list[str]:
    """Of a list, one after the other; `name` is the parameter that leads on."""
    found, more = list[str](), [""]
    while more:
        found.append(desk.opens(f"{address}{more[0]}").text)
        more = re.findall(rf'href="{address}(\?{name}=[^"]+)"', found[-1])
    return found
