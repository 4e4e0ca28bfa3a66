"""Of whom the representatives know, a visit that is kept secret is not told either."""

from django.db import migrations

from carnet.kernel.db.operations import RunSqlFile
from carnet.kernel.db.policies import readable_trail


class Migration(migrations.Migration):
    dependencies = [("consent", "0013_let_in")]

    operations = [
        RunSqlFile("functions.sql", package="carnet.consent"),
        migrations.RunSQL(f"alter policy see on trail.line using ({readable_trail()})"),
    ]
