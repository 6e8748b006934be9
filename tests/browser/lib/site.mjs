// The fullest role's build, served and in a browser, for tests that use pages as a person would.

import { launch, open } from "./browser.mjs";
import { address, htmlFiles, kindOf, openBuilds, outputDirectory, twoRoles } from "./build.mjs";
import { readDocument } from "./document.mjs";
import { serve } from "./server.mjs";

export const TIMEOUT = { timeout: 300_000 };

export async function openSite() {
  const [{ build, pages }] = twoRoles(openBuilds(outputDirectory()));
  const server = await serve({ [`/${build.role}/`]: build });
  const browser = await launch();
  const base = `${server.origin}/${build.role}/`;
  return {
    build,
    base,
    // The fullest page of a kind.
    page: (kind) => address(pages.find((page) => page.kind === kind).path),
    // A page of a kind whose markup holds something.
    pageWith: (kind, pattern) => address(htmlFiles(build).find((path) => kindOf(path) === kind && pattern.test(build.read(path)))),
    // The longest table of a kind that its page shows whole, and the longest of which it shows the first rows only.
    longestTable: (kind) => longestTable(build, kind, false),
    longestCutTable: (kind) => longestTable(build, kind, true),
    // Opens a page in a browser of its own and hands it over; `prepare` runs before it is loaded.
    visit: async (path, look, options = {}, prepare = () => {}) => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce", ...options });
      await prepare(context);
      try {
        const { page, settled } = await open(context, base + path);
        return await look(page, settled);
      } finally {
        await context.close();
      }
    },
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}

// The longest table among all pages of a kind: its page, its id, its rows on the page.
function longestTable(build, kind, isCut) {
  let longest = { rows: 0 };
  for (const path of htmlFiles(build).filter((path) => kindOf(path) === kind)) {
    let id;
    const rows = new Map();
    const cut = new Map();
    for (const { name, attributes } of readDocument(build.read(path).toString()).elements) {
      if ((attributes.get("class") ?? "") === "table-block") {
        id = attributes.get("id");
      } else if (name === "table") {
        cut.set(id, attributes.get("data-rows"));
      } else if (name === "tr") {
        rows.set(id, (rows.get(id) ?? -1) + 1);
      }
    }
    for (const [table, count] of rows) {
      const fits = (cut.get(table) !== undefined) === isCut && count > longest.rows;
      longest = fits ? { path: address(path), id: table, rows: count, all: Number(cut.get(table) ?? count) } : longest;
    }
  }
  return longest;
}
