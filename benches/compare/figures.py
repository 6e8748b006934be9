"""The figures of a site by Threatpress and by DuckDB, beside each other in one run.

    python benches/compare/figures.py SITE [--runs N] [--figures PROGRAM]

SITE is one that `cargo run --release --example contoso -- --site SITE` wrote, of one role that sees every group. Both
read the same files. DuckDB counts in two ways, by joins (`joins.sql`) and by sets (`sets.sql`), and gets what the reports
track for nothing; Threatpress reads the reports too. All have to come to the same numbers, or nothing is timed.
"""

import argparse
import glob
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import duckdb

HERE = Path(__file__).parent
HEADLINES = ("impacted", "exposed", "unavailable", "mitigated", "not_applicable")
# What is left on each axis is the rest of the devices.
PATCHING = ("exposed", "unavailable", "patched")
SETTINGS = ("exposed", "unavailable", "secure")
TABLES = ("devices", "vulnerabilities", "configurations", "software", "affected_software", "alerts", "alert_devices")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("site", type=Path)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--figures", default="target/release/examples/figures")
    chosen = options.parse_args()
    tracked = tracked_by_reports(chosen.site)
    ways = {
        "DuckDB, joins": lambda: by_joins(chosen.site, tracked),
        "DuckDB, sets": lambda: by_sets(chosen.site, tracked),
        "Threatpress": lambda: threatpress(chosen, "--no-cache"),
        "Threatpress, warm index": lambda: threatpress(chosen),
    }
    times = {name: [] for name in ways}
    for name, way in ways.items():  # Files and the index get warm; the figures are compared.
        figures = way()
        if name == "DuckDB, joins":
            expected = figures
        elif figures != expected:
            sys.exit(f"{name} comes to other figures: {difference(expected, figures)}")
    print(f"{len(expected)} reports; all come to the same figures")
    for _ in range(chosen.runs):
        for name, way in ways.items():  # In turns, so that a busy moment of the machine is everybody's.
            began = time.perf_counter()
            way()
            times[name].append(time.perf_counter() - began)
    ours, warm = min(times["Threatpress"]), min(times["Threatpress, warm index"])
    print(f"{'':26} {'best':>8} {'all runs':>24} {'to ours':>8} {'to ours, warm':>14}")
    for name, list_ in times.items():
        best, all_ = min(list_), " ".join(f"{one:.2f}" for one in list_)
        print(f"{name:26} {best:7.2f}s {all_:>24} {best / ours:8.1f} {best / warm:14.1f}")


def tracked_by_reports(site):
    """(report, kind, id) of every report, from its front matter as the generator writes it."""
    rows = []
    for path in sorted((site / "content/reports").glob("*.md")):
        head = path.read_text().split("---")[1]
        for key, kind in (("vulnerabilities", "vulnerability"), ("configurations", "configuration"), ("titles", "title")):
            found = re.search(rf"^ *{key}: \[(.*)\]$", head, re.MULTILINE)
            rows += [(path.stem, kind, name.strip()) for name in (found[1].split(",") if found else []) if name.strip()]
    return rows


def ground(site, tracked):
    """A database in memory over the site's newest snapshot, with what both ways of counting stand on."""
    snapshot = Path(sorted(glob.glob(str(site / "content/snapshots/*")))[-1])
    as_of = re.search(r"as_of: *\"?([^\"\n]+)", (snapshot / "snapshot.yaml").read_text())[1]
    base = duckdb.connect()
    base.execute("SET threads = 2; SET TimeZone = 'UTC'")
    base.execute(f"SET VARIABLE as_of = TIMESTAMPTZ '{as_of}'")
    for table in TABLES:
        (file,) = snapshot.glob(f"{table}.*")
        base.execute(f"CREATE VIEW {table} AS SELECT * FROM '{file}'")
    base.execute("CREATE TEMP TABLE tracked (report VARCHAR, kind VARCHAR, id VARCHAR)")
    base.execute("INSERT INTO tracked SELECT unnest(?), unnest(?), unnest(?)", [list(column) for column in zip(*tracked)])
    base.execute((HERE / "tables.sql").read_text())
    return base


def by_joins(site, tracked):
    figures = {}
    for report, group, patching, settings, headline, devices in ground(site, tracked).execute((HERE / "joins.sql").read_text()).fetchall():
        one = figures.setdefault(report, empty())
        for axis, state in (("patching", patching), ("settings", settings)):
            if state in one[axis]:
                one[axis][state] += devices
        one["devices"][headline] += devices
        one["groups"].setdefault(group, dict.fromkeys(HEADLINES, 0))[headline] += devices
    return figures


def by_sets(site, tracked):
    base = ground(site, tracked)
    (devices,) = base.execute("SELECT count(*) FROM device").fetchone()
    sizes = dict(base.execute("SELECT device_group, count(*) FROM device GROUP BY ALL").fetchall())
    figures = {}
    rows = base.execute((HERE / "sets.sql").read_text().replace("$last", str(devices - 1))).fetchall()
    for report, group, v_e, v_u, v_p, c_e, c_u, c_s, impacted, exposed, unavailable, mitigated in rows:
        one, size = figures.setdefault(report, empty()), sizes[group]
        for axis, names, (a, b, c) in (("patching", PATCHING, (v_e, v_u, v_p)), ("settings", SETTINGS, (c_e, c_u, c_s))):
            for name, value in zip(names, (a, b, c)):
                one[axis][name] += value
        states = (impacted, exposed, unavailable, mitigated, size - impacted - exposed - unavailable - mitigated)
        one["groups"][group] = dict(zip(HEADLINES, states))
        for name, value in zip(HEADLINES, states):
            one["devices"][name] += value
    return figures


def threatpress(chosen, *more):
    command = [chosen.figures, str(chosen.site), *more]
    told = subprocess.run(command, capture_output=True, check=True, text=True, env={**os.environ, "RAYON_NUM_THREADS": "2"})
    figures = {}
    for line in told.stdout.splitlines():
        one = json.loads(line)
        only = lambda states, names: {name: states[name] for name in names}  # noqa: E731
        figures[one["slug"]] = {
            "patching": only(one["vulnerability"]["devices"], PATCHING),
            "settings": only(one["configuration"]["devices"], SETTINGS),
            "devices": only(one["devices"], HEADLINES),
            "groups": {group["name"]: only(group["devices"], HEADLINES) for group in one["groups"]},
        }
    return figures


def empty():
    return {"patching": dict.fromkeys(PATCHING, 0), "settings": dict.fromkeys(SETTINGS, 0), "devices": dict.fromkeys(HEADLINES, 0), "groups": {}}


def difference(one, other):
    """The first figure that is another one."""
    for report in sorted(set(one) | set(other)):
        mine, theirs = one.get(report, empty()), other.get(report, empty())
        for part in ("patching", "settings", "devices"):
            if mine[part] != theirs[part]:
                return f"{report}, {part}: {mine[part]} and {theirs[part]}"
        for group in sorted(set(mine["groups"]) | set(theirs["groups"])):
            a, b = mine["groups"].get(group), theirs["groups"].get(group)
            if a != b:
                return f"{report}, {group}: {a} and {b}"
    return "none"



main()
