// One page of every kind in a browser, under the policy: nothing is refused, nothing complains,
// nothing is lost on a narrow screen or without scripts.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { launch, mainText, open, sidewaysScroll } from "./lib/browser.mjs";
import { address, openBuilds, outputDirectory, twoRoles } from "./lib/build.mjs";
import { none } from "./lib/none.mjs";
import { serve } from "./lib/server.mjs";

const TIMEOUT = { timeout: 60_000 };

for (const { build, pages } of twoRoles(openBuilds(outputDirectory()))) {
  describe(`${build.role} in a browser`, () => {
    let browser;
    let server;
    let contexts;
    before(async () => {
      server = await serve({ [`/${build.role}/`]: build });
      browser = await launch();
      contexts = {
        wide: await browser.newContext({ viewport: { width: 1280, height: 800 } }),
        narrow: await browser.newContext({ viewport: { width: 320, height: 640 } }),
        bare: await browser.newContext({ viewport: { width: 1280, height: 800 }, javaScriptEnabled: false }),
      };
    });
    after(async () => {
      await browser?.close();
      await server?.close();
    });
    const visit = async (context, path, look) => {
      const { page, settled } = await open(context, `${server.origin}/${build.role}/${address(path)}`);
      try {
        return await look(page, settled);
      } finally {
        await page.close();
      }
    };

    for (const { kind, path } of pages.filter((page) => !["redirect", "404.html"].includes(page.kind))) {
      it(`${kind} (${path})`, TIMEOUT, async () => {
        const [complaints, full] = await visit(contexts.wide, path, async (page, settled) => [
          await settled(),
          await mainText(page),
        ]);
        const bare = await visit(contexts.bare, path, (page) => mainText(page));
        const [sideways, mirrored, large] = await visit(contexts.narrow, path, async (page) => {
          const sideways = await sidewaysScroll(page);
          await turn(page, "rtl");
          const mirrored = await sidewaysScroll(page);
          await turn(page, "ltr");
          // Twice the size of text on a screen of 640 px is what a reader of large print sees.
          await page.setViewportSize({ width: 640, height: 800 });
          await page.evaluate(async () => {
            document.documentElement.style.fontSize = "200%";
            // Tables measure themselves anew with the next picture.
            await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
          });
          return [sideways, mirrored, await sidewaysScroll(page)];
        });
        none([
          ...complaints,
          ...sideways.map((line) => `at 320 px: ${line}`),
          ...mirrored.map((line) => `at 320 px, from right to left: ${line}`),
          ...large.map((line) => `with text of twice the size: ${line}`),
          ...(full === bare ? [] : [`says something else without scripts: ${difference(full, bare)}`]),
        ]);
      });
    }

    for (const { path } of pages.filter((page) => page.kind === "redirect")) {
      it(`the old address ${address(path)} leads on, with and without scripts`, TIMEOUT, async () => {
        for (const context of [contexts.wide, contexts.bare]) {
          const page = await context.newPage();
          const old = `${server.origin}/${build.role}/${address(path)}`;
          await page.goto(old);
          await page.waitForURL((url) => url.href !== old);
          const answer = await page.request.get(page.url());
          await page.close();
          assert.equal(answer.status(), 200);
        }
      });
    }

    it("the skip link takes the focus first, shows itself and leads to main", TIMEOUT, async () => {
      await visit(contexts.wide, "index.html", async (page) => {
        await page.keyboard.press("Tab");
        const link = await page.evaluate(() => {
          const { left, top, width, height } = document.activeElement.getBoundingClientRect();
          return { href: document.activeElement.getAttribute("href"), inView: left >= 0 && top >= 0 && width > 24 && height > 16 };
        });
        assert.deepEqual(link, { href: "#main", inView: true });
        await page.keyboard.press("Enter");
        assert.equal(new URL(page.url()).hash, "#main");
      });
    });

    // The 404 page cannot know how deep the address is that it answers for, so it stands on the
    // role's own host here, as a role's base address says.
    it("an address that is not there answers with the role's own page, at any depth", TIMEOUT, async () => {
      const own = await serve({ "/": build });
      const problems = [];
      try {
        for (const missing of ["nothing", "threats/nothing/", "a/b/c/nothing.html"]) {
          const { page, settled } = await open(contexts.narrow, `${own.origin}/${missing}`, 404);
          const complaints = await settled();
          // The browser notes the 404 itself on the console, once.
          const noted = complaints.findIndex((line) => line.includes("status of 404") && line.endsWith(`/${missing})`));
          complaints.splice(noted, noted < 0 ? 0 : 1);
          const links = await page.evaluate(() => [...document.links].map((link) => link.href));
          for (const link of links) {
            const { status } = await fetch(link);
            if (status !== 200) {
              complaints.push(`its link ${link} answers ${status}`);
            }
          }
          complaints.push(...(await sidewaysScroll(page)));
          await page.close();
          problems.push(...complaints.map((line) => `/${missing}: ${line}`));
        }
      } finally {
        await own.close();
      }
      none(problems);
    });
  });
}

// Has a page read from right to left, or from left to right.
function turn(page, direction) {
  return page.evaluate((direction) => (document.documentElement.dir = document.body.dir = direction), direction);
}

// The first place where two texts part.
function difference(full, bare) {
  let at = 0;
  while (at < full.length && full[at] === bare[at]) {
    at += 1;
  }
  const around = (text) => JSON.stringify(text.slice(Math.max(0, at - 20), at + 60));
  return `${around(full)} with, ${around(bare)} without`;
}
