"""The last results of a record are found series by series, and of a profile what is shown, by indexes."""

from django.db import migrations, models
from django.db.models.functions import Collate

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [("health", "0019_gathered")]

    operations = [
        # No index holds thousands of bytes; `carnet extract` gives such a series the name that `health.rows` does.
        migrations.RunSQL(
            "update record.health_statement set series = 'sha256:' || encode(sha256(convert_to(series, 'UTF8')), 'hex')"
            " where octet_length(series) > 1700",
            migrations.RunSQL.noop,
        ),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(
                models.F("record_id"),
                models.F("kind"),
                Collate("series", "C"),
                models.F("since").desc(nulls_last=True),
                models.F("known_at").desc(),
                models.F("fact"),
                name="health_by_series",
            ),
        ),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(
                condition=~models.Q(said_by="document"), fields=["record_id", "source_id"], name="health_by_own_words"
            ),
        ),
        *(
            RunSqlFile(each, package="carnet.health")
            for each in (
                "functions.sql",
                "reading_functions.sql",
                "news_functions.sql",
                "treatment_functions.sql",
                "results.sql",
            )
        ),
    ]
