// The checks themselves: a page without fault passes each of them, and every fault is found by
// the one that is there for it. Needs no build.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { axe, launch, mainText, open, sidewaysScroll, visibleLabels } from "./lib/browser.mjs";
import { address, htmlFiles, kindOf, onePerKind, openBuild } from "./lib/build.mjs";
import { readDocument, structureProblems } from "./lib/document.mjs";
import { crawl } from "./lib/links.mjs";
import { serve } from "./lib/server.mjs";

function page({ head = "", main = "<p>Text.</p>", lang = 'lang="en"' }) {
  return `<!doctype html>
<html ${lang}><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Page</title><link rel="icon" href="/soc/static/icon.svg"><link rel="stylesheet" href="/soc/static/theme.css">${head}</head>
<body><a href="#main">Skip to content</a>
<header><p class="label">TLP:GREEN</p></header><nav aria-label="Sections"><a href="/soc/">Home</a></nav>
<main id="main"><h1>Page</h1>${main}</main></body></html>`;
}

const WIDE = `<div class="wide">wide</div>`;
const FILES = {
  "index.html": page({ main: `<p><a href="fine/">Fine</a> <a href="broken/">Broken</a></p>` }),
  "fine/index.html": page({
    main: `<div class="scroll" role="region" tabindex="0" aria-label="Table">${WIDE}</div><p><a href="../#main">Back</a></p>`,
  }),
  "broken/index.html": page({
    main: `<a href="../nowhere/">a</a> <a href="../fine">b</a> <a href="../#nothing">c</a> <a href="/other/">d</a>
      <a href="javascript:alert(1)">e</a> <a href="https://example.org/">outside</a>`,
  }),
  "alone/index.html": page({}),
  "policy/index.html": page({ main: `<p style="color: red">Red</p><script>document.title = "x";</script>` }),
  "script/index.html": page({
    head: `<script src="/soc/static/bad.js" defer></script>`,
    main: `<p>Text.</p>`,
  }),
  "wide/index.html": page({ main: WIDE }),
  "unlabelled/index.html": page({ main: `<div class="scroll">${WIDE}</div>` }),
  "cut/index.html": page({ main: `<div class="cut">${WIDE}</div>` }),
  "escaped/index.html": page({
    main: `<div class="scroll" role="region" tabindex="0" aria-label="Table">${WIDE}<span class="taken-out">x</span></div>`,
  }),
  "pale/index.html": page({ main: `<p class="pale">Hard to read</p>` }),
  "404.html": page({}),
  "static/icon.svg": `<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>`,
  "static/theme.css": `.wide { width: 600px } .scroll { overflow-x: auto } .cut { overflow-x: hidden }
    .taken-out { position: absolute; left: 900px } .pale { color: #ccc; background: #fff }
    @media print { .label { display: none } }`,
  "static/bad.js": `document.querySelector("main p").innerHTML = "changed";`,
};

