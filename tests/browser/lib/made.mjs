// A small site made for a test and built by the program: texts and names that the sample has not.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { launch, open } from "./browser.mjs";
import { openBuild } from "./build.mjs";
import { PROGRAM } from "./program.mjs";
import { serve } from "./server.mjs";

const ROLE = "soc";
const CONFIGURATION = (language) => `title: Made for a test
base_url: https://made.example/
language: ${language}
roles:
  ${ROLE}: { title: Everyone, groups: all, clearance: red }
`;
const SNAPSHOT = "content/snapshots/2026-11-16";
const DEVICES = 30;

// A fleet in which every device is exposed and one has an alert.
function fleet(group) {
  const devices = Array.from({ length: DEVICES }, (_, at) => `d${at}`);
  const seen = "2026-11-16T05:00:00Z";
  return {
    [`${SNAPSHOT}/snapshot.yaml`]: "as_of: 2026-11-16T06:00:00Z\nsource: native\n",
    [`${SNAPSHOT}/devices.csv`]: table(
      "device_id,name,device_group,os,onboarding,health,last_seen,excluded",
      devices.map((id) => `${id},host-${id},${group},Windows,onboarded,active,${seen},false`),
    ),
    [`${SNAPSHOT}/vulnerabilities.csv`]: table(
      "device_id,cve_id,status",
      devices.map((id) => `${id},CVE-2025-53770,exposed`),
    ),
    [`${SNAPSHOT}/alerts.csv`]: table("alert_id,title,status,created,device_id", [`a1,Bad,new,${seen},d1`]),
  };
}

function table(head, rows) {
  return [head, ...rows, ""].join("\n");
}

// A site in a language, with a report and a fleet in one group: built, served, and in a browser.
export async function makeSite(language, report, group) {
  const directory = mkdtempSync(join(tmpdir(), "threatpress-made-"));
  const files = { "threatpress.yaml": CONFIGURATION(language), "content/reports/made.md": report, ...fleet(group) };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  execFileSync(PROGRAM, ["build", "--site", directory], { stdio: "pipe" });
  const server = await serve({ "/": openBuild(ROLE, join(directory, "output", ROLE)) });
  const browser = await launch();
  return {
    // Opens a page in a window of this width and hands it over.
    visit: async (path, width, look) => {
      const context = await browser.newContext({ viewport: { width, height: 800 }, reducedMotion: "reduce" });
      try {
        const { page } = await open(context, `${server.origin}/${path}`);
        return await look(page);
      } finally {
        await context.close();
      }
    },
    close: async () => {
      await browser.close();
      await server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
