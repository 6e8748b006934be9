// Search: what its index holds, and what a person finds with it.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { axe, sidewaysScroll } from "./lib/browser.mjs";
import { htmlFiles, openBuilds, outputDirectory } from "./lib/build.mjs";
import { SEARCH_BUDGET } from "./lib/contract.mjs";
import { none } from "./lib/none.mjs";
import { openSite, TIMEOUT } from "./lib/site.mjs";

const WORD = /[\p{Alphabetic}\p{N}]+/gu;
const INLINE = /<\/?(?:a|code|data|del|em|span|strong|sup|time)\b[^>]*>/g;
const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'" };

// The text of a page of ours, in which every `<` and `>` of the text itself is escaped. Reading
// hundreds of pages as a browser does would take minutes.
const textOf = (html) =>
  html
    .slice(html.indexOf("<body"))
    .replace(INLINE, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity]);

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

for (const build of openBuilds(outputDirectory())) {
  describe(`${build.role}: the search index`, () => {
    const piece = (name) => JSON.parse(build.read(`search/${name}.json`).toString());
    const summary = piece("index");
    const documents = [...build.files.keys()]
      .filter((path) => path.startsWith("search/documents/"))
      .sort((a, b) => Number.parseInt(a.slice(17), 10) - Number.parseInt(b.slice(17), 10))
      .flatMap((path) => JSON.parse(build.read(path).toString()));

    it("leads only to pages of the build", () => {
      assert.equal(documents.length, summary.documents);
      none(documents.map(([, , path]) => `${decodeURIComponent(path)}index.html`).filter((path) => !build.files.has(path)));
    });

    it("holds no word and no id that no page shows", () => {
      const shown = new Set();
      let text = "";
      // What a report's page for paper shows, its tabs show too.
      for (const path of htmlFiles(build).filter((path) => !path.endsWith("/print/index.html"))) {
        const body = textOf(build.read(path).toString());
        text += `${body}\n`;
        for (const word of fold(body).match(WORD) ?? []) {
          shown.add(word);
        }
      }
      const ids = summary.ids.map((name) => piece(`ids/${name}`));
      none([
        ...summary.terms.flatMap((name) => Object.keys(piece(`terms/${name}`))).filter((term) => !shown.has(term)),
        ...ids.flatMap(({ ids, indicators, stricter }) => [ids, indicators, stricter].flatMap(Object.keys)).filter((id) => !text.includes(id)),
      ]);
    });

    it("is fetched in small pieces", () => {
      const weight = (path) => gzipSync(build.read(path)).length;
      const heaviest = (directory) => Math.max(0, ...[...build.files.keys()].filter((path) => path.startsWith(directory)).map(weight));
      const first = weight("search/index.json") + heaviest("search/documents/") + heaviest("search/terms/") + heaviest("search/ids/");
      assert.ok(first < SEARCH_BUDGET, `the first query fetches ${first} bytes`);
    });
  });
}

