// A finished build on disk: its roles, its files, its pages and what kind of page each is.

import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

// The directory that holds one finished build per role, from the environment.
export function outputDirectory() {
  const out = process.env.THREATPRESS_OUTPUT;
  if (!out) {
    throw new Error("THREATPRESS_OUTPUT does not name a directory with finished builds");
  }
  return out;
}

export function openBuilds(out) {
  const names = readdirSync(out, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map((entry) => entry.name)
    .sort();
  if (names.length === 0) {
    throw new Error(`${out} holds no build`);
  }
  return names.map((name) => openBuild(name, join(out, name)));
}

export function openBuild(role, root) {
  const files = new Map();
  const walk = (prefix) => {
    for (const entry of readdirSync(join(root, prefix), { withFileTypes: true })) {
      const path = prefix + entry.name;
      if (entry.isDirectory()) {
        walk(`${path}/`);
      } else {
        files.set(path, statSync(join(root, path)).size);
      }
    }
  };
  walk("");
  return { role, root, files, read: (path) => readFileSync(join(root, path)) };
}

export function htmlFiles(build) {
  return [...build.files.keys()].filter((path) => path.endsWith(".html")).sort();
}

// The address of a file below its role: directories are addressed without their index.
export function address(path) {
  return path.replace(/(^|\/)index\.html$/, "$1");
}

// Whether a page only sends its reader on to another address.
export function isRedirect(html) {
  return /<meta\s+http-equiv="refresh"/i.test(html);
}

// "threats/storm-2603/mitigations/" is of the kind "threats/*/mitigations/": names become stars. What
// stands where a name could and is none keeps its word.
export function kindOf(path) {
  const plain = address(path).replace(/^(threats\/by\/)[^/]+|(\/worklist\/)[^/]+/, "$1$2*");
  if (/^(techniques\/matrix|threats\/by)\//.test(plain)) {
    return plain;
  }
  const [section, name, ...rest] = plain.split("/");
  return name ? [section, "*", ...rest].join("/") : [section, ...rest].join("/") || "dashboard";
}

// One page of every kind: the one with the most or the least in it.
export function onePerKind(build, which) {
  const better = which === "largest" ? (a, b) => a > b : (a, b) => a < b;
  const chosen = new Map();
  for (const path of htmlFiles(build)) {
    const kind = isRedirect(build.read(path).toString()) ? "redirect" : kindOf(path);
    const best = chosen.get(kind);
    if (best === undefined || better(build.files.get(path), build.files.get(best))) {
      chosen.set(kind, path);
    }
  }
  return [...chosen].map(([kind, path]) => ({ kind, path })).sort((a, b) => (a.kind < b.kind ? -1 : 1));
}

// The two roles that the browser looks at: the one with the most pages, shown by its fullest pages,
// and the one with the fewest, shown by its emptiest.
export function twoRoles(builds) {
  const bySize = [...builds].sort((a, b) => htmlFiles(b).length - htmlFiles(a).length);
  const most = bySize[0];
  const fewest = bySize[bySize.length - 1];
  const looks = [{ build: most, pages: onePerKind(most, "largest") }];
  if (fewest !== most) {
    looks.push({ build: fewest, pages: onePerKind(fewest, "smallest") });
  }
  return looks;
}
