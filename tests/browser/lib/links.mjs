// Walks a role's build over HTTP as a reader would, link by link.

import { addresses, ids, readDocument } from "./document.mjs";

// Fetches every HTML page of the build and everything they name. Returns what does not resolve,
// and which pages a reader can reach from the dashboard.
export async function crawl(origin, prefix, pages) {
  const base = `${origin}${prefix}`;
  const problems = [];
  const answers = new Map();
  const fetched = (url) => {
    if (!answers.has(url)) {
      answers.set(url, get(url));
    }
    return answers.get(url);
  };

  const leadsTo = new Map();
  for (const page of pages) {
    const from = new URL(page, base);
    const answer = await fetched(from.href);
    if (answer.status !== 200) {
      problems.push(`${page}: answers ${answer.status}`);
      continue;
    }
    const targets = [];
    for (const { value, kind, from: where } of addresses(answer.document)) {
      const complain = (what) => problems.push(`${page}: ${where} "${value}" ${what}`);
      let url;
      try {
        url = new URL(value, from);
      } catch {
        complain("is no address");
        continue;
      }
      if (url.origin !== origin) {
        if (kind === "resource") {
          complain("is fetched from elsewhere");
        } else if (!["http:", "https:", "mailto:"].includes(url.protocol)) {
          complain("has a scheme that no link may have");
        }
        continue;
      }
      if (!url.pathname.startsWith(prefix)) {
        complain("leads out of the role");
        continue;
      }
      const fragment = decodeURIComponent(url.hash.slice(1));
      url.hash = "";
      url.search = "";
      const target = await fetched(url.href);
      if (target.redirected) {
        complain("needs a redirect: a directory is linked with its slash");
      } else if (target.status !== 200) {
        complain(`answers ${target.status}`);
      } else if (fragment && !(target.document && ids(target.document).includes(fragment))) {
        complain("names an id that its page does not have");
      }
      if (kind === "link" && target.document) {
        targets.push(url.href);
      }
    }
    leadsTo.set(from.href, targets);
  }

  const reached = new Set([base]);
  for (const url of reached) {
    for (const target of leadsTo.get(url) ?? []) {
      reached.add(target);
    }
  }
  const unreachable = pages.filter((page) => !reached.has(new URL(page, base).href));
  return { problems, unreachable, answers };
}

async function get(url) {
  const response = await fetch(url, { redirect: "manual" });
  const body = Buffer.from(await response.arrayBuffer());
  const html = (response.headers.get("content-type") ?? "").startsWith("text/html");
  return {
    status: response.status,
    redirected: response.status >= 300 && response.status < 400,
    body,
    document: html && response.status === 200 ? readDocument(body.toString()) : undefined,
  };
}
