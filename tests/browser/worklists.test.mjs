// What the people who run devices take along: worklists by report and group, by update, and over all
// threats. And what a reader who comes every morning looks at first: what has changed.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { none } from "./lib/none.mjs";
import { openSite, TIMEOUT } from "./lib/site.mjs";

describe("worklists, changes and orders", () => {
  let site;
  before(async () => {
    site = await openSite();
  });
  after(() => site?.close());

  const number = (text) => Number(text.replace(/\D/g, ""));
  const lines = (csv) => csv.trimEnd().split("\r\n");
  const file = (page, href) => site.build.read(decodeURIComponent(new URL(href, page.url()).href.slice(site.base.length))).toString();
  const tile = (page, label) => page.locator(".tile", { hasText: label }).locator("data").first();

  it("a report's mitigations lead to a worklist for each group, with a CSV for each update", TIMEOUT, () =>
    site.visit(site.pageWith("threats/*/mitigations/", /id="mitigations-updates"[^]*<tbody[ >]/), async (page, settled) => {
      const row = page.locator("#worklists tbody tr").first();
      const devices = number(await row.locator("td data").first().textContent());
      await row.getByRole("link").click();
      await page.waitForLoadState();
      assert.match(await page.locator("h1").textContent(), /^Worklist of /);
      assert.equal(number(await tile(page, "Devices to work on").textContent()), devices);
      const csv = file(page, "worklist.csv");
      assert.equal(lines(csv).length - 1, devices);
      assert.match(lines(csv)[0], /Updates to install,Open vulnerabilities,Wrong configurations,Threats/);
      for (const update of await page.locator("#updates tbody tr").all()) {
        const needed = number(await update.locator("data").textContent());
        const link = update.getByRole("link", { name: /^CSV of / });
        assert.equal(lines(file(page, await link.getAttribute("href"))).length - 1, needed);
      }
      none(await settled());
    }));

  it("a group's page leads to its worklist over all threats, the worst first", TIMEOUT, () =>
    site.visit(site.page("groups/*/"), async (page, settled) => {
      await page.getByRole("link", { name: "Worklist of this group" }).click();
      await page.waitForLoadState();
      const rows = await page.locator("#worklist tbody tr").count();
      assert.equal(rows, number(await tile(page, "Devices to work on").textContent()));
      assert.equal(lines(file(page, "worklist.csv")).length - 1, rows);
      none(await settled());
    }));

  it("figures say how they have moved, and charts have their numbers beneath them", TIMEOUT, () =>
    site.visit("", async (page) => {
      const told = await page.locator(".tile .since").allTextContents();
      assert.equal(told.length, 4);
      none(told.filter((text) => !/^(\d[\d\u202f]* (more|fewer) than|As many as) on \d{4}-\d\d-\d\d$/.test(text)));
      const { history } = JSON.parse(site.build.read("data.json").toString());
      await page.locator("#burn-down summary").click();
      const shown = await page.locator("#chart-burn-down tbody tr td:nth-child(2) data").allTextContents();
      assert.deepEqual(shown.map(number), history.map((entry) => entry.exposed_devices));
    }));

  it("the list of threats stands in every order without scripts", TIMEOUT, () =>
    site.visit(
      "threats/",
      async (page) => {
        const titles = () => page.locator("#threats tbody th").allTextContents();
        const latest = await titles();
        const orders = page.getByRole("navigation", { name: "Order of the list" });
        await orders.getByRole("link", { name: "By impact" }).click();
        await page.waitForLoadState();
        assert.equal(await orders.locator("[aria-current=page]").textContent(), "By impact");
        const byImpact = await titles();
        assert.deepEqual(byImpact.toSorted(), latest.toSorted());
        const alerts = await page.locator("#threats tbody tr td:nth-child(4)").allTextContents();
        const known = alerts.filter((text) => !text.startsWith("—")).map(number);
        assert.deepEqual(known, known.toSorted((a, b) => b - a));
      },
      { javaScriptEnabled: false },
    ));

  it("the matrix leads from a tactic to a technique", TIMEOUT, () =>
    site.visit("techniques/matrix/", async (page) => {
      const link = page.locator(".matrix > section > ul > li > .technique a").first();
      const label = await link.textContent();
      await link.click();
      await page.waitForLoadState();
      assert.equal((await page.locator("h1").textContent()).trim(), label.trim());
    }));
});
