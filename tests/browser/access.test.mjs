// axe finds nothing on one page of every kind, in light and dark colours and in the reader's own.

import { after, before, describe, it } from "node:test";
import { axe, launch, open, oneRowOfEachShape } from "./lib/browser.mjs";
import { address, openBuilds, outputDirectory, twoRoles } from "./lib/build.mjs";
import { none } from "./lib/none.mjs";
import { serve } from "./lib/server.mjs";

const SCHEMES = {
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  forced: { colorScheme: "dark", forcedColors: "active" },
};

for (const { build, pages } of twoRoles(openBuilds(outputDirectory()))) {
  describe(`${build.role} for everyone`, () => {
    let browser;
    let server;
    before(async () => {
      // On a host of its own, as the role's base address says: the 404 page names its style sheet so.
      server = await serve({ "/": build });
      browser = await launch();
    });
    after(async () => {
      await browser?.close();
      await server?.close();
    });

    for (const { kind, path } of pages.filter((page) => page.kind !== "redirect")) {
      it(`${kind} (${path})`, { timeout: 300_000 }, async () => {
        const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
        try {
          const { page } = await open(context, `${server.origin}/${address(path)}`);
          await oneRowOfEachShape(page);
          const problems = new Map();
          for (const [scheme, media] of Object.entries(SCHEMES)) {
            await page.emulateMedia({ colorScheme: "light", forcedColors: "none", ...media });
            // Of the other schemes, what colours can change.
            for (const problem of await axe(page, scheme === "light" ? undefined : "cat.color")) {
              problems.set(problem, [...(problems.get(problem) ?? []), scheme]);
            }
          }
          none([...problems].map(([problem, schemes]) => `${schemes.join(", ")}: ${problem}`));
        } finally {
          await context.close();
        }
      });
    }
  });
}
