"""The embedded PostgreSQL: shared, supervised, and whole after whatever kills whichever of its processes."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from carnet.kernel import embedded, passwords
from carnet.kernel.embedded import layout
from carnet.kernel.embedded.cluster import forget_dead_server
from tests.kernel.embedded_user import User, alive, eventually, guard_of, kill, server_of

_SRC = Path(__file__).resolve().parents[2] / "src"
as_root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@contextmanager
def _place() -> Iterator[Path]:
    """Open to pass through, unlike pytest's own: root's server runs as another user."""
    place = Path(tempfile.mkdtemp(prefix="carnet-embedded-"))
    place.chmod(0o711)
    data = place / "data"
    try:
        yield data
        embedded.destroy(data)
    finally:
        shutil.rmtree(place, ignore_errors=True)


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    with _place() as data:
        with embedded.running(data):
            pass
        yield data


@pytest.fixture
def fresh() -> Iterator[Path]:
    """Nothing is there yet."""
    with _place() as data:
        yield data


@pytest.fixture
def folder(made: Path) -> Iterator[Path]:
    """A cluster of its own that is ready to start; a copy takes a fraction of the time of making one."""
    with _place() as data:
        subprocess.run(["cp", "-a", made, data], check=True)
        yield data


def connect(folder: Path, **other: Any) -> psycopg.Connection[Any]:
    facts = {
        "host": str(embedded.socket_dir(folder)),
        "user": embedded.OWNER,
        "password": passwords.kept(folder, "owner"),
        "dbname": embedded.DATABASE,
        **other,
    }
    return psycopg.connect(autocommit=True, **facts)


def remember(folder: Path, word: str) -> None:
    with connect(folder) as connection:
        connection.execute("create table if not exists memory (word text)")
        connection.execute("insert into memory values (%s)", [word])


def memory(folder: Path) -> list[str]:
    with connect(folder) as connection:
        return [row[0] for row in connection.execute("select word from memory order by 1")]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


class TestOneUser:
    def test_a_first_start_makes_a_server_that_only_the_password_opens(self, fresh: Path) -> None:
        with embedded.running(fresh), connect(fresh) as connection:
            shown = connection.execute(
                "select current_setting('listen_addresses'), current_setting('server_encoding'),"
                " current_setting('fsync'), lower('ÉÇ')"
            ).fetchone()
            assert shown == ("", "UTF8", "on", "éç")
            with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
                connect(fresh, password="guessed")

    def test_secrets_are_closed_to_others(self, fresh: Path) -> None:
        with embedded.running(fresh) as server:
            assert mode(fresh / "database" / "owner") == 0o600
            assert mode(fresh / "database") == mode(server.cluster) == mode(server.socket_dir) == 0o700
            assert mode(fresh / "log") == 0o700
            command = Path(f"/proc/{server_of(fresh)}/cmdline").read_text()
            assert (passwords.kept(fresh, "owner") or "?") not in command

    def test_the_server_knows_none_of_our_settings(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CARNET_DATABASE_URL", "postgresql://owner:secret@elsewhere/carnet")
        with embedded.running(folder):
            for pid in (server_of(folder), guard_of(folder)):
                assert b"CARNET" not in Path(f"/proc/{pid}/environ").read_bytes()

    def test_the_log_tells_nothing_of_what_was_asked(self, folder: Path) -> None:
        with embedded.running(folder), connect(folder) as connection:
            connection.execute("create table people (name text unique)")
            connection.execute("insert into people values (%s)", ["Dominique"])
            for faulty in ("insert into people values ('Dominique')", "select 'Dominique'::int"):
                with pytest.raises(psycopg.Error):
                    connection.execute(faulty)
        log = (folder / "log" / "postgresql.log").read_text()
        assert "ready to accept connections" in log
        assert "Dominique" not in log

    def test_what_was_written_is_there_at_the_next_start(self, folder: Path) -> None:
        with embedded.running(folder):
            remember(folder, "kept")
        assert server_of(folder) is None
        with embedded.running(folder):
            assert memory(folder) == ["kept"]

    @pytest.mark.long
    def test_a_path_longer_than_a_socket_may_be(self, fresh: Path) -> None:
        deep = fresh.joinpath(*["a-rather-long-name-of-a-fresh"] * 6)
        assert len(str(deep)) > 107
        with embedded.running(deep):
            remember(deep, "far away")
        embedded.destroy(deep)

    @pytest.mark.long
    def test_a_creation_that_was_interrupted_is_begun_anew(self, fresh: Path) -> None:
        fresh.mkdir(mode=0o711)
        (fresh / "postgres.new-half" / "base").mkdir(parents=True)
        with embedded.running(fresh):
            assert [path.name for path in fresh.glob("postgres*")] == ["postgres"]

    def test_destroying_leaves_nothing(self, folder: Path) -> None:
        with embedded.running(folder) as server:
            cluster, sockets = server.cluster, server.socket_dir
        embedded.destroy(folder)
        assert not cluster.exists()
        assert not sockets.exists()


class TestSeveralUsers:
    @pytest.mark.long
    def test_two_that_start_at_once_share_one_server(self, fresh: Path) -> None:
        users = [User(fresh) for _ in range(4)]
        assert len({user.ready().postmaster for user in users}) == 1
        for user in users:
            user.leave()
        assert server_of(fresh) is None

    def test_the_last_one_stops_it(self, folder: Path) -> None:
        first, second = User(folder).ready(), User(folder).ready()
        first.leave()
        assert server_of(folder) == second.postmaster
        second.leave()
        assert not alive(second.postmaster)

    @pytest.mark.long
    def test_one_process_may_use_it_twice(self, folder: Path) -> None:
        with embedded.running(folder):
            with embedded.running(folder):
                remember(folder, "inner")
            assert memory(folder) == ["inner"]

    @pytest.mark.long
    def test_users_that_come_and_go_never_see_it_missing(self, folder: Path) -> None:
        script = (
            "import sys; from pathlib import Path; from carnet.kernel import embedded\n"
            "for _ in range(3):\n"
            "    with embedded.running(Path(sys.argv[1])): pass\n"
        )
        users = [subprocess.Popen([sys.executable, "-c", script, str(folder)]) for _ in range(3)]
        assert [user.wait(120) for user in users] == [0, 0, 0]
        assert server_of(folder) is None

    def test_destroying_is_refused_while_it_is_used(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        user = User(folder).ready()
        monkeypatch.setattr(embedded, "_DESTROYED_WITHIN", 0.2)
        with pytest.raises(embedded.EmbeddedError, match="en service"):
            embedded.destroy(folder)
        monkeypatch.undo()
        user.leave()


class TestKilled:
    """Each by kill -9, which nobody can prepare for."""

    @pytest.mark.long
    def test_the_user_alone_the_server_stops_by_itself(self, folder: Path) -> None:
        user = User(folder).ready()
        guard = guard_of(folder)
        remember(folder, "before")
        user.kill()
        eventually(lambda: not alive(user.postmaster) and not alive(guard))
        with embedded.running(folder):
            assert memory(folder) == ["before"]

    @pytest.mark.long
    def test_one_of_two_users_the_other_keeps_the_server(self, folder: Path) -> None:
        first, second = User(folder).ready(), User(folder).ready()
        first.kill()
        with connect(folder) as connection:
            connection.execute("select pg_sleep(0.5)")
        assert server_of(folder) == second.postmaster
        second.leave()

    @pytest.mark.long
    def test_user_and_guard_the_orphan_is_adopted_and_stopped_in_the_end(self, folder: Path) -> None:
        user = User(folder).ready()
        kill(guard_of(folder))
        user.kill()
        assert alive(user.postmaster)
        heir = User(folder).ready()
        assert heir.postmaster == user.postmaster
        heir.leave()
        eventually(lambda: not alive(user.postmaster))

    def test_everything_the_next_start_recovers(self, folder: Path) -> None:
        user = User(folder).ready()
        remember(folder, "committed")
        kill(guard_of(folder))
        user.kill()
        kill(user.postmaster)
        # At once, while processes of the dead server may still hold its memory.
        with embedded.running(folder):
            assert memory(folder) == ["committed"]

    @pytest.mark.long
    def test_the_server_is_started_again_under_its_users(self, folder: Path) -> None:
        with embedded.running(folder):
            remember(folder, "committed")
            dead = server_of(folder)
            assert dead is not None
            kill(dead)
            eventually(lambda: server_of(folder) not in {None, dead})
            eventually(lambda: _answers(folder))
            assert memory(folder) == ["committed"]

    @pytest.mark.long
    def test_the_guard_is_replaced_by_whoever_watches(self, folder: Path) -> None:
        with embedded.running(folder) as server:
            dead, running = guard_of(folder), server_of(folder)
            kill(dead)
            eventually(lambda: not alive(dead))
            server.watch()
            eventually(lambda: guard_of(folder) != dead and alive(guard_of(folder)))
            assert running is not None
            assert server_of(folder) == running
            kill(running)
            eventually(lambda: server_of(folder) not in {None, running})
        assert server_of(folder) is None

    @pytest.mark.long
    def test_the_number_of_a_dead_server_may_belong_to_another_program(self, folder: Path) -> None:
        with embedded.running(folder) as server:
            cluster = server.cluster
        (cluster / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster}\n")
        with embedded.running(folder):
            assert server_of(folder) != os.getpid()

    def test_a_living_server_keeps_its_file(self, folder: Path) -> None:
        with embedded.running(folder) as server:
            forget_dead_server(server.cluster, server.socket_dir)
            assert (server.cluster / "postmaster.pid").exists()


def _answers(folder: Path) -> bool:
    try:
        connect(folder).close()
    except psycopg.OperationalError:
        return False
    return True


class TestRefused:
    def test_a_folder_of_another_version(self, folder: Path) -> None:
        with embedded.running(folder) as server:
            version = server.cluster / "PG_VERSION"
        version.write_text("14\n")
        with pytest.raises(embedded.EmbeddedError, match=r"PostgreSQL 14, .* PostgreSQL 18 .*carnet backup"):
            embedded.running(folder).__enter__()
        assert server_of(folder) is None

    @pytest.mark.long
    def test_a_password_that_is_not_the_servers(self, folder: Path) -> None:
        with embedded.running(folder):
            pass
        (folder / "database" / "owner").write_text("another")
        with pytest.raises(embedded.EmbeddedError, match="mot de passe"):
            embedded.running(folder).__enter__()

    def test_a_folder_that_holds_something_else(self, fresh: Path) -> None:
        (fresh / "postgres").mkdir(parents=True)
        with pytest.raises(embedded.EmbeddedError, match="n'est pas un dossier de PostgreSQL"):
            embedded.running(fresh).__enter__()

    def test_a_socket_folder_open_to_others(self, folder: Path) -> None:
        with embedded.running(folder) as server:
            sockets = server.socket_dir
        sockets.chmod(0o755)
        with pytest.raises(embedded.EmbeddedError, match="CARNET_RUNTIME_DIR"):
            embedded.running(folder).__enter__()
        sockets.chmod(0o700)

    def test_a_socket_folder_that_is_a_link(self, folder: Path) -> None:
        with embedded.running(folder) as server:
            sockets = server.socket_dir
        elsewhere = folder / "elsewhere"
        sockets.rename(elsewhere)
        sockets.symlink_to(elsewhere)
        with pytest.raises(embedded.EmbeddedError, match="CARNET_RUNTIME_DIR"):
            embedded.running(folder).__enter__()
        sockets.unlink()

    @pytest.mark.long
    def test_a_runtime_folder_that_is_too_long(self, fresh: Path) -> None:
        long = fresh / ("x" * 100)
        long.mkdir(parents=True)
        with pytest.raises(embedded.EmbeddedError, match="trop long"):
            embedded.running(fresh, runtime_dir=long).__enter__()

    @pytest.mark.long
    def test_a_server_that_cannot_start_says_why(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with embedded.running(folder) as server:
            conf = server.cluster / "postgresql.conf"
        with conf.open("a") as file:
            file.write("no_such_setting = 1\n")
        monkeypatch.setattr(embedded, "_GUARD_STARTS_WITHIN", 0.5)
        with pytest.raises(embedded.EmbeddedError, match=r"no_such_setting|ne démarre pas"):
            embedded.running(folder).__enter__()


@as_root_only
class TestAsRoot:
    def test_the_server_runs_as_another_user(self, folder: Path) -> None:
        with embedded.running(folder):
            owner = Path(f"/proc/{server_of(folder)}").stat().st_uid
        assert owner != 0
        assert (folder / "postgres").stat().st_uid == owner

    @pytest.mark.long
    def test_a_closed_folder_sends_the_data_to_an_open_place_and_says_so(self, fresh: Path) -> None:
        fresh.mkdir()
        fresh.chmod(0o700)
        user = User(fresh).ready()
        assert "fermé à l'utilisateur de PostgreSQL" in str(user.facts["said"])
        cluster = (fresh / "postgres").resolve()
        assert layout.OPEN_PLACE in cluster.parents
        user.leave()
        with embedded.running(fresh, say=pytest.fail) as server:
            assert server.cluster == cluster
        embedded.destroy(fresh)
        assert not cluster.parent.exists()

    @pytest.mark.long
    def test_closed_programs_are_copied_to_an_open_place(self, fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        fresh.mkdir()
        closed = fresh / "site-packages"
        own = layout.binary("postgres").parents[2]
        shutil.copytree(own, closed / own.name, symlinks=True)
        shutil.copytree(own.with_name(f"{own.name}.libs"), closed / f"{own.name}.libs", symlinks=True)
        closed.chmod(0o700)
        monkeypatch.setattr(layout, "_wheel", lambda: closed / own.name)
        monkeypatch.setattr(layout, "OPEN_PLACE", fresh / "open")
        layout.binaries.cache_clear()
        try:
            programs = layout.binaries(layout.Account(65534, 65534))
        finally:
            layout.binaries.cache_clear()
        assert fresh / "open" in programs.parents
        for program in ("postgres", "initdb", "psql"):
            subprocess.run([programs / program, "--version"], check=True, user=65534, capture_output=True)


@as_root_only
class TestAsNobody:
    """An ordinary account, without any right of root."""

    @pytest.fixture
    def theirs(self, fresh: Path) -> Path:
        fresh.mkdir()
        os.chown(fresh, 65534, 65534)
        return fresh

    def user(self, fresh: Path) -> User:
        return User(
            fresh,
            (_python_for_all(),),
            user=65534,
            group=65534,
            extra_groups=[],
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": os.pathsep.join([str(_SRC), *_site_packages()])},
        )

    @pytest.mark.long
    def test_the_server_is_theirs(self, theirs: Path) -> None:
        user = self.user(theirs).ready()
        assert Path(f"/proc/{user.postmaster}").stat().st_uid == 65534
        user.leave()
        assert not alive(user.postmaster)

    @pytest.mark.long
    def test_root_joins_it_as_them(self, theirs: Path) -> None:
        user = self.user(theirs).ready()
        with embedded.running(theirs):
            assert server_of(theirs) == user.postmaster
        user.leave()
        with embedded.running(theirs):
            assert Path(f"/proc/{server_of(theirs)}").stat().st_uid == 65534

    @pytest.mark.long
    def test_the_folder_of_another_account_is_refused(self, folder: Path) -> None:
        with embedded.running(folder):
            pass
        assert "CARNET_DATA_DIR" in self.user(folder).refusal()


def _site_packages() -> list[str]:
    return [path for path in sys.path if path.endswith("site-packages")]


def _python_for_all() -> str:
    """Ours, or the system's of the same version when ours lies in a closed folder."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, f"/usr/bin/python{version}"):
        try:
            subprocess.run([python, "-c", ""], check=True, user=65534, cwd="/", env={})
        except (OSError, subprocess.CalledProcessError):
            continue
        return python
    pytest.skip(f"no Python {version} that nobody may run: the ordinary account is NOT tested")
