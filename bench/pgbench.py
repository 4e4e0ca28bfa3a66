"""The floor of the list: pgbench sends the very statement, with the very values, as the reader."""

from __future__ import annotations

import re
import resource
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from psycopg import ClientCursor

from bench.children import Result
from bench.recorded import Statement
from carnet.kernel import config, database
from carnet.kernel.embedded import binary

_MOST_THREADS = 2
_SPEED = re.compile(r"^tps = ([\d.]+)", re.MULTILINE)


def scripts(folder: Path, statements: Sequence[Statement]) -> list[Path]:
    """One for each record, its values as literals: pgbench cannot bind a row of many types."""
    with database.connect(config.load(), "reader") as reader:
        cursor = ClientCursor(reader)
        texts = [cursor.mogrify(each.text, each.values) for each in statements]
    paths = [folder / f"list-{number}.sql" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(f"{text};\n", encoding="utf-8")
    return paths


def run(paths: Sequence[Path], *, connections: int, seconds: float) -> Result:
    """Prepared statements; the seconds leave out the time of connecting."""
    facts = database.conninfo(config.load(), "reader")
    with TemporaryDirectory() as folder:
        command = [
            str(binary("pgbench")), "--no-vacuum", "--protocol=prepared", f"--client={connections}",
            f"--jobs={min(connections, _MOST_THREADS)}", f"--time={max(1, round(seconds))}", "--log",
            f"--log-prefix={folder}/took", *(f"--file={path}" for path in paths), facts["dbname"],
        ]  # fmt: skip
        environment = {f"PG{name.upper()}": facts[name] for name in ("host", "port", "user", "password")}
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        took = [int(line.split()[2]) / 1e6 for log in Path(folder).iterdir() for line in log.read_text().splitlines()]
    speed = _SPEED.search(done.stdout)
    if done.returncode != 0 or speed is None:
        raise RuntimeError(f"pgbench: {done.stderr[-2000:]}")
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Result(took, len(took) / float(speed[1]), used, [])
