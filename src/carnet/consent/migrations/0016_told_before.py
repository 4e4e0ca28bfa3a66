"""What a representative has looked at in the trail stays told when it turns out to be of a secret visit."""

from django.db import migrations

from carnet.kernel.db.operations import RunSqlFile
from carnet.kernel.db.policies import readable_trail


class Migration(migrations.Migration):
    dependencies = [("consent", "0015_undone")]

    operations = [
        RunSqlFile("functions.sql", package="carnet.consent"),
        migrations.RunSQL(f"alter policy see on trail.line using ({readable_trail()})"),
    ]
