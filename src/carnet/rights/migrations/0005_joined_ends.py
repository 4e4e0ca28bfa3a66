from django.db import migrations, models

# What had been joined to a record that was erased before: its day has come.
_DUE = """
    with recursive j (record_id) as (
        select r.record_id from app.rights_joining r
          join trail.erasure e on e.record_id = r.into_id where r.done_at is not null
        union
        select r.record_id from j join app.rights_joining r on r.into_id = j.record_id and r.done_at is not null
    )
    update record.kernel_scope s set erase_at = now() from j where s.record_id = j.record_id
"""
_ENDED = """
    insert into app.kernel_job (id, task, args, key, run_at)
    select gen_random_uuid(), 'rights.erase', jsonb_build_object('record_id', s.record_id), s.record_id::text, now()
      from record.kernel_scope s join app.rights_joining r on r.record_id = s.record_id
     where r.done_at is not null and s.erase_at <= now()
"""


class Migration(migrations.Migration):
    dependencies = [("rights", "0003_joining")]

    operations = [
        migrations.AddField("joining", "fault", models.CharField(blank=True, db_default="", default="", max_length=20)),
        migrations.RunSQL([_DUE, _ENDED]),
    ]
