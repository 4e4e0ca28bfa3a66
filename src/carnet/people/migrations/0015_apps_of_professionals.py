import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

_ENDS = """
alter table app.people_app_grant add constraint people_app_grant_sizes
    check (session is null or octet_length(session) = 32);
revoke delete on app.people_app_consent from carnet_writer;

-- A grant ends with the session that it hangs on, however that ends; with all of somebody's sessions; with the account.
create function app.people_grants_end() returns trigger language plpgsql as $$
declare
    gone bytea;
    whose uuid;
begin
    if tg_table_name = 'people_sessions_end' then
        whose := new.actor_id;
    elsif tg_table_name = 'kernel_actor' then
        whose := new.id;
    else
        gone := old.digest;
    end if;
    with ended as (
        update app.people_app_grant g set ended_at = now()
         where g.ended_at is null and (g.session = gone or g.actor_id = whose)
        returning g.actor_id
    )
    update app.kernel_actor a set epoch = a.epoch + 1 where a.id in (select e.actor_id from ended e);
    return null;
end
$$;
create trigger people_grants_end after delete on app.people_signed_in
    for each row execute function app.people_grants_end();
create trigger people_grants_end_elsewhere after update of ended_at on app.people_signed_in
    for each row when (new.ended_at is not null) execute function app.people_grants_end();
create trigger people_grants_end after update of ended_at on app.people_provider_session
    for each row when (new.ended_at is not null) execute function app.people_grants_end();
create trigger people_grants_end after insert or update on app.people_sessions_end
    for each row execute function app.people_grants_end();
create trigger people_grants_end after update of active on app.kernel_actor
    for each row when (not new.active) execute function app.people_grants_end();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0010_throttle"),
        ("people", "0014_disowned"),
    ]

    operations = [
        migrations.CreateModel(
            name="IdKey",
            fields=[
                ("kid", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("sealed", models.BinaryField()),
                ("public", models.JSONField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
            ],
            options={
                "db_table": "people_id_key",
            },
        ),
        migrations.AddField(
            model_name="client",
            name="launch_uris",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="client",
            name="opens_sessions",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="client",
            name="public",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="client",
            name="redirect_uris",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="client",
            name="trusted",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="token",
            name="proof",
            field=models.JSONField(null=True),
        ),
        migrations.CreateModel(
            name="AppGrant",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("organisation_id", models.UUIDField(null=True)),
                ("purpose", models.CharField(max_length=15)),
                ("regulates", models.BooleanField()),
                ("scope", models.TextField()),
                ("context", models.BinaryField(null=True)),
                ("session", models.BinaryField(max_length=32, null=True)),
                ("refreshes", models.BooleanField()),
                ("assurance", models.CharField(blank=True, max_length=8)),
                ("proven_at", models.DateTimeField()),
                ("created_at", models.DateTimeField()),
                ("used_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.kernelactor"
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.client"
                    ),
                ),
            ],
            options={
                "db_table": "people_app_grant",
            },
        ),
        migrations.CreateModel(
            name="AppCode",
            fields=[
                ("digest", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("redirect_uri", models.TextField()),
                ("challenge", models.CharField(max_length=43)),
                ("nonce", models.CharField(blank=True, max_length=200)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.appgrant"
                    ),
                ),
            ],
            options={
                "db_table": "people_app_code",
            },
        ),
        migrations.AddField(
            model_name="token",
            name="grant",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="people.appgrant"),
        ),
        migrations.CreateModel(
            name="Launch",
            fields=[
                ("digest", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=6)),
                ("organisation_id", models.UUIDField(null=True)),
                ("purpose", models.CharField(max_length=15)),
                ("regulates", models.BooleanField()),
                ("context", models.BinaryField()),
                ("proof", models.JSONField(null=True)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.kernelactor"
                    ),
                ),
                (
                    "app",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.client"
                    ),
                ),
                (
                    "asker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.client"
                    ),
                ),
            ],
            options={
                "db_table": "people_launch",
            },
        ),
        migrations.CreateModel(
            name="RefreshToken",
            fields=[
                ("digest", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("bound", models.CharField(blank=True, max_length=80)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.appgrant"
                    ),
                ),
            ],
            options={
                "db_table": "people_refresh_token",
            },
        ),
        migrations.CreateModel(
            name="AppConsent",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("scope", models.TextField()),
                ("given_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.kernelactor"
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.client"
                    ),
                ),
            ],
            options={
                "db_table": "people_app_consent",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("actor", "client"),
                        name="people_app_consent_once",
                        violation_error_message="Cette application a déjà votre accord.",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="appgrant",
            index=models.Index(fields=["session"], name="people_app_grant_of_session"),
        ),
        migrations.AddIndex(
            model_name="appgrant",
            index=models.Index(fields=["actor", "client"], name="people_app_grant_of_actor"),
        ),
        migrations.RemoveConstraint(model_name="signedin", name="people_signed_in_way_known"),
        migrations.AddConstraint(
            model_name="signedin",
            constraint=models.CheckConstraint(
                condition=models.Q(("way__in", ["provider", "passkey", "code", "link"])),
                name="people_signed_in_way_known",
                violation_error_message="Cette manière de se connecter n'est pas reconnue.",
            ),
        ),
        migrations.RunSQL(_ENDS),
    ]
