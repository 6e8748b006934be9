// On paper: the label of the page on every sheet, and nothing that only a screen needs.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, describe, it } from "node:test";
import { launch, open, visibleLabels } from "./lib/browser.mjs";
import { address, openBuilds, outputDirectory, twoRoles } from "./lib/build.mjs";
import { none } from "./lib/none.mjs";
import { serve } from "./lib/server.mjs";

for (const { build, pages } of twoRoles(openBuilds(outputDirectory()))) {
  describe(`${build.role} on paper`, () => {
    let browser;
    let server;
    let context;
    before(async () => {
      server = await serve({ [`/${build.role}/`]: build });
      browser = await launch();
      context = await browser.newContext();
    });
    after(async () => {
      await browser?.close();
      await server?.close();
    });

    // The 404 page is the same for every role and carries no label.
    for (const { kind, path } of pages.filter((page) => !["404.html", "redirect"].includes(page.kind))) {
      it(`${kind} (${path})`, { timeout: 300_000 }, async () => {
        const { page } = await open(context, `${server.origin}/${build.role}/${address(path)}`);
        try {
          const [onScreen] = await visibleLabels(page);
          assert.ok(onScreen, "no TLP label on the screen");
          await page.emulateMedia({ media: "print" });
          assert.ok((await visibleLabels(page)).includes(onScreen), "no TLP label in print");
          none(await torn(page));
          const navigation = await page.evaluate(() => [...document.querySelectorAll("nav")].filter((nav) => nav.checkVisibility()).length);
          assert.equal(navigation, 0, "navigation is printed");

          const sheets = sheetsOf(await page.pdf({ format: "A4", preferCSSPageSize: true }));
          assert.ok(sheets.length > 0, "no sheet");
          none(
            sheets.flatMap((text, index) => (text.includes(onScreen) ? [] : `sheet ${index + 1} of ${sheets.length} has no ${onScreen}`)),
          );
        } finally {
          await page.close();
        }
      });
    }
  });
}

// Dates and names of devices that a sheet of A4 tears into lines, on the page as it is printed.
async function torn(page) {
  const screen = page.viewportSize();
  await page.setViewportSize({ width: Math.round((180 / 25.4) * 96), height: screen.height });
  const found = await page.$$eval("td time, [id^=devices] tbody th", (cells) =>
    cells.filter((cell) => {
      const range = document.createRange();
      range.selectNodeContents(cell);
      const tops = [...range.getClientRects()].map((box) => Math.round(box.top / 8));
      return new Set(tops).size > 1;
    }).map((cell) => `torn on paper: ${cell.textContent}`),
  );
  await page.setViewportSize(screen);
  return [...new Set(found)];
}

function sheetsOf(pdf) {
  const text = execFileSync("pdftotext", ["-layout", "-", "-"], { input: pdf, maxBuffer: 1 << 28 }).toString();
  return text.split("\f").slice(0, -1);
}
