"""The pages of a site by Threatpress and by Hugo, beside each other in one run.

    python benches/compare/pages.py SITE [--runs N] [--roles N] [--program PROGRAM] [--hugo PROGRAM]

SITE is one that `cargo run --release --example contoso -- --site SITE --reports 2000 --devices 4000` wrote. Hugo gets the
same Markdown and front matter, a theme of its own with a page for each report, lists, a page for each tag, actor,
technique and vulnerability, a table of contents, a feed, and highlighted code; it knows nothing of devices. What
Threatpress counts and writes beside (figures, tables, CSV, search, exchange files, the manifest) is in its time.
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

FRAME = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{{{ .Title }}}}</title></head><body><nav><a href="/">{{{{ site.Title }}}}</a> {{{{ range site.Taxonomies }}}}{{{{ end }}}}</nav><main>{}</main></body></html>'
SINGLE = (
    "<h1>{{ .Title }}</h1><p>{{ .Params.summary }}</p><dl><dt>Severity<dd>{{ .Params.severity }}<dt>TLP<dd>{{ .Params.tlp }}</dl>"
    '{{ range slice "tags" "actors" "techniques" "vulnerabilities" }}<ul>{{ range $.GetTerms . }}<li><a href="{{ .RelPermalink }}">{{ .LinkTitle }}</a></li>{{ end }}</ul>{{ end }}'
    "{{ .TableOfContents }}{{ .Content }}"
)
LIST = '<h1>{{ .Title }}</h1><ul>{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a> {{ .Params.summary }}</li>{{ end }}</ul>'
CONFIG = """baseURL: https://bench.example/
title: Bench
taxonomies: { tag: tags, actor: actors, technique: techniques, vulnerability: vulnerabilities }
markup: { highlight: { noClasses: false } }
"""


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("site", type=Path)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--roles", type=int, default=20)
    options.add_argument("--program", default="target/release/threatpress")
    options.add_argument("--hugo", default="hugo")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.site.parent) as home:
        compare(chosen, Path(home))


def compare(chosen, home):
    hugo = hugo_site(chosen.site, home / "hugo")
    one, two, many = (roles_site(chosen.site, home / f"of-{count}", count) for count in (1, 2, chosen.roles))
    out = home / "out"
    build = lambda site, *more: lambda: (shutil.rmtree(out, ignore_errors=True), timed(chosen.program, "build", "--site", site, "--out", out, *more))[1]  # noqa: E731
    again = lambda site, *more: lambda: timed(chosen.program, "build", "--site", site, "--out", out, *more)  # noqa: E731
    ways = {
        "Hugo": lambda: (shutil.rmtree(out, ignore_errors=True), timed(chosen.hugo, "--quiet", "--source", hugo, "--destination", out, "--cacheDir", home / "cache"))[1],
        "one role, without the audit": build(one, "--no-audit"),
        "one role": build(one),
        "one role, nothing changed": again(one),
        "one role, one report changed": lambda: changed(one, again(one)),
        "two roles, without the audit": build(two, "--no-audit"),
        f"{chosen.roles} roles, without the audit": build(many, "--no-audit"),
    }
    times, pages = {name: [] for name in ways}, {}
    for at in range(chosen.runs + 1):
        for name, way in ways.items():
            if name == f"{chosen.roles} roles, without the audit" and at > 1:
                continue
            seconds = way()
            pages[name] = sum(1 for _ in out.rglob("*.html"))
            if at > 0:  # The first round warms files and the index.
                times[name].append(seconds)
            if name == "one role, without the audit":
                times.setdefault("cp -r of that output", []).append(copied(out, home / "copy"))
                pages["cp -r of that output"] = pages[name]
    print(f"{'':34} {'best':>9} {'pages':>8} {'pages/s':>9}")
    for name, list_ in times.items():
        best = min(list_)
        print(f"{name:34} {best:8.2f}s {pages[name]:8} {pages[name] / best:9.0f}")
    best = {name: min(list_) for name, list_ in times.items()}
    rate = lambda name: pages[name] / best[name]  # noqa: E731
    print(f"pages per second, to Hugo's: {rate('one role, without the audit') / rate('Hugo'):.1f}, with the audit {rate('one role') / rate('Hugo'):.1f}")
    many_ = f"{chosen.roles} roles, without the audit"
    print(f"{chosen.roles} roles, to Hugo as often for as many pages: {chosen.roles * best['Hugo'] * pages[many_] / (chosen.roles * pages['Hugo']) / best[many_]:.1f}")
    further = best["two roles, without the audit"] - best["one role, without the audit"]
    print(f"a further role, of the first: {further / best['one role, without the audit']:.0%}; cp -r {best['cp -r of that output'] / best['one role, without the audit']:.0%}")
    for name in ("one role, nothing changed", "one role, one report changed"):
        print(f"{name}: {best[name] / best['one role']:.0%} of a full build")


def timed(*command):
    began = time.perf_counter()
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "GOMAXPROCS": "2", "RAYON_NUM_THREADS": "2"})
    return time.perf_counter() - began


def copied(source, target):
    shutil.rmtree(target, ignore_errors=True)
    return timed("cp", "-r", source, target)


def changed(site, build):
    report = sorted((site / "content/reports").glob("*.md"))[7]
    text = report.read_text()
    report.write_text(f"{text}\n\nOne more sentence, of {time.time_ns()}.\n")
    try:
        return build()
    finally:
        report.write_text(text)


def roles_site(site, home, count):
    """The same content for so many roles; every one after the first sees three quarters of the groups, each other ones."""
    home.mkdir()
    shutil.copytree(site / "content", home / "content")
    config = (site / "threatpress.yaml").read_text().split("roles:")[0]
    roles = ["roles:\n  all: { title: Everything, groups: all, clearance: red }"]
    for at in range(1, count):
        groups = [f"Group {1 + (at + group) % 40:02}" for group in range(30)]
        roles.append(f"  role-{at:02}: {{ title: Role {at}, groups: {json.dumps(groups)}, clearance: red }}")
    (home / "threatpress.yaml").write_text(config + "\n".join(roles) + "\n")
    return home


def hugo_site(site, home):
    for part in ("content/reports", "layouts/_default"):
        (home / part).mkdir(parents=True)
    for report in (site / "content/reports").glob("*.md"):
        # What Hugo does not know it passes over; `updated` is its `lastmod`, `published` its `date`.
        text = re.sub(r"^published:", "date:", report.read_text(), count=1, flags=re.MULTILINE)
        (home / "content/reports" / report.name).write_text(re.sub(r"^updated:", "lastmod:", text, count=1, flags=re.MULTILINE))
    (home / "layouts/_default/single.html").write_text(FRAME.format(SINGLE))
    (home / "layouts/_default/list.html").write_text(FRAME.format(LIST))
    (home / "layouts/index.html").write_text(FRAME.format(LIST.replace(".Pages", "first 50 site.RegularPages")))
    (home / "hugo.yaml").write_text(CONFIG)
    return home


main()
