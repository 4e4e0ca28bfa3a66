from django.db import migrations, models

STATES = [
    ("informed", "annoncé"),
    ("unopened", "jamais activé"),
    ("active", "ouvert"),
    ("opposed", "refusé"),
    ("closed", "fermé"),
    ("suspended", "suspendu"),
    ("deceased", "fermé après un décès"),
    ("joined", "réuni à un autre"),
]


class Migration(migrations.Migration):
    dependencies = [("records", "0005_entry_codes")]

    operations = [
        migrations.AlterField("record", "state", models.CharField(choices=STATES, max_length=10)),
        migrations.RemoveConstraint("record", "records_record_state_known"),
        migrations.AddConstraint(
            model_name="record",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", [name for name, _ in STATES])),
                name="records_record_state_known",
                violation_error_message="L'état du carnet n'est pas reconnu.",
            ),
        ),
        # The number of a record that is joined leads to the other.
        migrations.RunSQL("grant update (record_id) on app.kernel_locator to carnet_writer"),
    ]
