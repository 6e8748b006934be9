// The browser, and what can be told of a page only by one.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { AXE_TAGS, TLP_LABEL } from "./contract.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--font-render-hinting=none",
    ],
  });
}

// Opens an address and keeps a list of everything the browser complained about on the way.
export async function open(context, url, expected = 200) {
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) {
      complaints.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  page.on("pageerror", (error) => complaints.push(`uncaught: ${error.message}`));
  page.on("requestfailed", (request) => {
    // What a reader who goes on to the next page cuts off has not failed.
    if (request.failure()?.errorText !== "net::ERR_ABORTED") {
      complaints.push(`not fetched: ${request.url()}`);
    }
  });
  page.on("response", (response) => {
    const wanted = response.url() === url ? expected : 200;
    if (response.status() !== wanted && ![301, 304].includes(response.status())) {
      complaints.push(`answers ${response.status()}: ${response.url()}`);
    }
  });
  await page.addInitScript(() => {
    globalThis.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => {
      globalThis.violations.push(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`.trim());
    });
  });
  await page.goto(url, { waitUntil: "load" });
  // What it has complained about so far. A page that holds a stream never settles.
  const complained = async () => [...complaints, ...(await page.evaluate(() => globalThis.violations ?? []))];
  const settled = async () => {
    await page.waitForLoadState("networkidle");
    return complained();
  };
  return { page, settled, complained };
}

// Leaves of a table's rows the first of each shape: of those with the same elements, classes and
// attributes, and text in the same places. axe takes a minute for a thousand rows, and says of all
// that are alike what it says of one.
export function oneRowOfEachShape(page) {
  return page.evaluate(() => {
    const shape = (node) => {
      if (node.nodeType === Node.TEXT_NODE) {
        return node.data.trim() ? "text" : "";
      }
      const told = ["class", "role", "scope", "dir", "lang", "tabindex", "hidden"].map((name) => node.getAttribute(name));
      const others = [...node.attributes].map((attribute) => attribute.name);
      return JSON.stringify([node.tagName, told, others, [...node.childNodes].map(shape)]);
    };
    for (const body of document.querySelectorAll("tbody")) {
      const seen = new Set();
      for (const row of [...body.rows]) {
        if (seen.has(shape(row))) {
          row.remove();
        }
        seen.add(shape(row));
      }
    }
  });
}

// What axe finds: by all its rules, or by those of one of its categories.
export async function axe(page, category) {
  await page.evaluate(AXE);
  // Colours on their way from one scheme to the other are nobody's colours.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
  const { violations } = await page.evaluate(
    ([tags, category]) => {
      const { axe } = globalThis;
      const rules = axe.getRules(tags).filter((rule) => rule.tags.includes(category));
      const runOnly = category ? rules.map((rule) => rule.ruleId) : { type: "tag", values: tags };
      return axe.run(document, { runOnly, resultTypes: ["violations"] });
    },
    [AXE_TAGS, category],
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => {
      const why = [...node.any, ...node.all, ...node.none].map((check) => check.message).join("; ");
      return `${id} (${help}): ${node.target.join(" ")}: ${why}`;
    }),
  );
}

// What makes a reader of a narrow screen scroll sideways: the page itself, or anything that
// stands out of the screen without a labelled region, reachable by keyboard, to scroll it in.
export function sidewaysScroll(page) {
  return page.evaluate(() => {
    const problems = [];
    const root = document.scrollingElement;
    const scrolls = (element) => /auto|scroll/.test(getComputedStyle(element).overflowX);
    const isRegion = (element) =>
      element.getAttribute("role") === "region" &&
      element.tabIndex === 0 &&
      (element.hasAttribute("aria-labelledby") || element.hasAttribute("aria-label"));
    const visit = (element) => {
      const style = getComputedStyle(element);
      if (style.display === "none" || style.visibility === "hidden") {
        return;
      }
      const box = element.getBoundingClientRect();
      const clipped = box.width <= 1 || box.height <= 1;
      if (!clipped && (box.right > root.clientWidth + 1 || box.left < -1) && style.position !== "fixed" && !isOffscreen(element)) {
        problems.push(`${describe(element)} reaches from ${Math.round(box.left)} to ${Math.round(box.right)} px`);
        return;
      }
      if (scrolls(element) && element.scrollWidth > element.clientWidth + 1) {
        if (!isRegion(element)) {
          problems.push(`${describe(element)} scrolls sideways and is no labelled region`);
        }
        return;
      }
      if (/hidden|clip/.test(style.overflowX) && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 1) {
        problems.push(`${describe(element)} cuts off what does not fit`);
        return;
      }
      if (!(element instanceof SVGElement)) {
        [...element.children].forEach(visit);
      }
    };
    // A skip link waits above or beside the page until it takes the focus.
    const isOffscreen = (element) => element.matches("a[href^='#']") && getComputedStyle(element).position === "absolute";
    const describe = (element) =>
      element.tagName.toLowerCase() + (element.id ? `#${element.id}` : "") + [...element.classList].map((name) => `.${name}`).join("");
    [...document.body.children].forEach(visit);
    if (root.scrollWidth > root.clientWidth) {
      // What is taken out of the flow widens the page even from within a region that scrolls.
      const widest = [...document.body.querySelectorAll("*")]
        .filter((element) => getComputedStyle(element).position === "absolute")
        .filter((element) => element.getBoundingClientRect().right > root.clientWidth)
        .map((element) => `${describe(element.parentElement)} > ${describe(element)}`);
      const because = widest.length > 0 ? `, by ${[...new Set(widest)].slice(0, 3).join(" and ")}` : "";
      problems.unshift(`the page is ${root.scrollWidth} px wide on a screen of ${root.clientWidth}${because}`);
    }
    return problems;
  });
}

// The text of main, without what scripts add, which says so: controls and live regions.
export function mainText(page) {
  return page.evaluate(() => {
    const main = document.querySelector("main").cloneNode(true);
    main.querySelectorAll("noscript, [data-scripted]").forEach((element) => element.remove());
    return main.textContent.replace(/\s+/g, " ").trim();
  });
}

// The TLP labels that a reader can see on the page as it is now.
export async function visibleLabels(page) {
  const seen = await page.evaluate(() => {
    const labels = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode.data.trim();
      const element = walker.currentNode.parentElement;
      if (text.startsWith("TLP:") && element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) {
        const { width, height } = element.getBoundingClientRect();
        labels.push({ text, shown: width > 1 && height > 1 });
      }
    }
    return labels;
  });
  return seen.filter(({ text, shown }) => shown && TLP_LABEL.test(text)).map(({ text }) => text);
}
