// Every page of every role, without a browser: its structure, its links, its weight, and that a
// reader finds it.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { address, htmlFiles, isRedirect, openBuilds, outputDirectory } from "./lib/build.mjs";
import { PAGE_BUDGET, SCRIPT_BUDGET } from "./lib/contract.mjs";
import { readDocument, structureProblems, title } from "./lib/document.mjs";
import { crawl } from "./lib/links.mjs";
import { none } from "./lib/none.mjs";
import { contentType, serve } from "./lib/server.mjs";

for (const build of openBuilds(outputDirectory())) {
  const documents = new Map(htmlFiles(build).map((path) => [path, build.read(path).toString()]));
  const pages = [...documents.keys()].filter((path) => path !== "404.html");
  const content = pages.filter((path) => !isRedirect(documents.get(path)));

  describe(`${build.role}: ${pages.length} pages`, () => {
    let server;
    let walk;
    before(async () => {
      server = await serve({ [`/${build.role}/`]: build });
      walk = await crawl(server.origin, `/${build.role}/`, pages.map(address));
    });
    after(() => server.close());

    it("has its fixed pages", () => {
      const fixed = ["", "threats/", "techniques/", "vulnerabilities/", "actors/", "malware/", "attack-surfaces/"];
      fixed.push("tags/", "search/", "about/", "changes/");
      const missing = fixed.map((path) => `${path}index.html`).concat("404.html", "feed.xml", "manifest.json", "data.json");
      none(missing.filter((path) => !build.files.has(path)));
    });

    it("has only well-formed pages", () => {
      const problems = [...documents].flatMap(([path, html]) =>
        structureProblems(readDocument(html)).map((problem) => `${path}: ${problem}`),
      );
      none(problems);
    });

    it("has a title for every page that no other page has", () => {
      const seen = new Map();
      for (const path of content) {
        const name = title(readDocument(documents.get(path)));
        seen.set(name, [...(seen.get(name) ?? []), path]);
      }
      none([...seen].filter(([, paths]) => paths.length > 1).map(([name, paths]) => `"${name}": ${paths.join(", ")}`));
    });

    it("has no link that leads nowhere", () => none(walk.problems));

    it("has no page that no link leads to", () => {
      const redirects = pages.filter((path) => isRedirect(documents.get(path))).map(address);
      none(walk.unreachable.filter((page) => !redirects.includes(page)));
    });

    it("has only style sheets whose files are part of the build", () => {
      const problems = [];
      for (const path of [...build.files.keys()].filter((file) => file.endsWith(".css"))) {
        const css = build.read(path).toString().replace(/\/\*[^]*?\*\//g, "");
        for (const [, , url] of css.matchAll(/(?:url\(|@import\s)\s*(["']?)([^"')]+)\1/g)) {
          const target = new URL(url, `http://host/${path}`);
          if (target.host !== "host" || !build.files.has(decodeURIComponent(target.pathname.slice(1)))) {
            problems.push(`${path}: ${url}`);
          }
        }
      }
      none(problems);
    });

    it("has only files that a host knows the type of", () => {
      none([...build.files.keys()].filter((path) => contentType(path) === "application/octet-stream"));
    });

    it("has a feed that leads to its own pages", () => {
      const feed = build.read("feed.xml").toString();
      const links = [...feed.matchAll(/<link\s[^>]*>/g)].map(([link]) => ({
        href: /href="([^"]*)"/.exec(link)?.[1],
        self: /rel="self"/.test(link),
      }));
      const self = links.find((link) => link.self)?.href ?? "";
      assert.match(self, /^https?:\/\/.*\/feed\.xml$/);
      const base = self.slice(0, -"feed.xml".length);
      const dead = links.filter(({ href }) => {
        const path = href.startsWith(base) ? href.slice(base.length).replace(/[?#].*/, "") : undefined;
        return path === undefined || !(build.files.has(path) || build.files.has(`${path}index.html`));
      });
      none(dead.map(({ href }) => href));
    });

    it("stays light", () => {
      const heavy = content
        .map((path) => [path, gzipSync(documents.get(path)).length])
        .filter(([path, size]) => !path.endsWith("/print/index.html") && size > PAGE_BUDGET);
      none(heavy.map(([path, size]) => `${path}: ${size} bytes compressed`));
      const scripts = [...build.files.keys()].filter((path) => path.endsWith(".js"));
      const weight = scripts.reduce((sum, path) => sum + gzipSync(build.read(path)).length, 0);
      assert.ok(weight <= SCRIPT_BUDGET, `the scripts weigh ${weight} bytes`);
    });
  });
}
