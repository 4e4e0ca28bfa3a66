"""Letting somebody see what is masked: a home's coordinating doctor, an administrator; and the fire brigade's doctor,
who needs it in so many words."""

from __future__ import annotations

import pytest

from carnet.people.rules import Capacity
from tests import people
from tests.web.browsing import plain
from tests.web.patient.guest import Guest, about, granting

ALWAYS = {"duree": "toujours"}


@pytest.mark.parametrize(
    ("capacity", "offered", "told"),
    [
        (Capacity.COORDINATING, "Mon médecin coordonnateur peut tout lire", "lit tout, avec votre accord"),
        (Capacity.CARE, "Lui montrer aussi ce que je masque", "Nommé administrateur par vous"),
    ],
)
def test_what_is_masked_is_shown_to_whom_the_holder_says(
    guest: Guest, capacity: Capacity, offered: str, told: str
) -> None:
    doctor = people.a_doctor(capacity=capacity)
    assert offered in guest.text(granting(doctor))
    guest.asks(granting(doctor), ALWAYS)
    assert guest.opened_by(doctor) == 2
    guest.asks(granting(doctor), ALWAYS | {"masques": "1"})
    assert guest.opened_by(doctor) == 3
    assert told in guest.text(about(doctor.id))
    masked = guest.documents("/documents?masques=1")[0]
    assert "avec votre accord, même si le document est masqué" in guest.text(masked)
    # Withdrawn and taken back: it shows as much as before.
    done = guest.asks(about(doctor.id), {"acte": "retirer"})
    assert done.headers["location"] == f"{about(doctor.id)}?fait=retire&masques=1"
    assert guest.opened_by(doctor) is None
    guest.asks(about(doctor.id), {"acte": "rendre", "masques": "1"})
    assert guest.opened_by(doctor) == 3


@pytest.mark.parametrize("capacity", [Capacity.OCCUPATIONAL, Capacity.FIRE, Capacity.CHILD_PROTECTION])
def test_others_are_shown_nothing_that_is_masked(guest: Guest, capacity: Capacity) -> None:
    doctor = people.a_doctor(capacity=capacity)
    assert "ce que je masque" not in guest.text(granting(doctor))
    guest.asks(granting(doctor), ALWAYS | {"masques": "1", "expres": "1"})
    assert not any(each.unmasked for each in guest.settings().given)


def test_the_fire_brigade_s_doctor_needs_an_express_consent(guest: Guest) -> None:
    doctor = people.a_doctor(capacity=Capacity.FIRE)
    assert "Votre refus est sans conséquence" in guest.text(granting(doctor))
    answer = guest.asks(granting(doctor), ALWAYS)
    assert answer.status_code == 422
    assert "Donnez votre accord exprès, ou n'autorisez pas" in plain(answer.text)
    guest.asks(granting(doctor), ALWAYS | {"expres": "1"})
    assert guest.opened_by(doctor) == 2
