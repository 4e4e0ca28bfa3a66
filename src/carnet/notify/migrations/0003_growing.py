from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("kernel", "0009_erasing"), ("notify", "0002_first_access"), ("people", "0013_families")]

    operations = [
        # Of the children whom somebody represents by now; later ones begin with the representation.
        migrations.RunSQL(
            """
            insert into app.kernel_job (id, task, args, key, run_at)
            select gen_random_uuid(), 'notify.growing', jsonb_build_object('record_id', x.record_id::text),
                   x.record_id::text, now()
              from (select distinct l.record_id from record.people_representation l where l.kind = 'parent') x
            """,
            migrations.RunSQL.noop,
        )
    ]
