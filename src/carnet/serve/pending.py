"""Which migrations this version brings that the database has not seen."""

from __future__ import annotations

from django.db import connections
from django.db.migrations.executor import MigrationExecutor


def pending(alias: str) -> list[str]:
    """Names such as `kernel.0002_trail`, in the order of their application."""
    executor = MigrationExecutor(connections[alias])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