describe("search in a browser", () => {
  let site;
  before(async () => {
    site = await openSite();
  });
  after(() => site?.close());

  const type = async (page, query) => {
    await page.getByRole("searchbox", { name: "Search this site" }).fill(query);
    await page.waitForFunction(() => document.querySelector(".search-news").textContent !== "");
    // Longer than the pause after which a search begins, and than the search.
    await page.waitForTimeout(400);
    return results(page);
  };
  const results = (page) =>
    page.$$eval(".search-results li a", (links) =>
      links.map((link) => ({ title: link.querySelector(".result-title").textContent, path: link.href, kind: link.closest("section").dataset.kind })),
    );
  const search = (look, options, prepare) => site.visit("search/", look, options, prepare);

  it("an id comes first, in whatever case, and Enter leads to it", TIMEOUT, () =>
    site.visit("", async (page, settled) => {
      await page.keyboard.press("/");
      for (const [query, path] of [["T1059.001", "techniques/T1059.001/"], ["cve-2025-53770", "vulnerabilities/CVE-2025-53770/"]]) {
        const [first] = await type(page, query);
        assert.equal(first.path, site.base + path);
      }
      await page.keyboard.press("Enter");
      await page.waitForURL(`${site.base}vulnerabilities/CVE-2025-53770/`);
      none(await settled());
    }));

  it("an indicator is found defanged and live, and shown defanged only", TIMEOUT, async () => {
    const path = site.pageWith("threats/*/analyst-report/", /\[\.\]/);
    const [, shown] = /<th scope="row" class="text code">([^<]*\[\.\][^<]*)</.exec(site.build.read(`${path}index.html`).toString());
    const live = shown.replaceAll("[.]", ".").replace("hxxp", "http");
    await search(async (page) => {
      for (const query of [live, shown, live.toUpperCase()]) {
        const [first] = (await type(page, query)).filter(({ kind }) => kind === "indicator");
        assert.deepEqual(first, { title: shown, path: `${site.base}${path}#indicators`, kind: "indicator" });
      }
      assert.ok(!(await page.locator(".search-results").textContent()).includes(live));
    });
  });

  it("a report that names a technique and a part of it is found once", TIMEOUT, () =>
    search(async (page) => {
      const { ids } = JSON.parse(site.build.read("search/ids/t1.json").toString());
      const part = Object.keys(ids).find((id) => id.includes(".") && ids[id.split(".")[0]] && ids[id].length > 1);
      const [whole] = part.split(".");
      await page.route("**/search/ids/t1.json", async (route) => {
        const response = await route.fetch();
        const held = await response.json();
        held.ids[whole] = [...new Set([...ids[whole], ...ids[part]])];
        await route.fulfill({ response, json: held });
      });
      const paths = (await type(page, whole)).map(({ path }) => path);
      assert.ok(paths.includes(`${site.base}techniques/${part}/`));
      assert.deepEqual(paths, [...new Set(paths)]);
    }));

  it("words are found by their beginning, without accents and with one mistake", TIMEOUT, () =>
    search(async (page) => {
      for (const [query, title] of [
        ["ransomw", /ransomware/i],
        ["ransomwrae", /ransomware/i],
        ["sharepiont warlock", /SharePoint .*Warlock/],
        ["zurich", /Zürich/],
      ]) {
        const found = await type(page, query);
        assert.ok(found.some((result) => title.test(result.title)), `${query}: ${JSON.stringify(found)}`);
      }
      assert.match((await page.locator("mark").allTextContents()).join(" "), /Zürich/);
    }));

  it("results are chosen by kind", TIMEOUT, () =>
    search(async (page) => {
      await type(page, "remote");
      const choice = page.getByRole("group", { name: "Kinds of results" }).getByRole("button", { name: /^Techniques/ });
      const count = Number(/\d+/.exec(await choice.textContent())[0]);
      await choice.click();
      const found = await results(page);
      assert.equal(found.length, count);
      assert.deepEqual([...new Set(found.map(({ kind }) => kind))], ["technique"]);
      assert.equal(await page.locator("[aria-pressed=true]").count(), 1);
    }));

  it("the arrow keys walk through the results and back", TIMEOUT, () =>
    site.visit("", async (page) => {
      await page.keyboard.press("/");
      const found = await type(page, "ransomware");
      const focused = () => page.evaluate(() => document.activeElement.href ?? document.activeElement.type);
      await page.keyboard.press("ArrowDown");
      assert.equal(await focused(), found[0].path);
      await page.keyboard.press("ArrowDown");
      assert.equal(await focused(), found[1].path);
      await page.keyboard.press("ArrowUp");
      await page.keyboard.press("ArrowUp");
      assert.equal(await focused(), "search");
    }));

  it("Escape closes the dialog at once, whatever is typed", TIMEOUT, () =>
    site.visit("", async (page) => {
      await page.keyboard.press("/");
      await page.keyboard.type("akira");
      await page.keyboard.press("Escape");
      assert.equal(await page.locator("dialog[open]").count(), 0);
    }));

  it("a query can be sent as an address", TIMEOUT, async () => {
    const address = await search(async (page) => {
      await type(page, "akira");
      return { url: page.url(), found: await results(page) };
    });
    assert.equal(new URL(address.url).search, "?q=akira");
    await site.visit("search/?q=akira", async (page, settled) => {
      await page.locator(".search-results li").first().waitFor();
      assert.deepEqual(await results(page), address.found);
      none(await settled());
    });
  });

  it("what is not there is said, with the ids that come near and the lists", TIMEOUT, () =>
    search(async (page) => {
      assert.deepEqual(await type(page, "qqqxyzzy"), []);
      assert.match(await page.locator(".search-news").textContent(), /Nothing on this site matches/);
      assert.equal(await page.locator(".search-news a").count(), 1);
      await type(page, "T1059.00x");
      await page.getByRole("button", { name: "T1059.001", exact: true }).click();
      await page.waitForFunction(() => document.querySelector(".search-results li a"));
      assert.match((await results(page))[0].title, /^T1059\.001/);
    }));

  it("a query is text, whatever it holds", TIMEOUT, () =>
    search(async (page, settled) => {
      await type(page, `<img src=x onerror="alert(1)"> [ ( * \\ __proto__ constructor`);
      assert.equal(await page.locator(".search-box img").count(), 0);
      none(await settled());
    }));

  it("an index that cannot be loaded is said, the lists remain, and the next query tries again", TIMEOUT, () =>
    site.visit("threats/", async (page) => {
      await page.route("**/search/**/*.json", (route) => route.abort());
      await page.route("**/search/*.json", (route) => route.abort());
      await page.keyboard.press("/");
      assert.deepEqual(await type(page, "akira"), []);
      assert.match(await page.locator(".search-news").textContent(), /could not be loaded/);
      assert.equal(await page.locator(".search-news a").evaluate((link) => link.href), `${site.base}search/`);
      await page.unroute("**/search/**/*.json");
      await page.unroute("**/search/*.json");
      assert.ok((await type(page, "akira ")).length > 0);
    }));

  it("a query that fails late takes nothing from the one after it", TIMEOUT, () =>
    search(async (page) => {
      let fail;
      const late = new Promise((resolve) => (fail = resolve));
      await page.route("**/search/*/ak.json", (route) => late.then(() => route.abort()));
      const begun = page.waitForRequest("**/search/*/ak.json");
      await page.getByRole("searchbox", { name: "Search this site" }).fill("akira");
      await begun;
      const found = await type(page, "T1059.001");
      assert.ok(found.length > 0);
      const failed = page.waitForEvent("requestfailed");
      fail();
      await failed;
      await page.waitForTimeout(200);
      assert.deepEqual(await results(page), found);
    }));

  it("without scripts the lists from A to Z hold everything", TIMEOUT, () =>
    search(
      async (page) => {
        assert.ok((await page.locator(".letters a").count()) > 50);
        assert.equal(await page.locator("input, button").count(), 0);
      },
      { javaScriptEnabled: false },
    ));

  for (const [scheme, media] of Object.entries({ light: {}, dark: { colorScheme: "dark" }, forced: { forcedColors: "active" } })) {
    it(`axe finds nothing in an open search, ${scheme}`, TIMEOUT, () =>
      site.visit("", async (page) => {
        await page.emulateMedia(media);
        await page.keyboard.press("/");
        await type(page, "ransomware");
        none(await axe(page));
      }));
  }

  it("fits a narrow screen", TIMEOUT, () =>
    site.visit(
      "",
      async (page) => {
        await page.getByRole("link", { name: "Search" }).first().click();
        await type(page, "remote services");
        none(await sidewaysScroll(page));
      },
      { viewport: { width: 320, height: 640 } },
    ));
});
