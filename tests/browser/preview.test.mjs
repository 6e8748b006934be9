// The preview in the browser: the newest page without losing the reader's place, what is wrong over
// a page that stays, and whose view it is. Most of it asks a server that does as the test says.

import assert from "node:assert/strict";
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { axe, launch, open, sidewaysScroll } from "./lib/browser.mjs";
import { address, htmlFiles, kindOf, openBuilds, outputDirectory, twoRoles } from "./lib/build.mjs";
import { WEIGHT_OF_PREVIEW } from "./lib/contract.mjs";
import { none } from "./lib/none.mjs";
import { PreviewServer, SCRIPTS } from "./lib/preview-server.mjs";
import { isThere, PROGRAM, startProgram } from "./lib/program.mjs";
import { TIMEOUT } from "./lib/site.mjs";

const [{ build: most }, { build: fewest } = {}] = twoRoles(openBuilds(outputDirectory()));
const PROBLEM = {
  severity: "error",
  code: "TP0004",
  message: "no key is called <b>`severty`</b>",
  file: "content/reports/x.md",
  line: 7,
  column: 3,
  excerpt: "7 | severty: high\n  | ^^^^^^^",
  hint: "did you mean `severity`?",
  open: "vscode://file/site/content/reports/x.md:7:3",
};
const WARNING = { severity: "warning", code: "TP0803", message: "an old file", file: null, line: null, column: null, excerpt: null, hint: null, open: null };
const HIDDEN = {
  reports: [{ title: "A report of others", reason: "TLP:RED is above the clearance", file: "content/reports/other.md", open: "javascript:alert(1)" }],
  pages: [{ title: "A page of others", reason: "TLP:RED is above the clearance", file: "content/pages/other.md", open: null }],
  blocks: [
    { before: 2, reason: "needs the group EMEA Servers", line: 40, end: 52, file: "content/reports/x.md", open: "vscode://file/site/x.md:40" },
    { before: 9999, reason: "needs TLP:RED", line: 60, end: 61, file: "content/reports/x.md", open: null },
  ],
};

// The page of a kind with all that a test needs in its markup, the fullest first.
function pageWith(kind, ...patterns) {
  const pages = htmlFiles(most).filter((path) => kindOf(path) === kind);
  pages.sort((a, b) => most.files.get(b) - most.files.get(a));
  return address(pages.find((path) => patterns.every((pattern) => pattern.test(most.read(path)))));
}

// Puts words, which begin with a Q so that nothing else is taken for them, before the number-th of the tags that follow the beginning of the text.
function editor(tag, number, words) {
  return (html) => {
    let [at, left] = [html.indexOf('<article class="prose"'), number];
    do {
      at = html.indexOf(tag, at) + tag.length;
    } while (--left > 0);
    return html.slice(0, at) + words + html.slice(at);
  };
}

