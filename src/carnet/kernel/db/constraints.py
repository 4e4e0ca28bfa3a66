"""Rules that stand in the database have a name and a message; a violation becomes a field error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.apps import apps
from django.db import IntegrityError
from django.db.models import BaseConstraint


# Not frozen: what an exception passes through sets its traceback.
@dataclass(eq=False)
class Violation(Exception):
    """`field` is the column that a form would mark; `message` is French and holds no value of the row."""

    constraint: str
    field: str
    message: str


def _named(name: str) -> BaseConstraint | None:
    for model in apps.get_models():
        for constraint in model._meta.constraints:  # noqa: SLF001  (Django's documented introspection)
            if constraint.name == name:
                return constraint
    return None


@contextmanager
def violations() -> Iterator[None]:
    """Turns the violation of a named constraint into a `Violation`; any other error goes on as it is."""
    try:
        yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        name = getattr(diagnosis, "constraint_name", None)
        constraint = _named(name) if name else None
        if constraint is None:
            raise
        fields = getattr(constraint, "fields", ())
        field = getattr(constraint, "field", None) or (fields[-1] if fields else "")
        raise Violation(constraint.name, field, str(constraint.violation_error_message)) from error
