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
_FUNCTION = "from record.document_search("
# Carnet receives binary, which pgbench cannot: the same page as text, since a list of bytes would be written in
# hexadecimal and quoted, at more cost than all the rest.
_AS_TEXT = """select max(total), string_agg(id::text, ','), string_agg(key::text, ','), string_agg(fhir, '') """
_SPEED = re.compile(r"^tps = ([\d.]+)", re.MULTILINE)


def script(folder: Path, statements: Sequence[Statement]) -> Path:
    """One statement, prepared once on each connection as Carnet prepares it; pgbench binds the number of the record,
    the only kind of value that it can make, and what differs between records is taken by it from a constant list."""
    (text,) = {_AS_TEXT + each.text[each.text.index(_FUNCTION) :] for each in statements}
    with database.connect(config.load(), "reader") as reader:
        cursor = ClientCursor(reader)
        columns = zip(*(tuple(each.values) for each in statements), strict=True)
        written = [_chosen([cursor.mogrify("%s", (value,)) for value in column]) for column in columns]
    path = folder / "list.sql"
    path.write_text(
        f"\\set n random(1, {len(statements)})\n{text.replace('%s', '{}').format(*written)};\n", encoding="utf-8"
    )
    return path


def _chosen(literals: Sequence[str]) -> str:
    """The value of the chosen record; the one there is, where all have the same."""
    return literals[0] if len(set(literals)) == 1 else f"(array[{', '.join(literals)}])[:n]"


def run(path: Path, *, connections: int, seconds: float) -> Result:
    """Prepared statements; the seconds leave out the time of connecting."""
    facts = database.conninfo(config.load(), "reader")
    with TemporaryDirectory() as folder:
        command = [
            str(binary("pgbench")), "--no-vacuum", "--protocol=prepared", f"--client={connections}",
            f"--jobs={min(connections, _MOST_THREADS)}", f"--time={max(1, round(seconds))}", "--log",
            f"--log-prefix={folder}/took", f"--file={path}", facts["dbname"],
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
