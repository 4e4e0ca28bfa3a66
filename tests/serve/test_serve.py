"""`carnet serve`: says when it is ready, starts again what dies, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import time
from pathlib import Path

import pytest

from carnet.kernel import passwords
from carnet.kernel.config import load
from carnet.serve.environment import for_child, without_owner
from tests.serve.installation import Installation, Serving, eventually


class TestStarting:
    def test_it_says_ready_when_it_answers_and_how_to_sign_in(self, serving: Serving) -> None:
        assert serving.status() == 200
        said = "".join(serving.lines)
        assert said.startswith(f"Carnet is ready: http://localhost:{serving.port}\n")
        assert "/demo/connexion" in said
        assert "dominique" in said

    @pytest.mark.long
    def test_a_taken_port_is_said_in_one_line(self, serving: Serving, installation: Installation) -> None:
        done = installation.run("serve", "--port", str(serving.port))
        assert done.returncode == 1
        assert done.stdout == ""
        assert done.stderr.startswith(f"carnet : Le port {serving.port}")
        assert done.stderr.count("\n") == 1
        assert serving.status() == 200

    def test_a_port_held_by_another_program_is_as_well(self, installation: Installation) -> None:
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            done = installation.run("serve", "--port", str(other.getsockname()[1]))
        assert (done.returncode, "n'est pas libre" in done.stderr) == (1, True)

    def test_a_production_waits_for_its_operator(self) -> None:
        installation = Installation()
        done = installation.run("serve", CARNET_DEMO="0", CARNET_PUBLIC_URL="https://carnet.example")
        assert done.returncode == 1
        assert "carnet migrate" in done.stderr.splitlines()[-1]

    @pytest.mark.long
    def test_without_worker(self, installation: Installation) -> None:
        serving = installation.serve("--no-worker").ready()
        assert serving.find("carnet.serve.web")
        assert not serving.find("carnet.serve.worker")
        serving.process.terminate()
        assert serving.wait() == 0


class TestStopping:
    def test_ctrl_c_leaves_nothing(self, serving: Serving) -> None:
        assert len(serving.processes()) >= 6
        began = time.monotonic()
        os.killpg(serving.process.pid, signal.SIGINT)
        assert serving.wait() == 0
        # One of its processes is still starting: that one is not waited for until it is killed.
        assert time.monotonic() - began < 9
        eventually(lambda: serving.processes() == {})
        assert "Traceback" not in "".join(serving.errors)

    @pytest.mark.long
    def test_sigterm_as_well_even_twice(self, serving: Serving) -> None:
        serving.process.terminate()
        serving.process.terminate()
        assert serving.wait() == 0
        eventually(lambda: serving.processes() == {})

    @pytest.mark.long
    def test_ctrl_c_while_it_starts(self, installation: Installation) -> None:
        serving = installation.serve()
        eventually(lambda: bool(serving.find("carnet.kernel.embedded.guard")))
        os.killpg(serving.process.pid, signal.SIGINT)
        assert serving.wait() == 0
        eventually(lambda: serving.processes() == {})
        assert serving.lines == []

    @pytest.mark.long
    def test_killed_nothing_survives_it(self, serving: Serving) -> None:
        serving.process.kill()
        serving.wait()
        eventually(lambda: serving.processes() == {})

    @pytest.mark.long
    def test_after_a_kill_the_next_start_is_as_any_other(self, installation: Installation) -> None:
        killed = installation.serve().ready()
        killed.process.kill()
        killed.wait()
        # At once, while what was killed is still going.
        again = installation.serve().ready()
        assert again.status() == 200
        again.process.terminate()
        assert again.wait() == 0


@pytest.mark.long
class TestWatching:
    @pytest.mark.parametrize("which", [0, 1], ids=["master", "worker process"])
    def test_a_web_process_that_dies_comes_back(self, serving: Serving, which: int) -> None:
        dead = serving.find("carnet.serve.web")[which]
        os.kill(dead, signal.SIGKILL)
        eventually(lambda: dead not in serving.find("carnet.serve.web") and serving.status() == 200)

    def test_a_worker_that_dies_comes_back(self, serving: Serving) -> None:
        (dead,) = serving.find("carnet.serve.worker")
        os.kill(dead, signal.SIGKILL)
        eventually(lambda: dead not in serving.find("carnet.serve.worker") != [])
        assert any('"process-ended"' in line for line in serving.errors)

    def test_a_database_that_dies_comes_back(self, serving: Serving) -> None:
        (dead,) = serving.find("postgres -D")
        os.kill(dead, signal.SIGKILL)
        eventually(lambda: serving.find("postgres -D") not in ([], [dead]) and serving.status() == 200)

    @pytest.mark.long
    def test_the_guard_of_the_database_is_replaced(self, serving: Serving) -> None:
        (dead,) = serving.find("embedded.guard")
        os.kill(dead, signal.SIGKILL)
        eventually(lambda: serving.find("embedded.guard") not in ([], [dead]))
        assert serving.status() == 200


class TestSecrets:
    def test_web_and_worker_know_nothing_of_the_owner(self, serving: Serving) -> None:
        owner = passwords.kept(serving.installation.data_dir, "owner")
        assert owner
        for pid in serving.find("carnet.serve"):
            told = Path(f"/proc/{pid}/environ").read_bytes().decode()
            assert owner not in told
            assert "CARNET_ROLE" not in told

    @pytest.mark.parametrize(
        ("url", "told"),
        [
            ("postgresql://boss:secret@db:5433/carnet", "postgresql://db:5433/carnet"),
            ("postgresql://boss:s%40c@a:1,b:2/carnet?sslmode=require", "postgresql://a:1,b:2/carnet?sslmode=require"),
            (
                "postgresql://db/carnet?user=boss&password=secret&sslmode=require",
                "postgresql://db/carnet?sslmode=require",
            ),
            ("postgresql:///carnet?host=/run/postgresql", "postgresql:///carnet?host=/run/postgresql"),
        ],
    )
    def test_the_database_address_loses_its_owner(self, url: str, told: str) -> None:
        assert without_owner(url) == told

    def test_what_serves_is_told_everything_else(self) -> None:
        environ = {
            "CARNET_DATABASE_URL": "postgresql://boss:secret@db/carnet",
            "CARNET_ROLE": "owner",
            "PGPASSWORD": "secret",
            "CARNET_CLAMD": "tcp://clamd:3310",
            "PATH": "/bin",
        }
        told = for_child(load(environ), environ)
        assert (told["CARNET_CLAMD"], told["PATH"]) == ("tcp://clamd:3310", "/bin")
        assert "secret" not in str(told)
        assert load(told).owner is False
