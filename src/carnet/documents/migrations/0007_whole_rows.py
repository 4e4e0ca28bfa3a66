from django.db import migrations

# The FHIR text of a document, once compressed, fits the row: without this PostgreSQL puts each into a table beside, and
# a list of twenty looks there twenty times. Rows that are there already stay as they are until they are written anew.
_WHOLE = "alter table record.documents_document set (toast_tuple_target = 3072)"
_PARTED = "alter table record.documents_document reset (toast_tuple_target)"


class Migration(migrations.Migration):
    dependencies = [("documents", "0006_list_versions")]

    operations = [migrations.RunSQL(_WHOLE, _PARTED)]
