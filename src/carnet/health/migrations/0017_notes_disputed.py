"""« C'est une erreur » about a professional's own note too: what is reported names a source, a document or words."""

from django.db import migrations, models

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [("health", "0015_called_off")]

    operations = [
        # A source is a document or words of somebody: no one table holds the keys of both.
        migrations.RunSQL(
            "alter table record.health_fact_report drop constraint health_fact_report_document_id_within_record"
        ),
        migrations.RemoveConstraint(model_name="factreport", name="health_fact_report_once"),
        migrations.RenameField(model_name="factreport", old_name="document_id", new_name="source_id"),
        migrations.RenameField(model_name="factcase", old_name="document_id", new_name="source_id"),
        migrations.AddConstraint(
            model_name="factreport",
            constraint=models.UniqueConstraint(
                condition=models.Q(("taken_back_at__isnull", True)),
                fields=("record_id", "fact", "source_id"),
                name="health_fact_report_once",
                violation_error_message="Cette erreur est déjà signalée.",
            ),
        ),
        migrations.AddField(model_name="factreport", name="answered_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="factreport", name="corrected_by", field=models.UUIDField(null=True)),
        migrations.AddField(
            model_name="factcase", name="noted", field=models.BooleanField(db_default=False, default=False)
        ),
        RunSqlFile("functions.sql", package="carnet.health"),
        RunSqlFile("reading_functions.sql", package="carnet.health"),
        RunSqlFile("news_functions.sql", package="carnet.health"),
        RunSqlFile("profile_functions.sql", package="carnet.health"),
    ]