describe("the preview", () => {
  const report = `/${most.role}/${pageWith("threats/*/analyst-report/", /<article class="prose"[^>]*>(.*<p>){12}/s, /figure class="code"/, /id="indicators"/)}`;
  const list = `/${most.role}/threats/`;
  let browser;
  let server;
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());

  // A page of a server of its own, in a browser of its own.
  const visit = async (path, look, options = {}, prepare = () => {}) => {
    server = await PreviewServer.start([most, fewest].filter(Boolean));
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce", ...options });
    try {
      await prepare(context);
      const { page, complained } = await open(context, server.origin + path, path.includes("nowhere") ? 404 : 200);
      await ready(page);
      await page.evaluate(() => (globalThis.isTheSame = true));
      await look(page, complained, context);
    } finally {
      await context.close();
      await server.stop();
    }
  };
  // Once the page's sources are known and its stream is open, what changes is changed in place.
  const ready = async (page) => {
    await page.locator(".tp-preview-who strong").waitFor({ state: "attached" });
    await page.waitForLoadState("load");
    // The event stream keeps the network busy; a page that asks for nothing more for a while is at rest.
    for (let before = -1; before !== server.asked.length; ) {
      before = server.asked.length;
      await page.waitForTimeout(250);
    }
  };
  const isSame = (page) => page.evaluate(() => globalThis.isTheSame === true);
  const reloaded = async (page) => {
    await page.waitForFunction(() => globalThis.isTheSame === undefined && document.readyState === "complete");
  };
  const says = (page, text) => page.locator("main", { hasText: text }).waitFor();

  it("weighs little", () => {
    const weight = readdirSync(SCRIPTS).filter((name) => /\.(js|css)$/.test(name)).reduce((sum, name) => sum + statSync(new URL(name, SCRIPTS)).size, 0);
    assert.ok(weight < WEIGHT_OF_PREVIEW, `${weight} bytes`);
  });

  it("an edit changes its paragraph; place, focus, selection and all other elements stay", TIMEOUT, () =>
    visit(report, async (page, complained) => {
      // In the middle of the text, with a selection in view and something open and in focus.
      await page.evaluate(() => {
        const paragraphs = document.querySelectorAll("article.prose > p");
        paragraphs[7].scrollIntoView();
        getSelection().selectAllChildren(paragraphs[8]);
        document.querySelector("#front-matter-techniques").tabIndex = -1;
        document.querySelector("#front-matter-techniques").focus({ preventScroll: true });
        globalThis.kept = [...document.querySelectorAll("main *")];
      });
      const state = () =>
        page.evaluate(() => ({
          selected: getSelection().toString(),
          focus: document.activeElement.id,
        }));
      // To the pixel: no screen scrolls by less.
      const top = () => page.evaluate(() => document.querySelectorAll("article.prose > p")[7].getBoundingClientRect().top);
      const [before, at] = [await state(), await top()];
      // Far above: everything below moves down on the page, and nothing on the screen.
      server.edit(report, editor("<p>", 1, `QEDITED ${"word ".repeat(400)}`));
      server.publish();
      await says(page, "QEDITED");
      assert.deepEqual(await state(), before);
      assert.ok(Math.abs((await top()) - at) <= 1, `it moves by ${(await top()) - at} px`);
      assert.equal(await page.evaluate(() => globalThis.kept.filter((element) => !element.isConnected).length), 0);
      assert.ok(await isSame(page));
      none(await complained());
    }));

  it("what the reader has folded stays folded", TIMEOUT, () =>
    visit(report, async (page) => {
      const beside = page.locator(":is(.facts, .contents) > details");
      const open = () => beside.evaluateAll((all) => all.map((details) => details.open));
      assert.deepEqual(await open(), [true, true]);
      await page.locator(".facts > details > summary").click();
      const before = await open();
      server.edit(report, editor("<p>", 2, "QEDITED "));
      server.publish();
      await says(page, "QEDITED");
      assert.deepEqual(await open(), before);
      assert.ok(await isSame(page));
      // Where it moves, it is folded as its new place has it.
      await page.setViewportSize({ width: 400, height: 800 });
      await page.waitForFunction(() => !document.querySelector(".contents > details").open);
      assert.deepEqual(await open(), [false, false]);
    }));

  it("paragraphs come and go in their place", TIMEOUT, () =>
    visit(report, async (page) => {
      const texts = () => page.$$eval("article.prose > p", (all) => all.map((one) => one.textContent));
      const before = await texts();
      server.edit(report, editor("</p>", 2, "<p>QNEW</p>"));
      server.publish();
      await says(page, "QNEW");
      assert.deepEqual(await texts(), before.toSpliced(2, 0, "QNEW"));
      server.edits.clear();
      server.publish();
      await page.waitForFunction(() => !document.querySelector("main").textContent.includes("QNEW"));
      assert.deepEqual(await texts(), before);
      assert.ok(await isSame(page));
    }));

  it("any page becomes any other", TIMEOUT, () =>
    visit(list, async (page) => {
      const wrong = await page.evaluate(async () => {
        const { morph } = await import("/.threatpress/morph.js");
        let seed = 42;
        const random = (below) => (seed = (seed * 48_271) % 2_147_483_647) % below;
        const grow = (depth) => {
          if (random(3) === 0) {
            return document.createTextNode(`${"ab\n "[random(4)]}${random(4)}`);
          }
          const made = document.createElement(["p", "ul", "li", "details"][random(4)]);
          for (const name of ["id", "class", "open", "title"]) {
            if (random(4) === 0) {
              made.setAttribute(name, String(random(3)));
            }
          }
          for (let number = depth > 0 ? random(5) : 0; number > 0; number -= 1) {
            made.append(grow(depth - 1));
          }
          return made;
        };
        const mutate = (node) => {
          for (const child of [...node.childNodes]) {
            [() => child.remove(), () => child.before(grow(2)), () => node.prepend(child), () => child.replaceWith(grow(1))][random(16)]?.();
            mutate(child);
          }
        };
        const wrong = [];
        for (let number = 0; number < 2000; number += 1) {
          const before = document.createElement("main");
          Array.from({ length: random(6) }, () => before.append(grow(3)));
          const after = before.cloneNode(true);
          mutate(after);
          const live = before.cloneNode(true);
          // A script has been at work, a reader too.
          live.querySelectorAll("p").forEach((one) => random(8) === 0 && one.append("made"));
          const worked = [...live.querySelectorAll("p")].filter((one) => one.lastChild?.data === "made");
          morph(live, before, after);
          // What was left alone is still as the script left it.
          worked.filter((one) => live.contains(one)).forEach((one) => one.lastChild?.data === "made" && one.lastChild.remove());
          if (!live.isEqualNode(after)) {
            wrong.push(`${number}: ${live.outerHTML} is not ${after.outerHTML}`);
          }
        }
        return wrong;
      });
      none(wrong);
    }));

  it("what the theme's scripts have made is made again where it changed", TIMEOUT, () =>
    visit(report, async (page, complained) => {
      const copies = await page.locator("figure.code button").count();
      const code = /<figure class="code"[^>]*>.*?<code[^>]*>/s.exec(server.text(report))[0];
      server.edit(report, (html) => html.replace(code, () => `${code}QCHANGED `));
      server.edit(report, (html) => html.replace('<h2 id="front-matter-references">', "$&QNEWER "));
      server.publish();
      await says(page, "QCHANGED");
      assert.equal(await page.locator("figure.code button").count(), copies);
      assert.equal(await page.locator("figure.code", { hasText: "QCHANGED" }).getByRole("button").count(), 1);
      assert.equal(await page.locator("#front-matter-references .heading-anchor").getAttribute("aria-label"), "Link to QNEWER References");
      assert.equal(await page.locator(".site-tools button").count(), 1);
      assert.ok(await isSame(page));
      none([...(await complained()), ...(await axe(page))]);
    }));

  it("a table that changed keeps filter, order and focus", TIMEOUT, () =>
    visit(list, async (page) => {
      await page.getByRole("button", { name: "Latest update" }).click();
      await page.getByLabel("Filter", { exact: true }).fill("storm");
      const rows = () => page.$$eval("#threats tbody tr:not([hidden]) th", (all) => all.map((cell) => cell.textContent));
      const [before, url] = [await rows(), page.url()];
      assert.ok(before.length > 0);
      server.edit(list, (html) => html.replace(/(<tbody[^>]*>\s*<tr><th[^>]*><a[^>]*>)/, "$1Storm of words: "));
      server.publish();
      await page.waitForFunction(() => document.querySelector("#threats").textContent.includes("Storm of words"));
      assert.equal(await page.evaluate(() => document.activeElement.value), "storm");
      assert.equal(page.url(), url);
      const now = await rows();
      assert.deepEqual(now.filter((row) => !row.startsWith("Storm of words")), before.filter((row) => !now.includes(`Storm of words: ${row}`)));
      assert.ok(now.some((row) => row.startsWith("Storm of words")));
      assert.equal(await page.locator(".table-head").count(), 1);
      assert.ok(await isSame(page));
    }));

  it("what the reader opened stays open, also within a part that is replaced", TIMEOUT, async () => {
    const overview = `/${most.role}/${pageWith("threats/*/", /<details>/, /chart-block/)}`;
    await visit(overview, async (page) => {
      await page.$$eval("main details", (all) => all.forEach((one) => (one.open = true)));
      const opened = await page.locator("main details[open]").count();
      assert.ok(opened > 0);
      const anchors = await page.locator(".chart-block .heading-anchor").count();
      server.edit(overview, (html) => html.replaceAll("<figcaption><strong>", "$&QCHANGED "));
      server.publish();
      await says(page, "QCHANGED");
      assert.equal(await page.locator("main details[open]").count(), opened);
      assert.equal(await page.locator(".chart-block .heading-anchor").count(), anchors);
    });
  });

  it("the place is where the edit is, for those who want to follow", TIMEOUT, () =>
    visit(report, async (page) => {
      const isInView = () => page.evaluate(() => [...document.querySelectorAll("article.prose *")].find((one) => one.textContent.startsWith("QEDITED")).getBoundingClientRect().top < innerHeight);
      const edit = async (words) => {
        server.edits.clear();
        server.edit(report, editor("<p>", 12, words));
        server.publish();
        await says(page, words);
      };
      await edit("QEDITED once ");
      assert.equal(await page.evaluate(() => scrollY), 0);
      await page.getByLabel("Follow my edits").check();
      await edit("QEDITED twice ");
      await page.waitForFunction(() => scrollY > 0);
      assert.ok(await isInView());
      await page.reload();
      assert.ok(await page.getByLabel("Follow my edits").isChecked());
    }));

  it("a style sheet that changed is exchanged, and the page never without one", TIMEOUT, () =>
    visit(report, async (page) => {
      const path = `/${most.role}/static/theme.css`;
      server.edit(path, (css) => `${css}\nh1 { color: rgb(1, 2, 3); }`);
      server.publish();
      await page.waitForFunction(() => getComputedStyle(document.querySelector("h1")).color === "rgb(1, 2, 3)");
      await page.waitForFunction(() => document.querySelectorAll("link[href*='theme.css']").length === 1);
      assert.ok(await isSame(page));
      // And once more, from the address that it has now.
      server.edit(path, (css) => css.replace("rgb(1, 2, 3)", "rgb(3, 2, 1)"));
      server.publish();
      await page.waitForFunction(() => getComputedStyle(document.querySelector("h1")).color === "rgb(3, 2, 1)");
      // Of two that come while the first is still loaded, one stays.
      await page.route(/theme\.css\?/, (route) => setTimeout(() => route.continue(), 1000));
      for (const [from, to] of [["rgb(3, 2, 1)", "rgb(4, 2, 1)"], ["rgb(4, 2, 1)", "rgb(5, 2, 1)"]]) {
        const asked = page.waitForRequest(/theme\.css\?/);
        server.edit(path, (css) => css.replace(from, to));
        server.publish();
        await asked;
      }
      await page.waitForFunction(() => getComputedStyle(document.querySelector("h1")).color === "rgb(5, 2, 1)");
      await page.waitForFunction(() => document.querySelectorAll("link[href*='theme.css']").length === 1);
      assert.ok(await isSame(page));
    }));

  for (const [what, path, change] of [
    ["a head", report, (html) => html.replace("<head>", '<head><meta name="generator" content="new">')],
    ["a script", `/${most.role}/static/scripts/text.js`, (script) => `${script}\nglobalThis.isNew = true;`],
  ]) {
    it(`${what} that changed is loaded, and the reader is where they were`, TIMEOUT, () =>
      visit(report, async (page) => {
        await page.evaluate(() => scrollTo(0, 1500));
        server.edit(path, change);
        server.publish();
        await reloaded(page);
        assert.equal(await page.evaluate(() => scrollY), 1500);
      }));
  }

  it("a title changes in place", TIMEOUT, () =>
    visit(report, async (page) => {
      server.edit(report, (html) => html.replace("<title>", () => "<title>Newer $& "));
      server.publish();
      await page.waitForFunction(() => document.title.includes("Newer $& "));
      assert.ok(await isSame(page));
    }));

  it("a theme whose scripts do not hear of changes has its page loaded", TIMEOUT, () =>
    visit(
      report,
      async (page) => {
        server.edit(report, editor("<p>", 3, "QEDITED "));
        server.publish();
        await reloaded(page);
        await says(page, "QEDITED");
      },
      {},
      () => server.edit(`/${most.role}/static/scripts/main.js`, "document.body.dataset.house = 1;"),
    ));

  it("an answer that comes late never takes the place of a newer one", TIMEOUT, () =>
    visit(report, async (page) => {
      server.delays.set(report, 1500);
      server.edit(report, editor("<p>", 2, "QOLDER "));
      server.publish();
      await page.waitForTimeout(200);
      server.delays.clear();
      server.edits.clear();
      server.edit(report, editor("<p>", 2, "QNEWEST "));
      server.publish();
      await says(page, "QNEWEST");
      await page.waitForTimeout(2000);
      await says(page, "QNEWEST");
      assert.equal(await page.locator("main", { hasText: "QOLDER" }).count(), 0);
    }));

  it("a page that was built while it loaded is not taken for the newest", TIMEOUT, () =>
    visit(
      report,
      async (page) => says(page, "QLOADING"),
      {},
      (context) =>
        // Between the page and its preview's first question, the site is built anew.
        context.route("**/.threatpress/preview.js", async (route) => {
          if (server.revision === 1) {
            server.edit(report, editor("<p>", 2, "QLOADING "));
            server.publish();
          }
          await route.continue();
        }),
    ));

  it("errors leave the page, and tell all there is to tell as text", TIMEOUT, () =>
    visit(report, async (page, complained) => {
      await page.evaluate(() => scrollTo(0, 700));
      const text = await page.locator("main").textContent();
      server.breakWith([PROBLEM, { ...PROBLEM, message: "another", open: "javascript:alert(1)", excerpt: null, hint: null }, WARNING]);
      const panel = page.getByRole("region", { name: "2 errors, 1 warning" });
      await panel.waitFor();
      for (const words of ["error", PROBLEM.code, PROBLEM.message, "content/reports/x.md:7:3", PROBLEM.excerpt, `Hint: ${PROBLEM.hint}`, WARNING.message]) {
        assert.ok((await panel.textContent()).includes(words), words);
      }
      assert.equal(await panel.locator("b").count(), 0);
      assert.deepEqual(await panel.locator("a").evaluateAll((all) => all.map((link) => link.getAttribute("href"))), [PROBLEM.open]);
      // Who was reading or typing goes on doing so.
      assert.equal(await page.evaluate(() => document.activeElement.localName), "body");
      assert.equal(await page.locator("main").textContent(), text);
      assert.equal(await page.evaluate(() => scrollY), 700);
      assert.match(await page.locator(".tp-preview-line [role=status]").textContent(), /stays/);
      none([...(await complained()), ...(await axe(page))]);
      // Closed by its reader it stays closed until something else is wrong.
      await page.keyboard.press("Escape");
      assert.equal(await panel.isVisible(), false);
      const kept = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]));
      assert.ok(!kept.includes("severty") && !kept.includes("another"), `what errors say is kept: ${kept}`);
      server.send("problem");
      server.breakWith([PROBLEM]);
      await page.getByRole("region", { name: "1 error" }).waitFor();
      // The button has it too, and gets the focus back.
      await page.keyboard.press("Escape");
      const button = page.getByRole("button", { name: "1 error" });
      await button.click();
      assert.equal(await page.evaluate(() => document.activeElement.id), "tp-preview-problems");
      await page.keyboard.press("Escape");
      assert.ok(await button.evaluate((one) => one === document.activeElement));
      await button.click();
      // Mended, it closes by itself.
      server.problems = [];
      server.edit(report, editor("<p>", 2, "QMENDED "));
      server.publish();
      await says(page, "QMENDED");
      await page.locator("#tp-preview-problems").waitFor({ state: "hidden" });
      assert.equal(await button.count(), 0);
      assert.equal(await page.locator(".tp-preview-line [role=status]").textContent(), "");
    }));

  it("a link opens any editor, and nothing that a browser runs or fetches", TIMEOUT, () =>
    visit(report, async (page) => {
      const good = ["vscode://file/x.md:7:3", "pycharm://open?file=/x.md&line=7", "x-mine.2+y://x"];
      const bad = ["javascript://%0aalert(1)", "JavaScript://%0aalert(1)", "data://x", "blob://x", "file:///x", "http://x/", "https://x/", "ftp://x/", "mailto:x", "//x/", " javascript://x"];
      server.breakWith([...good, ...bad].map((open) => ({ ...PROBLEM, open })));
      const panel = page.getByRole("region", { name: `${good.length + bad.length} errors` });
      await panel.waitFor();
      assert.deepEqual(await panel.locator("a").evaluateAll((all) => all.map((link) => link.getAttribute("href"))), good);
    }));

  it("a search goes on in the index of the newest build", TIMEOUT, () => {
    const documents = `/${most.role}/search/documents/0.json`;
    const search = `/${most.role}/search/`;
    const retitled = (json) => JSON.stringify(JSON.parse(json).map(([kind, title, ...rest]) => [kind, `QINDEXED ${title}`, ...rest]));
    return visit(search, async (page, complained) => {
      const box = page.getByRole("searchbox", { name: "Search this site" });
      await box.fill("storm");
      const first = page.locator(".search-results a").first();
      await first.waitFor();
      await first.focus();
      const title = await first.textContent();
      // The same index leaves the results, and the focus in them.
      server.publish();
      await page.waitForTimeout(500);
      assert.ok(await first.evaluate((link) => link === document.activeElement));
      server.edit(documents, retitled);
      server.publish();
      await page.locator(".search-results a", { hasText: `QINDEXED ${title}` }).first().waitFor();
      assert.ok(await isSame(page));
      // The dialog of another page too.
      server.edits.clear();
      await page.goto(server.origin + report);
      await ready(page);
      await page.evaluate(() => (globalThis.isTheSame = true));
      await page.keyboard.press("/");
      await box.fill("storm");
      await first.waitFor();
      server.edit(documents, retitled);
      server.publish();
      await page.locator(".search-results a", { hasText: "QINDEXED" }).first().waitFor();
      assert.ok(await isSame(page));
      none(await complained());
    });
  });

  it("warnings are counted and cover nothing", TIMEOUT, () =>
    visit(report, async (page) => {
      server.breakWith([WARNING]);
      await page.getByRole("button", { name: "1 warning" }).click();
      assert.ok(await page.getByRole("region", { name: "1 warning" }).isVisible());
      await page.keyboard.press("Escape");
      server.breakWith([WARNING, WARNING]);
      await page.getByRole("button", { name: "2 warnings" }).waitFor();
      assert.equal(await page.locator(".tp-preview-panel:visible").count(), 0);
    }));

  it("a page that is gone stays in view and comes back, and one that was not there comes", TIMEOUT, () =>
    visit(report, async (page) => {
      const news = page.locator(".tp-preview-line [role=status]", { hasText: "gone" });
      server.edit(report, null);
      server.publish();
      await news.waitFor();
      assert.ok((await page.locator("article.prose").textContent()).length > 0);
      await page.goto(`${server.origin}${report}`);
      await news.waitFor();
      server.edits.clear();
      server.edit(report, editor("<p>", 2, "QBACK "));
      server.publish();
      await says(page, "QBACK");
      await page.waitForFunction(() => document.querySelector(".tp-preview-line [role=status]")?.textContent === "");
    }));

  it("another role is another page, and the way back shows what is true by then", { ...TIMEOUT, skip: fewest ? false : "only one role" }, () =>
    visit(list, async (page, complained) => {
      const who = page.locator(".tp-preview-who");
      assert.match(await who.textContent(), /^Preview as .+ · TLP:[A-Z+]+ · .+$/);
      const colour = () => page.locator(".tp-preview-frame").evaluate((frame) => getComputedStyle(frame).borderTopColor);
      const [name, first] = [await who.textContent(), await colour()];
      await page.getByRole("button", { name: "Read as" }).click();
      none(await axe(page));
      const other = page.getByRole("region", { name: "Read as" }).locator("a[aria-current=false]");
      await other.click();
      await page.waitForURL(`**/${fewest.role}/**`);
      await ready(page);
      assert.notEqual(await who.textContent(), name);
      assert.notEqual(await colour(), first);
      assert.equal(await isSame(page), false);
      server.edit(list, (html) => html.replace("<h1>", "<h1>QTRUE "));
      server.publish();
      await page.goBack();
      await says(page, "QTRUE");
      await ready(page);
      assert.equal(await who.textContent(), name);
      none(await complained());
    }));

  it("what is hidden is marked in its place, and itself is nowhere", TIMEOUT, () =>
    visit(report, async (page, complained) => {
      server.hidden = HIDDEN;
      server.publish();
      const marks = page.locator(".tp-preview-mark");
      await page.waitForTimeout(500);
      assert.equal(await marks.count(), 0);
      await page.getByLabel("Show what is hidden").check();
      assert.deepEqual(await page.$$eval("article.prose > *", (all) => all.flatMap((one, at) => (one.matches(".tp-preview-mark") ? [at === all.length - 1 ? -1 : at] : []))), [2, -1]);
      assert.match(await marks.first().textContent(), /^Hidden block, lines 40–52: needs the group EMEA Servers/);
      const panel = page.getByRole("region", { name: "What is hidden" });
      assert.match(await panel.textContent(), /A report of others: TLP:RED is above the clearance/);
      assert.match(await panel.textContent(), /A page of others: TLP:RED is above the clearance/);
      assert.equal(await page.locator("[href^=javascript]").count(), 0);
      none([...(await complained()), ...(await axe(page))]);
      // An edit leaves the marks where they belong.
      server.edit(report, editor("<p>", 1, "QEDITED "));
      server.edit(report, editor("</p>", 1, "<p>QNEW</p>"));
      server.publish();
      await says(page, "QNEW");
      await page.waitForTimeout(300);
      assert.equal(await marks.count(), 2);
      assert.ok(await isSame(page));
      assert.ok(await page.locator("article.prose > :nth-child(3)").evaluate((one) => one.matches(".tp-preview-mark")));
      await page.reload();
      await marks.first().waitFor();
      await page.getByLabel("Show what is hidden").uncheck();
      assert.equal(await marks.count(), 0);
    }));

  it("many tabs share one stream, and it outlives the tab that holds it", TIMEOUT, () =>
    visit(report, async (page, complained, context) => {
      const others = [];
      for (let number = 0; number < 7; number += 1) {
        const other = await context.newPage();
        await other.goto(server.origin + report);
        await ready(other);
        others.push(other);
      }
      assert.equal(server.streams.size, 1);
      await page.close();
      await others[0].waitForTimeout(500);
      assert.equal(server.streams.size, 1);
      server.edit(report, editor("<p>", 2, "QALL "));
      server.publish();
      for (const other of others) {
        await says(other, "QALL");
      }
    }));

  // As on an unencrypted host other than this machine.
  const withoutLocks = (context) => context.addInitScript(() => Object.defineProperty(Navigator.prototype, "locks", { value: undefined }));

  it("a page that is slow to come comes, where there are no locks", TIMEOUT, () =>
    visit(
      report,
      async (page) => {
        server.delays.set(report, 2500);
        server.edit(report, editor("<p>", 2, "QSLOW "));
        server.revision += 1;
        await says(page, "QSLOW");
      },
      {},
      withoutLocks,
    ));

  for (const [what, prepare] of [
    ["over the stream", () => {}],
    ["where there are no locks", withoutLocks],
  ]) {
    it(`a lost connection is told of, and after it the newest page comes, ${what}`, TIMEOUT, () =>
      visit(
        report,
        async (page) => {
          const news = page.locator(".tp-preview-line [role=status]");
          const { port } = server;
          await server.stop();
          await page.waitForFunction(() => document.querySelector(".tp-preview-line [role=status]").textContent.startsWith("Connection lost"));
          server.edit(report, editor("<p>", 2, "QMEANWHILE "));
          server.revision += 1;
          await server.listen(port);
          await says(page, "QMEANWHILE");
          await page.waitForFunction(() => document.querySelector(".tp-preview-line [role=status]").textContent === "");
          assert.equal(await news.textContent(), "");
          server.edit(report, editor("<p>", 3, "QAFTER "));
          server.publish();
          await says(page, "QAFTER");
          server.breakWith([PROBLEM]);
          await page.getByRole("region", { name: "1 error" }).waitFor();
        },
        {},
        prepare,
      ));
  }

  for (const [scheme, media] of Object.entries({ light: {}, dark: { colorScheme: "dark" }, forced: { colorScheme: "dark", forcedColors: "active" } })) {
    it(`axe finds nothing in ${scheme} colours, with all there is to show`, TIMEOUT, () =>
      visit(
        report,
        async (page) => {
          server.hidden = HIDDEN;
          server.breakWith([PROBLEM, WARNING]);
          await page.getByRole("region", { name: "1 error, 1 warning" }).waitFor();
          const problems = await axe(page);
          await page.getByLabel("Show what is hidden").check();
          problems.push(...(await axe(page)));
          none(problems);
        },
        media,
      ));
  }

  it("on a phone the bar is one press away and nothing needs a sideways scroll", TIMEOUT, () =>
    visit(
      report,
      async (page) => {
        server.hidden = HIDDEN;
        server.breakWith([PROBLEM]);
        await page.getByRole("region", { name: "1 error" }).waitFor();
        assert.ok(await page.locator(".tp-preview-who").isVisible());
        assert.equal(await page.getByLabel("Show what is hidden").isVisible(), false);
        const problems = await sidewaysScroll(page);
        await page.keyboard.press("Escape");
        await page.getByRole("button", { name: "More" }).click();
        await page.getByLabel("Show what is hidden").check();
        none([...problems, ...(await sidewaysScroll(page)), ...(await axe(page))]);
      },
      { viewport: { width: 320, height: 640 } },
    ));

  it("nothing of it is printed", TIMEOUT, () =>
    visit(report, async (page) => {
      server.hidden = HIDDEN;
      server.breakWith([PROBLEM]);
      await page.getByLabel("Show what is hidden").check();
      await page.locator(".tp-preview-mark").first().waitFor();
      await page.emulateMedia({ media: "print" });
      assert.equal(await page.locator("body [class^=tp-preview]:visible").count(), 0);
      assert.equal(await page.evaluate(() => getComputedStyle(document.body).paddingBottom), "0px");
    }));
});

