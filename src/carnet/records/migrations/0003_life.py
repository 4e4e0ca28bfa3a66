from django.db import migrations, models

from carnet.kernel.db.operations import Protect
from carnet.kernel.db.policies import of_record

_STATES = {
    "informed": "annoncé",
    "unopened": "jamais activé",
    "active": "ouvert",
    "opposed": "refusé",
    "closed": "fermé",
    "suspended": "suspendu",
    "deceased": "fermé après un décès",
}


# Records that were closed before are kept for ten years as well.
_KEPT = """
    update record.kernel_scope s set erase_at = r.state_since + interval '10 years'
      from record.records_record r where r.id = s.record_id and r.state = 'closed'
"""
_ENDED = """
    insert into app.kernel_job (id, task, args, key, run_at)
    select gen_random_uuid(), 'rights.erase', jsonb_build_object('record_id', s.record_id), s.record_id::text,
           s.erase_at
      from record.kernel_scope s where s.erase_at is not null
"""


def _of_record_and(second: str) -> models.CompositePrimaryKey:
    return models.CompositePrimaryKey(
        "record_id", second, blank=True, editable=False, primary_key=True, serialize=False
    )


class Migration(migrations.Migration):
    dependencies = [("records", "0002_traits"), ("kernel", "0009_erasing"), ("kernel", "0004_jobs")]

    operations = [
        migrations.RemoveConstraint("record", "records_record_state_known"),
        migrations.AlterField("record", "state", models.CharField(choices=list(_STATES.items()), max_length=10)),
        migrations.AddConstraint(
            "record",
            models.CheckConstraint(
                condition=models.Q(("state__in", list(_STATES))),
                name="records_record_state_known",
                violation_error_message="L'état du carnet n'est pas reconnu.",
            ),
        ),
        migrations.AddField(
            "record", "former_state", models.CharField(blank=True, db_default="", default="", max_length=10)
        ),
        migrations.AddField("record", "told_at", models.DateTimeField(null=True)),
        migrations.AddField("record", "opens_at", models.DateTimeField(null=True)),
        migrations.AddField("record", "erasing_asked", models.BooleanField(db_default=False, default=False)),
        migrations.AddField("record", "died_on", models.DateField(null=True)),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("record_id", models.UUIDField(primary_key=True, serialize=False)),
                ("code", models.BinaryField(max_length=32)),
                ("tries", models.IntegerField(default=0)),
                ("tried_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "records_letter"},
        ),
        migrations.CreateModel(
            name="Deed",
            fields=[
                ("pk", _of_record_and("id")),
                ("record_id", models.UUIDField()),
                ("id", models.UUIDField()),
                ("act", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                ("channel", models.CharField(max_length=10)),
                ("ground", models.CharField(blank=True, max_length=20)),
                ("claimant", models.CharField(blank=True, max_length=20)),
                ("reference", models.CharField(max_length=12)),
            ],
            options={"db_table": "records_deed"},
        ),
        migrations.CreateModel(
            name="OptOut",
            fields=[
                ("pk", _of_record_and("id")),
                ("record_id", models.UUIDField()),
                ("id", models.UUIDField()),
                ("what", models.CharField(max_length=12)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
            ],
            options={"db_table": "records_opt_out"},
        ),
        Protect("records_letter", of_record()),
        Protect("records_deed", of_record()),
        Protect("records_opt_out", of_record()),
        migrations.RunSQL([_KEPT, _ENDED]),
    ]