describe("the checks", () => {
  let directory;
  let build;
  let server;
  let browser;
  before(async () => {
    directory = mkdtempSync(join(tmpdir(), "threatpress-browser-"));
    for (const [path, text] of Object.entries(FILES)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    }
    build = openBuild("soc", directory);
    server = await serve({ "/soc/": build });
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await server?.close();
    rmSync(directory, { recursive: true });
  });
  const visit = async (path, options, look) => {
    const context = await browser.newContext(options);
    try {
      const { page: opened, settled } = await open(context, `${server.origin}/soc/${path}`);
      return await look(opened, settled);
    } finally {
      await context.close();
    }
  };

  it("know the kinds of pages", () => {
    assert.equal(kindOf("index.html"), "dashboard");
    assert.equal(kindOf("404.html"), "404.html");
    assert.equal(kindOf("threats/index.html"), "threats");
    assert.equal(kindOf("threats/storm/index.html"), "threats/*/");
    assert.equal(kindOf("threats/storm/print/index.html"), "threats/*/print/");
    assert.equal(kindOf("threats/storm/worklist/emea-servers/index.html"), "threats/*/worklist/*/");
    assert.equal(kindOf("threats/by/impact/index.html"), "threats/by/*/");
    assert.equal(kindOf("techniques/matrix/index.html"), "techniques/matrix/");
    assert.deepEqual(onePerKind(build, "largest").map(({ kind }) => kind).slice(0, 2), ["404.html", "alone"]);
  });

  it("find every fault of structure", () => {
    const problems = (html) => structureProblems(readDocument(html)).join("; ");
    assert.equal(problems(page({})), "");
    assert.match(problems(page({ lang: "" })), /no lang/);
    assert.match(problems(page({ main: "<h1>Two</h1>" })), /has 2 h1/);
    assert.match(problems(page({ main: `<p id="main">x</p>` })), /id "main" twice/);
    assert.match(problems(page({ main: `<p style="color:red">x</p>` })), /style attribute/);
    assert.match(problems(page({ main: `<p onclick="x()">x</p>` })), /handler onclick/);
    assert.match(problems(page({ main: "<script>x()</script>" })), /inline script/);
    assert.match(problems(page({ head: "<style>p{}</style>" })), /<style>/);
    assert.match(problems(page({ main: `<p aria-labelledby="none">x</p>` })), /names "none"/);
    assert.match(problems(page({}).replace(/<title>.*<\/title>/, "")), /no title/);
    assert.match(problems(page({}).replace("#main", "#top")), /does not skip/);
    assert.match(problems(page({}).replace("<!doctype html>", "")), /doctype/);
  });

  it("find every link that leads nowhere, and every page that no link leads to", async () => {
    const pages = htmlFiles(build).filter((path) => path !== "404.html" && !path.startsWith("policy"));
    const { problems, unreachable } = await crawl(server.origin, "/soc/", pages.map(address));
    const expected = [
      /"\.\.\/nowhere\/" answers 404/,
      /"\.\.\/fine" needs a redirect/,
      /"\.\.\/#nothing" names an id/,
      /"\/other\/" leads out of the role/,
      /"javascript:alert\(1\)" has a scheme/,
    ];
    assert.equal(problems.length, expected.length, problems.join("\n"));
    for (const pattern of expected) {
      assert.ok(problems.some((problem) => pattern.test(problem)), `${pattern} is not among\n${problems.join("\n")}`);
    }
    assert.ok(unreachable.includes("alone/"));
    assert.ok(!unreachable.includes("fine/"));
  });

  it("find what the policy refuses", async () => {
    assert.deepEqual(await visit("fine/", {}, (_, settled) => settled()), []);
    const inline = (await visit("policy/", {}, (_, settled) => settled())).join("\n");
    assert.match(inline, /policy: style-src-attr/);
    assert.match(inline, /policy: script-src-elem/);
    const sink = (await visit("script/", {}, (_, settled) => settled())).join("\n");
    assert.match(sink, /policy: require-trusted-types-for/);
    assert.match(sink, /uncaught/);
  });

  it("find what does not fit a narrow screen", async () => {
    const narrow = (path) => visit(path, { viewport: { width: 320, height: 640 } }, (opened) => sidewaysScroll(opened));
    assert.deepEqual(await narrow("fine/"), []);
    assert.match((await narrow("wide/")).join("\n"), /div\.wide reaches/);
    assert.match((await narrow("unlabelled/")).join("\n"), /no labelled region/);
    assert.match((await narrow("cut/")).join("\n"), /cuts off/);
    assert.match((await narrow("escaped/")).join("\n"), /by div\.scroll > span\.taken-out/);
  });

  it("read a page with and without scripts", async () => {
    const text = (path, javaScriptEnabled) =>
      visit(path, { javaScriptEnabled }, async (opened, settled) => {
        await settled();
        return mainText(opened);
      });
    assert.equal(await text("fine/", false), await text("fine/", true));
    assert.equal(await text("alone/", false), "PageText.");
  });

  it("find what axe knows", async () => {
    assert.deepEqual((await visit("alone/", {}, (page) => axe(page))).filter((line) => !line.startsWith("region")), []);
    assert.match((await visit("pale/", {}, (page) => axe(page))).join("\n"), /color-contrast/);
  });

  it("see labels only where a reader sees them", async () => {
    assert.deepEqual(await visit("alone/", {}, visibleLabels), ["TLP:GREEN"]);
    const printed = await visit("alone/", {}, async (opened) => {
      await opened.emulateMedia({ media: "print" });
      return visibleLabels(opened);
    });
    assert.deepEqual(printed, []);
  });
});
