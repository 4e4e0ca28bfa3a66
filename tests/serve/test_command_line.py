"""The program `carnet`: what it answers when something is wrong, and the commands of the house itself."""

from __future__ import annotations

import psycopg
import pytest

from carnet.cli import COMMANDS
from carnet.kernel import embedded, passwords
from tests.serve.installation import Installation


def test_alone_it_prints_its_list(installation: Installation) -> None:
    done = installation.run()
    assert done.returncode == 2
    assert all(name.replace("_", "-") in done.stdout for name in COMMANDS)


@pytest.mark.parametrize("words", [["nonsense"], ["serve", "--port", "x"], ["dsn"], ["dsn", "owner"]])
def test_a_command_that_is_badly_written(words: list[str], installation: Installation) -> None:
    done = installation.run(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("words", [["dsn", "reader"], ["token", "--as", "dominique"]])
@pytest.mark.long
def test_what_belongs_to_the_demonstration_says_so(words: list[str], installation: Installation) -> None:
    done = installation.run(*words, CARNET_DEMO="0")
    assert (done.returncode, done.stdout) == (1, "")
    assert "posez CARNET_DEMO=1" in done.stderr


@pytest.mark.long
def test_a_wrong_setting_is_one_line(installation: Installation) -> None:
    done = installation.run("check", CARNET_PORT="x")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("carnet : CARNET_PORT :")
    assert done.stderr.count("\n") == 1


def test_a_database_that_does_not_answer_is_one_line(installation: Installation) -> None:
    url = "postgresql://boss:hunter2@127.0.0.1:1/carnet"
    done = installation.run("migrate", CARNET_DATABASE_URL=url)
    assert done.returncode == 1
    assert done.stderr.startswith("carnet : Connexion à la base impossible")
    assert "hunter2" not in done.stderr + done.stdout


def test_migrating_again_changes_nothing(installation: Installation) -> None:
    done = installation.run("migrate")
    assert (done.returncode, done.stdout) == (0, "La base est à jour.\n")


@pytest.mark.long
def test_the_address_of_a_role_opens_the_database_as_that_role(installation: Installation) -> None:
    with embedded.running(installation.data_dir):
        for role in ("reader", "writer"):
            done = installation.run("dsn", role)
            with psycopg.connect(done.stdout.strip()) as connection:
                row = connection.execute("select current_user, current_setting('statement_timeout')").fetchone()
                assert row == (f"carnet_{role}", "15s")


# How each is opened, how it is closed again, and what the check names.
OPENED = (
    (
        "create table record.naked (record_id uuid)",
        "drop table record.naked",
        "record.naked",
    ),
    (
        "grant select on trail.line_default to carnet_reader",
        "revoke select on trail.line_default from carnet_reader",
        "trail.line_default",
    ),
    (
        "grant delete on trail.line to carnet_writer",
        "revoke delete on trail.line from carnet_writer",
        "trail.line : DELETE",
    ),
    (
        "grant select on app.kernel_actor to public",
        "revoke select on app.kernel_actor from public",
        "app.kernel_actor : SELECT pour public",
    ),
    (
        "alter role carnet_reader bypassrls",
        "alter role carnet_reader nobypassrls",
        "carnet_reader : bypassrls",
    ),
    (
        "create function record.loose() returns int language sql security definer as 'select 1'",
        "drop function record.loose()",
        "record.loose()",
    ),
    (
        "alter table record.kernel_scope owner to carnet_writer",
        "alter table record.kernel_scope owner to carnet_owner",
        "record.kernel_scope appartient à carnet_writer",
    ),
)


class TestCheck:
    def test_a_sound_installation(self, installation: Installation) -> None:
        done = installation.run("check", "--deep")
        assert done.returncode == 0, done.stdout
        names = {line.split(" : ")[0].split()[-1] for line in done.stdout.splitlines()}
        assert {"configuration", "base", "verrous", "horloge", "clés"} <= names
        assert all(line.startswith("ok ") for line in done.stdout.splitlines())

    @pytest.mark.long
    def test_every_lock_that_was_opened_is_named(self, installation: Installation) -> None:
        with embedded.running(installation.data_dir), _owner(installation) as owner:
            for harm, _, _ in OPENED:
                owner.execute(harm.encode())
            try:
                done = installation.run("check")
            finally:
                for _, mend, _ in OPENED:
                    owner.execute(mend.encode())
        assert done.returncode == 1
        faults = [line for line in done.stdout.splitlines() if line.startswith("DÉFAUT")]
        assert [named for _, _, named in OPENED if not any(named in line for line in faults)] == [], done.stdout

    @pytest.mark.long
    def test_a_setting_that_does_not_exist(self, installation: Installation) -> None:
        done = installation.run("check", CARNET_PRT="80")
        assert (done.returncode, "CARNET_PRT" in done.stdout) == (1, True)

    def test_a_production_that_is_open(self, installation: Installation) -> None:
        done = installation.run("check", CARNET_DEMO="0")
        assert done.returncode == 1
        assert "https://" in done.stdout


def _owner(installation: Installation) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        host=str(embedded.socket_dir(installation.data_dir)),
        user=embedded.OWNER,
        password=passwords.kept(installation.data_dir, "owner"),
        dbname=embedded.DATABASE,
        autocommit=True,
    )
