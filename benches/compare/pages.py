"""The pages of a site by Threatpress and by Hugo, beside each other in one run.

    python benches/compare/pages.py SITE [--runs N] [--roles N] [--program PROGRAM] [--hugo PROGRAM]

SITE is one that `cargo run --release --example contoso -- --site SITE` wrote. Hugo gets the same Markdown and front matter
and the templates in `hugo/`: a page for each report with a list of contents and highlighted code, lists, a page for each
tag, actor, technique and vulnerability, feeds. It knows nothing of devices: what Threatpress counts, draws and writes
beside its pages (figures, charts, tables, CSV, search, exchange files, the manifest) is in its time.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("site", type=Path)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--roles", type=int, default=20)
    options.add_argument("--program", default="target/release/threatpress")
    options.add_argument("--hugo", default="hugo")
    chosen = options.parse_args()
    # On the disk that the site is on.
    with tempfile.TemporaryDirectory(dir=chosen.site.resolve().parent) as home:
        bench = Bench(chosen, Path(home))
        bench.run(chosen.runs)
        bench.tell(chosen.roles)


class Bench:
    def __init__(self, chosen, home):
        self.program, self.out = chosen.program, home / "out"
        hugo = hugo_site(chosen.site, home / "hugo")
        one, many = (roles_site(self.program, chosen.site, home / f"of-{count}", count) for count in (1, chosen.roles))
        self.ways = {
            "Hugo": lambda: self.anew(chosen.hugo, "--quiet", "--source", hugo, "--destination", self.out),
            "not audited": lambda: self.anew(*self.build(one), "--no-audit"),
            "cp -r": lambda: timed("cp", "-r", self.out, home / "copy"),
            "all roles": lambda: self.anew(*self.build(many), "--no-audit"),
            "one role": lambda: self.anew(*self.build(one)),
            "unchanged": lambda: timed(*self.build(one)),
            "one report changed": lambda: edited(one, lambda: timed(*self.build(one))),
        }
        self.copy = home / "copy"
        self.times = {name: [] for name in self.ways}
        self.pages = {}

    def build(self, site):
        return self.program, "build", "--site", site, "--out", self.out

    def anew(self, *command):
        shutil.rmtree(self.out, ignore_errors=True)
        # ext4 goes around the places of what was deleted in the last five seconds, one by one.
        time.sleep(6)
        return timed(*command)

    def run(self, runs):
        """All ways in turns, so that a busy moment of the machine is everybody's; the first round warms files and index."""
        for at in range(runs + 1):
            for name, way in self.ways.items():
                seconds = way()
                self.pages[name] = sum(1 for _ in self.out.rglob("*.html"))
                shutil.rmtree(self.copy, ignore_errors=True)
                if at > 0:
                    self.times[name].append(seconds)

    def tell(self, roles):
        best = {name: min(times) for name, times in self.times.items()}
        rate = {name: self.pages[name] / best[name] for name in best}
        print(f"{'':20} {'best':>9} {'all runs':>28} {'pages':>8} {'pages/s':>9}")
        for name, times in self.times.items():
            print(f"{name:20} {best[name]:8.2f}s {' '.join(f'{one:.2f}' for one in times):>28} {self.pages[name]:8} {rate[name]:9.0f}")
        print(f"pages per second, to Hugo's: {rate['not audited'] / rate['Hugo']:.1f}, audited {rate['one role'] / rate['Hugo']:.1f}")
        print(f"{roles} roles, to Hugo {roles} times, for as many pages: {rate['all roles'] / rate['Hugo']:.1f}")
        further = (best["all roles"] - best["not audited"]) / (roles - 1)
        print(f"a further role, to the first: {further / best['not audited']:.0%}; cp -r {best['cp -r'] / best['not audited']:.0%}")
        for name in ("unchanged", "one report changed"):
            print(f"{name}, to a build from nothing: {best[name] / best['one role']:.1%}")


def timed(*command):
    threads = {"GOMAXPROCS": "2", "RAYON_NUM_THREADS": "2"}
    began = time.perf_counter()
    subprocess.run([str(word) for word in command], check=True, capture_output=True, env={**os.environ, **threads})
    return time.perf_counter() - began


def edited(site, build):
    """The time of a build with one sentence more in one report, which is taken back."""
    report = sorted((site / "content/reports").glob("*.md"))[7]
    text = report.read_text()
    report.write_text(f"{text}\n\nOne more sentence, of {time.time_ns()}.\n")
    try:
        return build()
    finally:
        report.write_text(text)


def roles_site(program, site, home, count):
    """The same content for so many roles; each one after the first sees three quarters of the groups, each other ones."""
    home.mkdir()
    shutil.copytree(site / "content", home / "content")
    config = (site / "threatpress.yaml").read_text().split("roles:")[0]
    groups = group_names(program, site)
    roles = ["roles:\n  all: { title: Everything, groups: all, clearance: red }"]
    for at in range(1, count):
        seen = [groups[(at + group) % len(groups)] for group in range(-(-len(groups) * 3 // 4))]
        roles.append(f"  role-{at:02}: {{ title: Role {at}, groups: {json.dumps(seen)}, clearance: red }}")
    (home / "threatpress.yaml").write_text(config + "\n".join(roles) + "\n")
    return home


def group_names(program, site):
    told = subprocess.run([program, "list", "groups", "--site", site, "--format", "json"], capture_output=True, check=True, text=True)
    return sorted(json.loads(line)["name"] for line in told.stdout.splitlines())


def hugo_site(site, home):
    shutil.copytree(HERE / "hugo", home)
    (home / "content/reports").mkdir(parents=True)
    for report in (site / "content/reports").glob("*.md"):
        # Only the names of two dates are others.
        text = re.sub(r"^published:", "date:", report.read_text(), count=1, flags=re.MULTILINE)
        (home / "content/reports" / report.name).write_text(re.sub(r"^updated:", "lastmod:", text, count=1, flags=re.MULTILINE))
    return home


if __name__ == "__main__":
    main()
