from __future__ import annotations

from carnet.kernel import checks
from tests.kernel.audit.conftest import Trail


def said(trail: Trail, name: str, *, deep: bool = False) -> list[tuple[bool, str]]:
    return [(result.ok, result.text) for part, result in checks.run(trail.config, deep=deep) if part == name]


def test_a_sealed_trail_is_well(trail: Trail) -> None:
    trail.write(2)
    trail.seal()
    trail.write(1)
    assert said(trail, "journal", deep=True) == [
        (True, "1 lignes attendent leur sceau"),
        (True, "partitions prêtes pour 3 mois"),
        (True, "1 sceaux enchaînés et signés, conformes au fichier"),
    ]


def test_lines_that_nobody_seals_are_a_fault(trail: Trail) -> None:
    trail.write(1)
    trail.owner.execute("update trail.line set at = now() - interval '20 minutes'")
    assert said(trail, "journal")[0] == (
        False,
        "1 lignes attendent leur sceau depuis trop longtemps : le worker tourne-t-il ?",
    )


def test_a_changed_seal_is_a_fault(trail: Trail) -> None:
    trail.write(2)
    trail.seal()
    trail.owner.execute("update trail.seal set lines = 1")
    assert (False, "signature fausse, sceau 1") in said(trail, "journal", deep=True)


def test_a_missing_partition_is_a_fault(trail: Trail) -> None:
    trail.owner.execute("alter table trail.line detach partition trail.line_default")
    try:
        assert (False, "partition par défaut du journal absente") in said(trail, "journal")
    finally:
        trail.owner.execute("alter table trail.line attach partition trail.line_default default")


def test_no_lock_of_the_trail_is_missing_in_the_catalogue(trail: Trail) -> None:
    assert said(trail, "verrous") == [(True, "sécurité par ligne, droits et rôles conformes")]
