// Texts and names of any script and any length, in a site of any language: what is read sign by sign
// keeps its order, the site's own sentences stay whole, and nothing is pushed out of its place.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { sidewaysScroll } from "./lib/browser.mjs";
import { makeSite } from "./lib/made.mjs";
import { none } from "./lib/none.mjs";
import { isThere } from "./lib/program.mjs";
import { TIMEOUT } from "./lib/site.mjs";

const REPORT = (title, more, text) => `---
title: ${title}
type: activity
summary: ${title}.
published: 2026-11-02
severity: high
tlp: green
vulnerabilities: [CVE-2025-53770]
techniques: [T1190]
alerts: { titles: [Bad] }
${more}---

${text}`;

const ARABIC = REPORT(
  "استغلال خوادم",
  `indicators:
  - { type: ipv4, value: 192.0.2.44 }
  - { type: other, value: "/_layouts/15/a.aspx?b=/c" }
`,
  `## ملخص تنفيذي

المسار \`/_layouts/15/ToolPane.aspx\` والعنوان \`192[.]0[.]2[.]44\` نص.

- بند
- [ ] مهمة

\`\`\`kql
| where FileName =~ "w3wp.exe"
\`\`\`

## Summary

- An item
- [x] Done

::table[groups]
`,
);

const LONG = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft";
const LENGTHY = REPORT(
  `${LONG} and what follows`,
  `aliases: ["Behavior:Win32/${LONG}.A!MTB"]
malware: ["Ransom:Win32/${LONG}"]
mitigations:
  - { action: 'Set HKLM\\SOFTWARE\\Policies\\Microsoft\\WindowsDefender\\RealTimeProtection\\${LONG} to 0' }
changes:
  - { date: 2026-11-03, summary: ${LONG} }
`,
  `## ${LONG}\n\nText.\n`,
);
const TABS = ["", "analyst-report/", "incidents/", "assets/", "exposure/", "mitigations/"].map((tab) => `threats/made/${tab}`);

// What stands in elements from left to right, line by line.
function asSeen(elements) {
  const signsOf = (node) =>
    [...node.data].map((sign, at) => {
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      return { sign, box: range.getBoundingClientRect() };
    });
  const textsOf = (node) => (node.nodeType === Node.TEXT_NODE ? [node] : [...node.childNodes].flatMap(textsOf));
  return elements.map((element) => {
    const lines = new Map();
    for (const { sign, box } of textsOf(element).flatMap(signsOf).filter(({ box }) => box.width > 0)) {
      const line = Math.round(box.bottom / 12);
      lines.set(line, [...(lines.get(line) ?? []), { sign, left: box.left }]);
    }
    const inOrder = (signs) => signs.sort((a, b) => a.left - b.left).map(({ sign }) => sign);
    return [...lines].sort(([a], [b]) => a - b).map(([, signs]) => inOrder(signs).join("").trim()).join(" ");
  });
}

for (const language of ["en", "ar"]) {
  describe(`a report in Arabic on a site in ${language}`, { skip: isThere() ? false : "there is no program to build one" }, () => {
    let site;
    before(async () => {
      site = await makeSite(language, ARABIC, "خوادم");
    });
    after(() => site?.close());
    const seen = (page, selector) => page.$$eval(selector, asSeen);

    it("keeps the order of what is read sign by sign", TIMEOUT, () =>
      site.visit("threats/made/analyst-report/", 1280, async (page) => {
        assert.deepEqual(await seen(page, ".prose p code"), ["/_layouts/15/ToolPane.aspx", "192[.]0[.]2[.]44"]);
        assert.deepEqual(await seen(page, ".prose pre"), ['| where FileName =~ "w3wp.exe"']);
        await page.$$eval(".copies", (copies) => copies.forEach((one) => one.remove()));
        assert.deepEqual(await seen(page, "#indicators tbody th"), ["192[.]0[.]2[.]44", "/_layouts/15/a.aspx?b=/c"]);
      }));

    it("leaves the site's own sentences as they are", TIMEOUT, async () => {
      await site.visit("threats/made/", 1280, async (page) => {
        assert.deepEqual(await seen(page, ".answer-line"), ["1 of your 30 devices has an active alert. 29 of your 30 devices are exposed."]);
        assert.ok((await seen(page, ".tile .figure")).includes("29 of 30"));
      });
      await site.visit("", 1280, async (page) => {
        const [caption] = await seen(page, "#exposure-by-threat figcaption");
        assert.match(caption, /The most are 1 impacted and 29 exposed, in .*\.$/);
      });
    });

    it("says in which language its parts are", TIMEOUT, () =>
      site.visit("threats/made/analyst-report/", 1280, async (page) => {
        const spoken = (selector) => page.$eval(selector, (element) => element.closest("[lang]").lang);
        for (const selector of ["html", "h1", ".prose p", "#indicators tbody th"]) {
          assert.equal(await spoken(selector), language, selector);
        }
        for (const selector of [".site-nav a", ".tabs a", ".prose .table-block caption", "#indicators thead th"]) {
          assert.equal(await spoken(selector), "en", selector);
        }
      }));

    it("has bullets where its items begin, and in the place of a box none", TIMEOUT, () =>
      site.visit("threats/made/analyst-report/", 1280, async (page) => {
        const lists = await page.$$eval(".prose > ul", (lists) =>
          lists.map((list) => [getComputedStyle(list).direction, ...[...list.children].map((item) => getComputedStyle(item).listStyleType)]),
        );
        assert.deepEqual(lists, [
          ["rtl", "disc", "none"],
          ["ltr", "disc", "none"],
        ]);
      }));
  });
}

describe("long names", { skip: isThere() ? false : "there is no program to build a site" }, () => {
  let site;
  before(async () => {
    site = await makeSite("en", LENGTHY, LONG);
  });
  after(() => site?.close());

  for (const width of [320, 768, 1280]) {
    it(`break in their place at ${width} px`, TIMEOUT, async () => {
      for (const path of ["", "threats/", "search/", ...TABS]) {
        none((await site.visit(path, width, sidewaysScroll)).map((line) => `${path}: ${line}`));
      }
    });
  }

  it("leave room beside the column that stays in view", TIMEOUT, () =>
    site.visit("threats/made/exposure/", 900, async (page) => {
      const wide = await page.$$eval(".is-upgraded > .scroll:not(.fits)", (regions) =>
        regions.map((region) => region.querySelector("tbody th").offsetWidth / region.clientWidth),
      );
      assert.ok(wide.length > 0 && wide.every((part) => part < 0.6), `parts of the width: ${wide}`);
    }));
});
