"""Relations inside a record, whose keys are `(record_id, id)`.

Django refuses a ForeignKey to a composite primary key; this declares the virtual relation for queries, and
`add_reference` gives the SQL of the real constraint, for the migration.
"""

from __future__ import annotations

from django.db import models


def within_record(to: str, column: str, *, related_name: str = "+") -> models.ForeignObject:  # type: ignore[type-arg]
    """The relation `(record_id, column) → to (record_id, id)`, both in the same record by construction."""
    return models.ForeignObject(
        to,
        on_delete=models.DO_NOTHING,
        from_fields=["record_id", column],
        to_fields=["record_id", "id"],
        related_name=related_name,
        null=True,
    )


def add_reference(table: str, column: str, target: str) -> str:
    return (
        f"alter table record.{table} add constraint {table}_{column}_within_record"
        f" foreign key (record_id, {column}) references record.{target} (record_id, id)"
        f" deferrable initially deferred"
    )
