"""What somebody says of advance directives and of organs is read as such a document is: not by carers, nor by every
profession. Of treatments, what is long over is told without its text."""

from django.db import migrations

from carnet.kernel.db.operations import RunSqlFile

# The ordinals of EXPPAT_3 and EXPPAT_1; before, both were kept under that of DOCPAT08.
_NOW = """
update record.health_own_word
   set type_ordinal = case kind when 'directives' then 99 else 97 end
 where kind in ('directives', 'organs')
"""
_BEFORE = "update record.health_own_word set type_ordinal = 58 where kind in ('directives', 'organs')"


class Migration(migrations.Migration):
    dependencies = [("health", "0007_synthesis")]

    operations = [
        migrations.RunSQL(_NOW, _BEFORE),
        RunSqlFile("treatment_functions.sql", package="carnet.health"),
    ]
