// What a reader sets, copies and reaches by keys, and how old the data is by the reader's clock.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { axe, sidewaysScroll } from "./lib/browser.mjs";
import { none } from "./lib/none.mjs";
import { openSite, TIMEOUT } from "./lib/site.mjs";

const HOUR = 3_600_000;

describe("settings, keys, copies and the age of data", () => {
  let site;
  let report;
  let asOf;
  before(async () => {
    site = await openSite();
    report = site.page("threats/*/");
    asOf = Date.parse(JSON.parse(site.build.read("data.json").toString()).as_of);
  });
  after(() => site?.close());

  const ground = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const brightness = (colour) => Math.max(...colour.match(/\d+/g).slice(0, 3).map(Number));
  const choose = async (page, name) => {
    await page.getByRole("button", { name: "Settings" }).click();
    await page.getByRole("dialog").getByLabel(name, { exact: true }).check();
    await page.keyboard.press("Escape");
  };

  it("the chosen colours hold at once, on the next page and against the system", TIMEOUT, () =>
    site.visit(
      "",
      async (page, settled) => {
        assert.ok(brightness(await ground(page)) > 200);
        await choose(page, "Dark");
        assert.ok(brightness(await ground(page)) < 60);
        await page.goto(`${site.base}threats/`);
        assert.ok(brightness(await ground(page)) < 60);
        assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), "dark");
        await choose(page, "Like the system");
        assert.ok(brightness(await ground(page)) > 200);
        assert.equal(await page.evaluate(() => localStorage.length), 0);
        none(await settled());
      },
      { colorScheme: "light" },
    ));

  it("the list of contents goes along and marks what is being read", TIMEOUT, async () => {
    const path = site.pageWith("threats/*/analyst-report/", /(<li class="level-2">.*){6}/s);
    await site.visit(path, async (page, settled) => {
      const marked = () => page.$$eval(".contents a[aria-current=location]", (links) => links.map((link) => link.hash.slice(1)));
      const sections = await page.$$eval(".contents a", (links) => links.map((link) => link.hash.slice(1)));
      assert.deepEqual(await marked(), []);
      const middle = sections[Math.floor(sections.length / 2)];
      await page.locator(`.contents a[href="#${middle}"]`).click();
      await page.waitForFunction((id) => document.querySelector(".contents [aria-current]")?.hash === `#${id}`, middle);
      assert.equal(await page.locator(".contents a.is-read").count(), sections.indexOf(middle));
      assert.ok(await page.locator(".contents [aria-current]").evaluate((link) => link.checkVisibility() && link.getBoundingClientRect().top >= 0));
      await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
      await page.waitForFunction((id) => document.querySelector(".contents [aria-current]")?.hash === `#${id}`, sections.at(-1));
      none([...(await settled()), ...(await axe(page))]);
    });
  });

  it("the first thing drawn has the chosen colours", TIMEOUT, () =>
    site.visit(
      "",
      async (page) => {
        // The modules never come; only what holds the page back has run.
        await page.route("**/scripts/main.js", (route) => route.abort());
        await page.evaluate(() => localStorage.setItem("threatpress.theme", "dark"));
        await page.reload();
        assert.ok(brightness(await ground(page)) < 60);
      },
      { colorScheme: "light" },
    ));

  it("a page whose storage is closed works with the defaults", TIMEOUT, () =>
    site.visit(
      "threats/",
      async (page, settled) => {
        await choose(page, "Comfortable");
        assert.equal(await page.evaluate(() => document.documentElement.dataset.density), "comfortable");
        none(await settled());
      },
      {},
      (context) =>
        context.addInitScript(() => {
          Object.defineProperty(globalThis, "localStorage", {
            get: () => {
              throw new DOMException("closed", "SecurityError");
            },
          });
        }),
    ));

  it("rows are as high as the reader wants them", TIMEOUT, () =>
    site.visit("threats/", async (page) => {
      const height = () => page.locator("tbody tr").first().evaluate((row) => row.getBoundingClientRect().height);
      const compact = await height();
      await choose(page, "Comfortable");
      assert.ok((await height()) > compact);
    }));

  it("keys lead to pages, tabs, search and their own list", TIMEOUT, () =>
    site.visit(report, async (page, settled) => {
      const path = () => new URL(page.url()).pathname.slice(new URL(site.base).pathname.length);
      const lead = async (keys, wanted) => {
        for (const key of keys) {
          await page.keyboard.press(key);
        }
        await page.waitForURL(site.base + wanted);
        await page.waitForLoadState();
      };
      await page.keyboard.press("?");
      assert.ok(await page.getByRole("dialog", { name: "Settings and shortcuts" }).isVisible());
      none(await axe(page));
      await page.keyboard.press("Escape");
      assert.equal(await page.getByRole("dialog").count(), 0);
      await lead(["]"], `${report}analyst-report/`);
      await lead(["["], report);
      await page.keyboard.press("[");
      assert.equal(path(), report);
      await lead(["g", "t"], "threats/");
      await lead(["g", "q"], "techniques/matrix/");
      await lead(["g", "d"], "");
      await page.keyboard.press("/");
      assert.ok(await page.getByRole("dialog", { name: "Search" }).isVisible());
      assert.equal(await page.evaluate(() => document.activeElement.type), "search");
      // In a field a letter is a letter.
      await page.keyboard.type("g t/?");
      assert.equal(await page.evaluate(() => document.activeElement.value), "g t/?");
      none(await settled());
    }));

  it("keys with a modifier are the browser's, and all can be turned off for good", TIMEOUT, () =>
    site.visit("", async (page) => {
      const dialogs = () => page.getByRole("dialog").count();
      await page.evaluate(() => {
        for (const modifier of ["ctrlKey", "altKey", "metaKey"]) {
          document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "?", bubbles: true, [modifier]: true }));
        }
      });
      assert.equal(await dialogs(), 0);
      await choose(page, "Off");
      await page.reload();
      await page.keyboard.press("?");
      await page.keyboard.press("/");
      await page.keyboard.press("g");
      await page.keyboard.press("t");
      assert.equal(await dialogs(), 0);
      assert.equal(page.url(), site.base);
      await choose(page, "On");
      await page.keyboard.press("?");
      assert.equal(await dialogs(), 1);
    }));

  it("a query is copied whole, and the reader is told", TIMEOUT, async () => {
    const granted = { permissions: ["clipboard-read", "clipboard-write"] };
    const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());
    await site.visit(
      `${report}analyst-report/`,
      async (page, settled) => {
        const figure = page.locator("figure.code").first();
        const text = await figure.locator("pre").textContent();
        await figure.getByRole("button", { name: /^Copy/ }).click();
        assert.equal(await clipboard(page), text);
        assert.equal(await figure.getByRole("button").textContent(), "Copied");
        assert.match(await page.locator("body > [role=status]").textContent(), /copied/);
        none(await settled());
      },
      granted,
    );
  });

  it("an indicator is copied as it is shown, or live, and never becomes a link", TIMEOUT, async () => {
    const granted = { permissions: ["clipboard-read", "clipboard-write"] };
    const path = site.pageWith("threats/*/analyst-report/", /\[\.\]/);
    await site.visit(
      path,
      async (page) => {
        const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
        const row = page.locator("#indicators tbody tr", { hasText: "[.]" }).first();
        const shown = await row.locator("th").evaluate((cell) => cell.firstChild.textContent.trim());
        await row.getByRole("button", { name: /^Copy defanged/ }).click();
        assert.equal(await clipboard(), shown);
        await row.getByRole("button", { name: /^Copy live value/ }).click();
        const live = await clipboard();
        assert.notEqual(live, shown);
        const csv = site.build.read(`${path}indicators.csv`).toString().split("\r\n");
        assert.ok(csv.some((line) => line.startsWith(`${live},`)), live);
        assert.equal(await page.locator("#indicators tbody th a").count(), 0);
      },
      granted,
    );
  });

  it("ids among the facts are copied, without what they are called", TIMEOUT, () =>
    site.visit(
      report,
      async (page) => {
        for (const kind of ["CVE-", "T1"]) {
          const copy = page.locator(".facts").getByRole("button", { name: `Copy ${kind}` }).first();
          const id = (await copy.getAttribute("aria-label")).slice("Copy ".length);
          await copy.click();
          assert.match(id, /^\S+$/);
          assert.equal(await page.evaluate(() => navigator.clipboard.readText()), id);
          assert.ok(await copy.getByText("Copied", { exact: true }).isVisible());
        }
      },
      { permissions: ["clipboard-read", "clipboard-write"] },
    ));

  it("what stands beside a page stands folded under its title on a phone", TIMEOUT, async () => {
    const tops = (page, ...selectors) =>
      page.evaluate((selectors) => selectors.map((selector) => document.querySelector(selector).getBoundingClientRect().top), selectors);
    const look = async (page) => {
      const [tabs, facts, contents, prose] = await tops(page, ".tabs", ".facts", ".contents", ".prose");
      assert.ok(tabs < facts && facts < contents && contents < prose, `${[tabs, facts, contents, prose]}`);
      const fact = page.locator(".facts dd").first();
      assert.equal(await fact.isVisible(), false);
      await page.locator(".facts summary").click();
      assert.ok(await fact.isVisible());
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.locator(".contents a").first().waitFor();
      assert.ok((await tops(page, ".contents"))[0] < (await tops(page, ".facts"))[0]);
      none(await axe(page));
    };
    await site.visit(`${report}analyst-report/`, look, { viewport: { width: 360, height: 800 } });
  });

  it("no word breaks in the name of a figure", TIMEOUT, async () => {
    const broken = (page) =>
      page.$$eval(".tile dt", (names) =>
        names.flatMap((name) => {
          const text = document.createTreeWalker(name, NodeFilter.SHOW_TEXT).nextNode();
          return [...text.data.matchAll(/\S+/g)].flatMap(({ 0: word, index }) => {
            const range = document.createRange();
            range.setStart(text, index);
            range.setEnd(text, index + word.length);
            return range.getClientRects().length > 1 ? [word] : [];
          });
        }),
      );
    for (const width of [320, 768, 1280]) {
      none(await site.visit(`${report}exposure/`, broken, { viewport: { width, height: 800 } }));
    }
  });

  it("a clipboard that refuses is told of", TIMEOUT, () =>
    site.visit(
      `${report}analyst-report/`,
      async (page) => {
        const button = page.locator("figure.code").first().getByRole("button");
        await button.click();
        assert.equal(await button.textContent(), "Not copied");
      },
      {},
      (context) =>
        context.addInitScript(() => {
          navigator.clipboard.writeText = () => Promise.reject(new DOMException("no", "NotAllowedError"));
        }),
    ));

  for (const [after, word, age] of [
    [-5 * HOUR, "Fresh", "less than an hour old"],
    [3.5 * HOUR, "Fresh", "3 hours old"],
    [24 * HOUR, "Ageing", "24 hours old"],
    [72 * HOUR, "Stale", "3 days old"],
  ]) {
    it(`data of ${after / HOUR} hours is ${word}`, TIMEOUT, async () => {
      const clock = (context) => context.clock.setFixedTime(asOf + after);
      const stale = word === "Stale";
      await site.visit(
        "threats/",
        async (page, settled) => {
          assert.equal((await page.locator(".chip-age").textContent()).trim(), `${word}, ${age}`);
          assert.equal(await page.locator(".banner-stale").isVisible(), stale);
          assert.equal((await page.title()).startsWith("Stale: "), stale);
          none([...(await settled()), ...(await axe(page))]);
        },
        {},
        clock,
      );
      // A page without figures has none that could be stale.
      await site.visit("search/", async (page) => assert.equal(await page.locator(".banner-stale").count(), 0), {}, clock);
    });
  }

  it("every heading, table and chart has a link of its own that leads to it", TIMEOUT, () =>
    site.visit(report, async (page) => {
      const targets = await page.$$eval(".heading-anchor", (links) => links.map((link) => link.getAttribute("href")));
      const wanted = await page.$$eval("main :is(h2, h3)[id]:not(.visually-hidden), .chart-block[id], .is-upgraded[id]", (all) => all.map(({ id }) => `#${id}`));
      none(wanted.filter((id) => !targets.includes(id)));
      const dead = await page.evaluate((targets) => targets.filter((id) => !document.getElementById(id.slice(1))), targets);
      none(dead);
    }));

  it("an address that points into something closed opens it", TIMEOUT, () =>
    site.visit(`${report}#chart-devices-states`, async (page) => {
      assert.ok(await page.locator("[id=chart-devices-states]").isVisible());
    }));

  it("on a phone the sections are one press away, and nothing needs a sideways scroll", TIMEOUT, () =>
    site.visit(
      "threats/",
      async (page) => {
        const nav = page.getByRole("navigation", { name: "Sections" });
        assert.equal(await nav.getByRole("link", { name: "Techniques" }).isVisible(), false);
        await nav.getByText("Sections").click();
        assert.ok(await nav.getByRole("link", { name: "Techniques" }).isVisible());
        none(await sidewaysScroll(page));
        await page.getByRole("button", { name: "Settings" }).click();
        none(await sidewaysScroll(page));
      },
      { viewport: { width: 320, height: 640 } },
    ));
});
