from django.db import migrations, models

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [("documents", "0010_masks")]

    operations = [
        migrations.AlterField(
            model_name="mask",
            name="kind",
            field=models.CharField(
                choices=[
                    ("category", "une catégorie de documents"),
                    ("before", "ce qui est avant une date"),
                    ("author", "ce qui est d'un auteur"),
                    ("all", "tout"),
                    ("new", "ce qui arrive"),
                ],
                max_length=10,
            ),
        ),
        migrations.RemoveConstraint(model_name="mask", name="documents_mask_of_one_kind"),
        migrations.AddConstraint(
            model_name="mask",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("author_label", ""),
                        ("before", None),
                        ("kind", "category"),
                        ("organisation_label", ""),
                        models.Q(("types", ""), _negated=True),
                    ),
                    models.Q(
                        ("author_label", ""),
                        ("before__isnull", False),
                        ("kind", "before"),
                        ("organisation_label", ""),
                        ("types", ""),
                    ),
                    models.Q(
                        ("author_label", ""),
                        ("before", None),
                        ("kind__in", ["all", "new"]),
                        ("organisation_label", ""),
                        ("types", ""),
                    ),
                    models.Q(
                        ("before", None),
                        ("kind", "author"),
                        ("types", ""),
                        models.Q(("author_label", ""), ("organisation_label", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="documents_mask_of_one_kind",
                violation_error_message=(
                    "Une règle masque une catégorie, ce qui est avant une date, un auteur, ce qui arrive, ou tout."
                ),
            ),
        ),
        RunSqlFile("shelf_functions.sql", package="carnet.documents"),
        RunSqlFile("masks_functions.sql", package="carnet.documents"),
    ]
