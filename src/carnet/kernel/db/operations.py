"""Migration operations of the house."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from carnet.kernel.db.policies import Policy
from carnet.kernel.db.statements import text


class Protect(Operation):
    """Moves a table into the schema `record` under row-level security; there is no way back."""

    reduces_to_sql = True
    reversible = False

    def __init__(self, table: str, policy: Policy) -> None:
        self.table = table
        self.policy = policy

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The state of the models does not know of schemas."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        schema_editor.execute(f"alter table app.{self.table} set schema record")
        for statement in self.policy.sql(f"record.{self.table}"):
            schema_editor.execute(statement)

    def database_backwards(self, *args: Any, **kwargs: Any) -> None:
        raise NotImplementedError("Protection is not taken away by a migration.")

    def describe(self) -> str:
        return f"Protect {self.table} by row-level security"


class RunSqlFile(Operation):
    """Runs a `.sql` file of a package."""

    reduces_to_sql = True
    reversible = False

    def __init__(self, filename: str, package: str = "carnet.kernel.sql") -> None:
        self.filename = filename
        self.package = package

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Functions, policies and partitions are no model state."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        schema_editor.execute(text(self.package, self.filename), params=None)

    def database_backwards(self, *args: Any, **kwargs: Any) -> None:
        raise NotImplementedError("Migrations go forward.")

    def describe(self) -> str:
        return f"Run {self.filename}"
