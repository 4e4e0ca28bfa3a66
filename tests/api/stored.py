"""What a house holds of a record, counted by the owner of its database and in its folder of contents."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import UUID

from carnet.kernel import config, database

_TABLES = (
    "documents_document",
    "documents_version",
    "documents_list",
    "documents_list_item",
    "documents_list_version",
    "documents_link",
    "documents_notice",
    "consent_authorship",
)


def rows_of(record_id: UUID) -> dict[str, int]:
    """Rows of each table with content, and the record's places in the locator."""
    with database.connect(config.load(), "owner") as owner:
        schemas = dict(
            owner.execute(
                "select relname, relnamespace::regnamespace::text from pg_class where relname = any (%s)",
                (list(_TABLES),),
            ).fetchall()
        )
        counts = {
            table: owner.execute(
                f"select count(*) from {schemas[table]}.{table} where record_id = %s", (record_id,)
            ).fetchone()
            for table in _TABLES
        }
        blobs = owner.execute("select count(*) from app.kernel_blob where scope_id = %s", (record_id,)).fetchone()
        places = owner.execute("select count(*) from app.kernel_locator where record_id = %s", (record_id,)).fetchone()
    return {name: row[0] for name, row in (counts | {"kernel_blob": blobs, "kernel_locator": places}).items() if row}


def contents() -> set[str]:
    """Names of the encrypted contents in the store."""
    folder = Path(os.environ["CARNET_DATA_DIR"]) / "store"
    return {path.name for path in folder.rglob("*") if path.is_file()}
