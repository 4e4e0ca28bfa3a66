"""The keys of ID tokens turn without a cut: the next one is published before it signs, the last one a while after."""

from __future__ import annotations

from datetime import timedelta

from carnet.kernel import clock, config, database
from carnet.people import id_keys
from carnet.people.models import IdKey
from tests.conftest import House


def _begun(kid: str, days: int) -> None:
    now = clock.now()
    IdKey.objects.using("default").filter(kid=kid).update(
        since=now - timedelta(days=days), until=now - timedelta(days=days) + timedelta(days=97)
    )


def _published() -> set[str]:
    return {key["kid"] for key in id_keys.published()}


def test_they_turn_without_a_cut(house: House) -> None:
    first = id_keys.signing()
    assert first.kid
    id_keys.turn()
    assert _published() == {first.kid}, "nothing to do yet"
    _begun(first.kid, 84)
    id_keys.turn()
    id_keys.turn()
    (second,) = _published() - {first.kid}
    assert id_keys.signing().kid == first.kid, "published, and not signing yet"
    _begun(first.kid, 91)
    _begun(second, 0)
    assert id_keys.signing().kid == second
    assert _published() == {first.kid, second}, "what the first one signed can still be looked at"
    _begun(first.kid, 98)
    id_keys.turn()
    assert _published() == {second}


def test_no_private_half_is_read_in_the_database(house: House) -> None:
    kid = id_keys.signing().kid
    with database.connect(config.load(), "owner") as owner:
        row = owner.execute("select sealed, public::text from app.people_id_key where kid = %s", (kid,)).fetchone()
    assert row
    assert b'"d"' not in bytes(row[0])
    assert '"d"' not in row[1]
