from django.db import migrations

# The FHIR text of a document, once compressed, fits the row: without this PostgreSQL puts each into a table beside, and
# a list of twenty looks there twenty times. So do the words of most documents, which a search reads through. Rows that
# are there already stay as they are until they are written anew.
_WIDTHS = {"record.documents_document": 3072, "record.documents_text": 8160}


def _width(table: str, width: int) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"alter table {table} set (toast_tuple_target = {width})",
        f"alter table {table} reset (toast_tuple_target)",
    )


class Migration(migrations.Migration):
    dependencies = [("documents", "0006_list_versions")]

    operations = [_width(table, width) for table, width in _WIDTHS.items()]
