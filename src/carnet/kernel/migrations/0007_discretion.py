from django.db import migrations

from carnet.kernel.db.operations import RunSqlFile
from carnet.kernel.db.policies import readable_trail


class Migration(migrations.Migration):
    dependencies = [("kernel", "0006_passing")]

    operations = [
        migrations.RunSQL("alter type app.permit add attribute quiet integer, add attribute discreet text"),
        RunSqlFile("permit.sql"),
        migrations.RunSQL(f"alter policy see on trail.line using ({readable_trail()})"),
    ]
