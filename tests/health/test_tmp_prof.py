import time, cProfile, pstats, io
import pytest
from tests.health.test_results_pace import a_heavy_record
from carnet.health import results
from carnet.formats.clinical.model import Kind
from carnet.kernel.actor import Purpose
from django.db import connections
@pytest.mark.usefixtures("house")
def test_x():
    p = a_heavy_record()
    results.latest(p.actor, Purpose.SELF, p.record_id, Kind.RESULT)
    for k in range(3):
        t=time.perf_counter(); lines = results.reading(p.actor, Purpose.SELF, p.record_id, lambda permit: results._latest(permit, kind=Kind.RESULT, each=12), action="entries-list", target_kind="entries"); a=time.perf_counter()-t
        t=time.perf_counter(); s=results._joined(lines); b=time.perf_counter()-t
        t=time.perf_counter(); [x.trend for x in s]; c=time.perf_counter()-t
        print(f"\nsql {a*1000:.0f} joined {b*1000:.0f} trends {c*1000:.0f} rows {len(lines)}")
    import carnet.kernel.db as db
    def explain(permit):
        with connections["reader"].cursor() as cur:
            cur.execute("begin")
            cur.execute("select record.enter(%s::app.permit)" if False else db.record.command("select record.enter({permit})"), permit.row())
            body = open("src/carnet/health/results.sql").read().split("return query\n")[1].split(";\nend")[0]
            body = body.replace("p.record_id", f"'{permit.record_id}'::uuid").replace("p_kinds", "'{0}'::smallint[]").replace("p_each","12")
            cur.execute("explain (analyze, buffers) "+body)
            print("\n".join(r[0] for r in cur.fetchall()))
            cur.execute("rollback")
    try:
        results.reading(p.actor, Purpose.SELF, p.record_id, explain, action="entries-list", target_kind="entries")
    except Exception as e: print(repr(e))
