// The program itself, serving a small site that it has begun.

import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const PROGRAM = resolve(process.env.THREATPRESS_PROGRAM ?? fileURLToPath(new URL("../../../target/release/threatpress", import.meta.url)));

export function isThere() {
  return existsSync(PROGRAM);
}

// Starts a preview and waits for its address, which is the first line it prints.
export async function startProgram() {
  const site = join(mkdtempSync(join(tmpdir(), "threatpress-preview-")), "site");
  execFileSync(PROGRAM, ["init", site], { stdio: "ignore" });
  const child = spawn(PROGRAM, ["serve", "--site", site, "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((end) => child.once("exit", end));
  const lines = createInterface({ input: child.stdout });
  const address = await Promise.race([new Promise((line) => lines.once("line", line)), ended]);
  return {
    site,
    origin: new URL(address).origin,
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
      rmSync(site, { recursive: true, force: true });
    },
  };
}