describe("the preview of the program", { skip: isThere() ? false : `there is no ${PROGRAM}` }, () => {
  let browser;
  let program;
  before(async () => {
    [browser, program] = await Promise.all([launch(), startProgram()]);
  });
  after(async () => {
    await browser?.close();
    await program?.stop();
  });
  const visit = async (path, look, options = {}, expected = 200) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce", ...options });
    try {
      const { page, complained } = await open(context, program.origin + path, expected);
      await page.locator(".tp-preview-who").waitFor();
      await look(page, complained);
    } finally {
      await context.close();
    }
  };

  for (const path of ["/soc/", "/soc/threats/", "/soc/techniques/matrix/", "/soc/search/", "/soc/about/", "/emea-it/"]) {
    it(`${path} works under the policy, and axe finds nothing`, TIMEOUT, () =>
      visit(path, async (page, complained) => {
        await page.locator(".tp-preview-who strong").waitFor();
        none([...(await complained()), ...(await axe(page)), ...(await sidewaysScroll(page))]);
      }));
  }

  it("every role is a link to its own view of the page", TIMEOUT, () =>
    visit("/soc/threats/", async (page, complained) => {
      assert.equal(await page.locator(".tp-preview-who").textContent(), "Preview as Security operations · TLP:RED · all device groups");
      await page.getByRole("button", { name: "Read as" }).click();
      await page.getByRole("link", { name: "EMEA IT operations" }).click();
      await page.waitForURL("**/emea-it/threats/");
      await page.getByText("Preview as EMEA IT operations · TLP:AMBER · EMEA Servers, EMEA Workstations").waitFor();
      none(await complained());
    }));

  it("a file that is saved changes the page; one that is broken leaves it, and is told of until it is mended", TIMEOUT, () => {
    const reports = join(program.site, "content/reports");
    const [name] = readdirSync(reports).filter((name) => name.endsWith(".md")).sort();
    const file = join(reports, name);
    const text = readFileSync(file, "utf8");
    return visit(`/soc/threats/${name.replace(/\.md$/, "")}/analyst-report/`, async (page, complained) => {
      await page.locator(".tp-preview-who strong").waitFor();
      await page.evaluate(() => (globalThis.first = document.querySelector("h1")));
      writeFileSync(file, `${text}\n\nSaved while you look.\n`);
      await page.getByText("Saved while you look.").waitFor();
      assert.ok(await page.evaluate(() => globalThis.first === document.querySelector("h1")), "the page was loaded anew");
      writeFileSync(file, text.replace("\nseverity:", "\nseverty:"));
      const hint = page.getByText("did you mean `severity`?").first();
      await hint.waitFor();
      assert.equal(await page.getByText("Saved while you look.").count(), 1);
      writeFileSync(file, text);
      await hint.waitFor({ state: "hidden" });
      await page.getByText("Saved while you look.").waitFor({ state: "detached" });
      none(await complained());
    });
  });

  it("a page that is not there says so, accessibly", TIMEOUT, () =>
    visit("/soc/nowhere/", async (page) => {
      await page.locator(".tp-preview-line [role=status]", { hasText: "gone" }).waitFor();
      none(await axe(page));
    }, {}, 404));

  it("eight tabs are open at once, and the end of the program is told of", TIMEOUT, () =>
    visit("/soc/", async (page) => {
      const context = page.context();
      const tabs = [page];
      for (let number = 0; number < 7; number += 1) {
        const tab = await context.newPage();
        await tab.goto(`${program.origin}/soc/threats/`);
        await tab.locator(".tp-preview-who strong").waitFor();
        tabs.push(tab);
      }
      await program.stop();
      program = undefined;
      for (const tab of tabs) {
        await tab.getByText("Connection lost").waitFor();
      }
    }));
});
