import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0011_extract")]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="part_of",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"
            ),
        ),
        migrations.RemoveConstraint(model_name="professional", name="people_professional_capacity_known"),
        migrations.AddConstraint(
            model_name="professional",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "capacity__in",
                        [
                            "care",
                            "occupational",
                            "pmi",
                            "insurer",
                            "regulation",
                            "secretariat",
                            "fire",
                            "coordinating",
                        ],
                    )
                ),
                name="people_professional_capacity_known",
                violation_error_message="Cette position professionnelle n'est pas reconnue.",
            ),
        ),
    ]
