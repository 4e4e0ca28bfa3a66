from django.db import migrations

# The row policy lets the writer forget a token that ended a day ago, and no other: one that holds is revoked, so that
# what it allowed ends in every process.
_POLICIES = (
    "alter table app.people_token enable row level security",
    "create policy see on app.people_token for select to carnet_reader, carnet_writer using (true)",
    "create policy add on app.people_token for insert to carnet_writer with check (true)",
    "create policy change on app.people_token for update to carnet_writer using (true) with check (true)",
    "create policy forget on app.people_token for delete using (expires_at < now() - interval '1 day')",
    "grant delete on app.people_token to carnet_writer",
)


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_visit"),
    ]

    operations = [migrations.RunSQL(statement) for statement in _POLICIES]
