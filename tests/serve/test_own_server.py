"""A PostgreSQL of one's own, whose owner is no superuser: what production has."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import psycopg
import pytest

from carnet.kernel import embedded, passwords
from tests.serve.installation import Installation


class OwnServer:
    """Another installation's embedded server, used as a server of one's own."""

    def __init__(self, host: Installation) -> None:
        self.host = host
        self.socket = embedded.socket_dir(host.data_dir)

    def superuser(self, database: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        password = passwords.kept(self.host.data_dir, "owner")
        return psycopg.connect(
            host=str(self.socket), user=embedded.OWNER, password=password, dbname=database, autocommit=True
        )

    def database(self, name: str, attributes: str) -> str:
        """A database and its owner of the same name; the address."""
        with self.superuser() as superuser:
            superuser.execute(f"create role {name} login password 'own' {attributes}".encode())
            superuser.execute(f"create database {name} owner {name}".encode())
        return f"postgresql://{name}:own@/{name}?host={self.socket}"


@pytest.fixture(scope="module")
def server() -> Iterator[OwnServer]:
    host = Installation()
    try:
        with embedded.running(host.data_dir):
            yield OwnServer(host)
        embedded.destroy(host.data_dir)
    finally:
        shutil.rmtree(host.place, ignore_errors=True)


@pytest.fixture
def client() -> Iterator[Installation]:
    installation = Installation()
    yield installation
    shutil.rmtree(installation.place, ignore_errors=True)


@pytest.fixture(scope="module")
def settings(server: OwnServer) -> Iterator[tuple[Installation, dict[str, str]]]:
    """An installation on a server of one's own, migrated, with what it is told."""
    installation = Installation()
    settings = {"CARNET_DATABASE_URL": server.database("carnet_one", "createrole")}
    done = installation.run("migrate", **settings)
    assert done.returncode == 0, done.stderr
    yield installation, settings
    shutil.rmtree(installation.place, ignore_errors=True)


@pytest.mark.long
def test_an_owner_who_may_not_create_roles_is_told_so(server: OwnServer, client: Installation) -> None:
    url = server.database("weak", "")
    done = client.run("migrate", CARNET_DATABASE_URL=url)
    assert done.returncode == 1
    # The roles belong to the whole server: they are missing, or another test has made them.
    assert "alter role weak createrole" in done.stderr or "grant carnet_trail to weak" in done.stderr


class TestMigrated:
    @pytest.mark.long
    def test_it_is_sound(self, settings: tuple[Installation, dict[str, str]]) -> None:
        installation, environ = settings
        done = installation.run("check", **environ)
        assert done.returncode == 0, done.stdout + done.stderr
        assert installation.run("migrate", **environ).returncode == 0

    def test_it_serves(self, settings: tuple[Installation, dict[str, str]]) -> None:
        installation, environ = settings
        serving = installation.serve(CARNET_DATABASE_URL=environ["CARNET_DATABASE_URL"]).ready()
        assert serving.status() == 200
        assert not serving.find("embedded.guard")
        serving.process.terminate()
        assert serving.wait() == 0

    @pytest.mark.long
    def test_passwords_of_another_installation_are_not_taken_away(
        self, settings: tuple[Installation, dict[str, str]], client: Installation
    ) -> None:
        installation, environ = settings
        done = client.run("migrate", **environ)
        assert done.returncode == 1
        assert "CARNET_READER_PASSWORD" in done.stderr
        assert installation.run("check", **environ).returncode == 0

    @pytest.mark.long
    def test_another_machine_is_given_the_passwords_and_the_key(
        self, settings: tuple[Installation, dict[str, str]], client: Installation
    ) -> None:
        installation, environ = settings
        given = {
            f"CARNET_{login.upper()}_PASSWORD": str(passwords.kept(installation.data_dir, login))
            for login in ("reader", "writer")
        }
        given["CARNET_KEY_FILE"] = str(installation.data_dir / "keys" / "master.key")
        done = client.run("migrate", **environ, **given)
        assert done.returncode == 0, done.stderr
        assert not (client.data_dir / "database").exists()
