from typing import Any

from django.db import migrations

from carnet.kernel.db import locator
from carnet.records.rules import Traits

_AT_ONCE = 1000


def locate(apps: Any, schema_editor: Any) -> None:
    """Records that were opened before are found by their strict traits as well."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("select id, birth_family, birth_given, birth_date from record.records_record")
        while rows := cursor.fetchmany(_AT_ONCE):
            digests = [locator.digest(locator.TRAITS, Traits(*row[1:]).key) for row in rows]
            with schema_editor.connection.cursor() as adding:
                adding.execute(
                    "insert into app.kernel_locator (digest, record_id, kind)"
                    " select d, r, %s from unnest(%s::bytea[], %s::uuid[]) x (d, r) on conflict do nothing",
                    (locator.TRAITS, digests, [row[0] for row in rows]),
                )


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]

    operations = [migrations.RunPython(locate, migrations.RunPython.noop)]
