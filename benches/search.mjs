// How soon a search answers, and what it fetches first: `node benches/search.mjs OUTPUT` with a directory
// of finished builds, after `npm ci` in tests/browser. See docs/performance.md.

import { gzipSync } from "node:zlib";
import { launch, open } from "../tests/browser/lib/browser.mjs";
import { openBuilds } from "../tests/browser/lib/build.mjs";
import { serve } from "../tests/browser/lib/server.mjs";

const QUERIES = ["T1059.001", "CVE-2026-1", "rotate", "scheduled task", "extortoin", "bench threat 17", "tamper prot", "actor 42", "nothing like it"];
const ROUNDS = 5;

const [build] = openBuilds(process.argv[2]).sort((a, b) => b.files.size - a.files.size);
const server = await serve({ "/": build });
const browser = await launch();
const times = { cold: [], warm: [] };
let heaviest = 0;
for (const query of QUERIES) {
  for (let round = 0; round < ROUNDS; round += 1) {
    const context = await browser.newContext();
    const { page, settled } = await open(context, `${server.origin}/search/`);
    await settled();
    const bodies = [];
    page.on("response", (response) => bodies.push(response.body()));
    times.cold.push(await answer(page, query));
    const weights = (await Promise.all(bodies)).map((body) => gzipSync(body).length);
    heaviest = Math.max(heaviest, weights.reduce((sum, weight) => sum + weight, 0));
    page.removeAllListeners("response");
    // The pieces are there now; another query of the same words has only to be answered.
    await answer(page, "zzz");
    times.warm.push(await answer(page, query));
    await context.close();
  }
}
await browser.close();
await server.close();
for (const [name, list] of Object.entries(times)) {
  list.sort((a, b) => a - b);
  const at = (share) => list[Math.floor(share * (list.length - 1))].toFixed(0);
  console.log(`${name}: median ${at(0.5)} ms, 95th percentile ${at(0.95)} ms, worst ${at(1)} ms of ${list.length}`);
}
console.log(`a first query fetches at most ${heaviest} bytes, compressed`);

// Milliseconds from the last key to the answer on the page, the pause before a search included.
function answer(page, query) {
  return page.evaluate(
    (query) =>
      new Promise((resolve) => {
        const news = document.querySelector(".search-news");
        const input = document.querySelector(".search-field input");
        news.textContent = "";
        const start = performance.now();
        const observer = new MutationObserver(() => {
          if (/^\d|^No/.test(news.textContent)) {
            observer.disconnect();
            requestAnimationFrame(() => resolve(performance.now() - start));
          }
        });
        observer.observe(news, { childList: true, characterData: true, subtree: true });
        input.value = query;
        input.dispatchEvent(new Event("input"));
      }),
    query,
  );
}
