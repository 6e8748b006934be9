// Tables as a person uses them: sorted, filtered, turned over, sent to somebody, taken along.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { axe } from "./lib/browser.mjs";
import { none } from "./lib/none.mjs";
import { openSite, TIMEOUT } from "./lib/site.mjs";

describe("tables", () => {
  let site;
  let long;
  before(async () => {
    site = await openSite();
    long = site.longestTable("threats/*/exposure/");
  });
  after(() => site?.close());

  // What a reader sees of a column, row by row.
  const column = (page, table, at) =>
    page.$$eval(`[id="${table}"] tbody tr`, (rows, at) => rows.filter((row) => row.checkVisibility()).map((row) => row.cells[at].textContent.trim()), at);
  const headings = (page, table) => page.$$eval(`[id="${table}"] thead th`, (cells) => cells.map((cell) => cell.textContent.trim()));
  const sortButton = (page, table, name) => page.locator(`[id="${table}"] thead`).getByRole("button", { name, exact: true });
  const news = (page) => page.locator("body > [role=status]").textContent();
  const ascending = (texts) => [...texts].sort(new Intl.Collator("en", { numeric: true }).compare);

  it("sort by a press of a heading: one way, the other way, as the page came", TIMEOUT, () =>
    site.visit("threats/", async (page, settled) => {
      const before = await column(page, "threats", 0);
      await sortButton(page, "threats", "Threat").click();
      assert.deepEqual(await column(page, "threats", 0), ascending(before));
      assert.equal(await page.locator("th[aria-sort]").count(), 1);
      assert.equal(await page.locator("th[aria-sort=ascending]").textContent(), "Threat");
      assert.match(await news(page), /Sorted by Threat, ascending/);
      assert.equal(new URL(page.url()).searchParams.get("sort"), "threat");
      await sortButton(page, "threats", "Threat").click();
      assert.deepEqual(await column(page, "threats", 0), ascending(before).reverse());
      assert.equal(new URL(page.url()).searchParams.get("sort"), "-threat");
      await sortButton(page, "threats", "Threat").click();
      assert.deepEqual(await column(page, "threats", 0), before);
      assert.equal(await page.locator("th[aria-sort]").count(), 0);
      assert.equal(new URL(page.url()).search, "");
      none(await settled());
    }));

  it("sort numbers as numbers, severities by their rank, and put what is not available last", TIMEOUT, () =>
    site.visit("threats/", async (page) => {
      const at = (await headings(page, "threats")).indexOf("Misconfigured devices");
      const plain = (text) => (text.startsWith("—") ? null : Number(text.replace(/\D/g, "")));
      for (const direction of [-1, 1]) {
        await sortButton(page, "threats", "Misconfigured devices").click();
        const numbers = (await column(page, "threats", at)).map(plain);
        const known = numbers.filter((number) => number !== null);
        assert.ok(known.length > 2 && known.length < numbers.length, "the sample has counts and gaps");
        assert.deepEqual(numbers.slice(known.length), numbers.slice(known.length).fill(null));
        assert.deepEqual(known, known.toSorted((a, b) => direction * (a - b)));
      }
      await sortButton(page, "threats", "Severity").click();
      await sortButton(page, "threats", "Severity").click();
      const severities = await column(page, "threats", 1);
      const rank = ["Critical", "High", "Medium", "Low", "Informational"];
      assert.deepEqual(severities, severities.toSorted((a, b) => rank.indexOf(a) - rank.indexOf(b)));
    }));

  it("sort dates with the words for none last, and criticalities by their rank", TIMEOUT, async () => {
    await site.visit("vulnerabilities/", async (page) => {
      const at = (await headings(page, "vulnerabilities")).indexOf("Exploited since");
      for (const direction of [-1, 1]) {
        await sortButton(page, "vulnerabilities", "Exploited since").click();
        const since = await column(page, "vulnerabilities", at);
        const dates = since.filter((text) => /^\d/.test(text));
        assert.ok(dates.length > 1 && dates.length < since.length, "the sample has dates and gaps");
        assert.deepEqual(since.slice(0, dates.length), dates.toSorted((a, b) => direction * (a < b ? -1 : 1)));
      }
    });
    await site.visit(long.path, async (page) => {
      const at = (await headings(page, long.id)).indexOf("Criticality");
      const rank = ["Low", "Normal", "High", "Very high"];
      const seen = new Set();
      for (const direction of [1, -1]) {
        await sortButton(page, long.id, "Criticality").click();
        const words = (await column(page, long.id, at)).filter(Boolean);
        words.forEach((word) => seen.add(word));
        assert.deepEqual(words, words.toSorted((a, b) => direction * (rank.indexOf(a) - rank.indexOf(b))));
      }
      assert.ok(["Low", "Normal", "High"].every((word) => seen.has(word)), "the sample has them all");
      const choices = page.locator(`[id="${long.id}"]`).getByRole("combobox", { name: "Criticality", exact: true }).locator("option");
      const offered = (await choices.allTextContents()).slice(1).map((text) => text.replace(/ \(.*/, ""));
      assert.deepEqual(offered, rank.toReversed().filter((word) => offered.includes(word)));
    });
  });

  it("filter by a number as people type it", TIMEOUT, () =>
    site.visit("threats/", async (page) => {
      const texts = await page.$$eval("[id=threats] tbody tr", (rows) => rows.map((row) => row.textContent));
      const shown = texts.map((text) => text.match(/\d\u202f\d{3}/)?.[0]).find(Boolean);
      assert.ok(shown, "the sample has thousands");
      for (const typed of [shown, shown.replace("\u202f", ""), shown.replace("\u202f", " ")]) {
        await page.locator("[id=threats]").getByLabel("Filter", { exact: true }).fill(typed);
        assert.ok((await column(page, "threats", 0)).length > 0, typed);
      }
    }));

  it("filter by words and by choices, and say what is left", TIMEOUT, () =>
    site.visit(long.path, async (page) => {
      const block = page.locator(`[id="${long.id}"]`);
      const device = (await column(page, long.id, 0))[0];
      await block.getByLabel("Filter", { exact: true }).fill(device.toUpperCase());
      assert.ok((await column(page, long.id, 0)).every((name) => name.includes(device)));
      assert.match(await news(page), /rows? of/);
      await block.getByLabel("Filter", { exact: true }).fill("no such device anywhere");
      assert.ok(await block.getByText("No rows match your filters.").isVisible());
      assert.equal(await block.locator(".scroll").isVisible(), false);
      // What has half gone under a heading that stays in view is on its way, not too small.
      await page.evaluate(() => scrollTo(0, 0));
      none(await axe(page));
      await block.getByRole("button", { name: "Clear filters" }).click();
      assert.equal(await block.getByText("No rows match your filters.").isVisible(), false);
      assert.equal((await column(page, long.id, 0)).length, 100);

      const select = block.getByRole("combobox", { name: "Device group", exact: true });
      const [word, count] = /^(.*) \((.*)\)$/.exec(await select.locator("option").nth(1).textContent()).slice(1);
      await select.selectOption({ index: 1 });
      const at = (await headings(page, long.id)).indexOf("Device group");
      assert.deepEqual([...new Set(await column(page, long.id, at))], [word]);
      assert.match(await block.locator(".table-result").textContent(), new RegExp(`^${count} of `));
    }));

  it("of which a page has the first rows only do not deny the others", TIMEOUT, () => {
    const cut = site.longestCutTable("threats/*/exposure/");
    const text = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, "\u202f");
    return site.visit(cut.path, async (page) => {
      const block = page.locator(`[id="${cut.id}"]`);
      assert.match(await block.locator(".table-result").textContent(), new RegExp(`^${text(cut.rows)} of ${text(cut.all)} rows are on this page`));
      assert.ok((await block.locator("select option").allTextContents()).every((word) => !/\(\d+\)$/.test(word)));
      await block.getByLabel("Filter", { exact: true }).fill("no such device anywhere");
      assert.ok(await block.getByText(`there are ${text(cut.all)} in all`).isVisible());
    });
  });

  it("show a hundred rows at a time", TIMEOUT, () =>
    site.visit(long.path, async (page) => {
      const block = page.locator(`[id="${long.id}"]`);
      const first = await column(page, long.id, 0);
      assert.equal(first.length, 100);
      assert.ok(await block.getByRole("button", { name: "Previous rows" }).isDisabled());
      await block.getByRole("button", { name: "Next rows" }).click();
      const second = await column(page, long.id, 0);
      assert.ok(second.length > 0 && !first.some((name) => second.includes(name)));
      assert.equal(new URL(page.url()).searchParams.get(`${long.id}.page`), "2");
      await page.emulateMedia({ media: "print" });
      assert.equal((await column(page, long.id, 0)).length, long.rows);
    }));

  it("keep the focus of a reader who comes to their end", TIMEOUT, () =>
    site.visit(long.path, async (page) => {
      const next = page.locator(`[id="${long.id}"]`).getByRole("button", { name: "Next rows" });
      const pages = Math.ceil(long.rows / 100);
      await next.focus();
      for (let turned = 0; turned < pages; turned += 1) {
        await page.keyboard.press("Enter");
      }
      assert.equal(new URL(page.url()).searchParams.get(`${long.id}.page`), String(pages));
      assert.ok(await next.evaluate((button) => button === document.activeElement && button.ariaDisabled === "true"));
    }));

  it("are found again by the address", TIMEOUT, async () => {
    const address = await site.visit(long.path, async (page) => {
      const block = page.locator(`[id="${long.id}"]`);
      await block.getByRole("combobox", { name: "Device group", exact: true }).selectOption({ index: 1 });
      await block.getByLabel("Filter", { exact: true }).fill("a");
      await sortButton(page, long.id, "Device").click();
      return { search: new URL(page.url()).search, rows: await column(page, long.id, 0) };
    });
    assert.match(address.search, new RegExp(`^\\?${long.id}\\.`));
    await site.visit(`${long.path}${address.search}`, async (page, settled) => {
      assert.deepEqual(await column(page, long.id, 0), address.rows);
      assert.equal(await page.locator("th[aria-sort=ascending]").textContent(), "Device");
      none(await settled());
    });
    // What an address does not rightly name is passed over.
    await site.visit(`${long.path}?${long.id}.sort=nothing&${long.id}.page=-7&${long.id}.device-group=x`, async (page, settled) => {
      assert.equal((await column(page, long.id, 0)).length, 100);
      none(await settled());
    });
  });

  it("download the rows that are left, as the site's own CSV has them", TIMEOUT, () =>
    site.visit(long.path, async (page) => {
      const block = page.locator(`[id="${long.id}"]`);
      assert.equal(await block.getByRole("button", { name: "Download these rows" }).isVisible(), false);
      await block.getByRole("combobox", { name: "Device group", exact: true }).selectOption({ index: 1 });
      const names = await column(page, long.id, 0);
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        block.getByRole("button", { name: "Download these rows" }).click(),
      ]);
      assert.equal(download.suggestedFilename(), `${long.id}-filtered.csv`);
      const lines = readFileSync(await download.path(), "utf8").split("\r\n");
      const own = site.build.read(`${long.path}${long.id}.csv`).toString().split("\r\n");
      assert.equal(lines[0], own[0]);
      assert.equal(lines[1].split(",")[0], names[0]);
      assert.match(lines[1], /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/);
    }));

  it("guard every cell that a spreadsheet would take for a formula", TIMEOUT, () =>
    site.visit("", async (page) => {
      const given = ["=1", "+1", "-1", "@x", "\tx", "\rx", " =1", "＝1", "－1", "\u0001=1", "\u200b@x", "\u00a0+1", "a\u0000b", "plain", "7"];
      const safe = await page.evaluate(async (given) => {
        const { safe } = await import(new URL("static/scripts/csv.js", location.href));
        return given.map(safe);
      }, given);
      assert.deepEqual(safe, ["'=1", "'+1", "'-1", "'@x", "'x", "'x", "' =1", "'＝1", "'－1", "'=1", "'\u200b@x", "'\u00a0+1", "ab", "plain", "7"]);
    }));

  it("leave out the columns that a reader does not want, here and on the next page, but not on paper", TIMEOUT, () =>
    site.visit("threats/", async (page, settled) => {
      const shown = () =>
        page.$$eval("[id=threats] :is(thead, tbody tr:first-child) :is(th, td)", (cells) => cells.filter((cell) => cell.checkVisibility()).length);
      const all = await shown();
      await page.getByText("Columns", { exact: true }).click();
      const severity = page.getByRole("group", { name: /^Columns of / }).getByLabel("Severity", { exact: true });
      await severity.uncheck();
      assert.equal(await shown(), all - 2);
      none(await axe(page));
      await page.keyboard.press("Escape");
      assert.equal(await severity.isVisible(), false);
      assert.equal(await page.evaluate(() => document.activeElement.textContent), "Columns");
      await page.emulateMedia({ media: "print" });
      assert.equal(await shown(), all);
      await page.emulateMedia({ media: "screen" });
      await page.reload();
      assert.equal(await shown(), all - 2);
      await page.getByText("Columns", { exact: true }).click();
      await severity.check();
      await page.reload();
      assert.equal(await shown(), all);
      none(await settled());
    }));

  it("forget no choice of columns that they do not have themselves", TIMEOUT, () =>
    site.visit("threats/", async (page) => {
      const kept = () => page.evaluate(() => localStorage.getItem("threatpress.columns.threats"));
      await page.evaluate(() => localStorage.setItem("threatpress.columns.threats", "elsewhere"));
      await page.reload();
      await page.getByText("Columns", { exact: true }).click();
      const severity = page.getByRole("group", { name: /^Columns of / }).getByLabel("Severity", { exact: true });
      await severity.uncheck();
      assert.deepEqual((await kept()).split(" ").toSorted(), ["elsewhere", "severity"]);
      await severity.check();
      assert.equal(await kept(), "elsewhere");
    }));

  it("are known to fit or not, whichever columns are left out", TIMEOUT, () =>
    site.visit(
      long.path,
      async (page) => {
        // With every row as high as before, only its own width tells that a table is another.
        await page.evaluate((id) => document.styleSheets[0].insertRule(`[id="${id}"] :is(th, td) { white-space: nowrap !important }`), long.id);
        const block = page.locator(`[id="${long.id}"]`);
        await block.getByText("Columns", { exact: true }).click();
        const seen = new Set();
        for (const wanted of [false, true]) {
          for (const box of await block.getByRole("group", { name: /^Columns of / }).getByRole("checkbox").all()) {
            await box.setChecked(wanted);
            await page.waitForTimeout(50);
            const [said, does] = await block.locator(".scroll").evaluate((region) => {
              return [region.classList.contains("fits"), region.querySelector("table").scrollWidth <= region.clientWidth];
            });
            assert.equal(said, does);
            seen.add(does);
          }
        }
        assert.equal(seen.size, 2, "the table fits with some of its columns, and not with all");
      },
      { viewport: { width: 900, height: 800 } },
    ));

  it("work with the keyboard alone", TIMEOUT, () =>
    site.visit("threats/", async (page) => {
      await page.locator("[id=threats]").getByLabel("Filter", { exact: true }).focus();
      await page.keyboard.type("ransomware");
      const left = (await column(page, "threats", 0)).length;
      assert.ok(left > 0 && left < 10);
      for (let steps = 0; steps < 12 && (await page.evaluate(() => document.activeElement.textContent.trim())) !== "Severity"; steps += 1) {
        await page.keyboard.press("Tab");
      }
      await page.keyboard.press("Enter");
      assert.equal(await page.locator("th[aria-sort]").textContent(), "Severity");
    }));

  it("keep their headings in view where they fit", TIMEOUT, () =>
    site.visit("malware/", async (page) => {
      await page.setViewportSize({ width: 1280, height: 400 });
      await page.evaluate(() => scrollTo(0, document.querySelector("tbody tr:nth-child(8)").getBoundingClientRect().top + scrollY));
      const top = await page.locator("thead th").first().evaluate((cell) => cell.getBoundingClientRect().top);
      assert.ok(top >= 0 && top < 2, `the heading stands at ${top}`);
    }));
});
