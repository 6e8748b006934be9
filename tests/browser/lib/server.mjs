// A static host on loopback, as plain as they come: the policy as a header, a type for every
// file, an index per directory, and the role's own 404 page.

import { createServer } from "node:http";
import { POLICY } from "./contract.mjs";

const TYPES = {
  html: "text/html",
  css: "text/css",
  js: "text/javascript",
  json: "application/json",
  csv: "text/csv",
  xml: "application/atom+xml",
  svg: "image/svg+xml",
  txt: "text/plain",
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  avif: "image/avif",
  ico: "image/x-icon",
  woff2: "font/woff2",
};

export function contentType(path) {
  const type = TYPES[path.slice(path.lastIndexOf(".") + 1).toLowerCase()];
  if (type === undefined) {
    return "application/octet-stream";
  }
  return /^(text|application)\/|svg/.test(type) ? `${type}; charset=utf-8` : type;
}

// Serves every build under its prefix ("/soc/", or "/" for a host of its own). Only the files
// found when the build was opened are served, so no address leads anywhere else.
export async function serve(mounts) {
  const server = createServer((request, response) => {
    const { status, headers, body } = answer(mounts, request.url);
    response.writeHead(status, {
      "content-security-policy": POLICY,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
      ...headers,
    });
    response.end(request.method === "HEAD" ? undefined : body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    origin,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  };
}

function answer(mounts, url) {
  let path;
  try {
    path = decodeURIComponent(url.split(/[?#]/, 1)[0]);
  } catch {
    return plain(400, "bad address");
  }
  const prefix = Object.keys(mounts).find((mount) => path.startsWith(mount));
  if (prefix === undefined) {
    return plain(404, "no such role");
  }
  const build = mounts[prefix];
  const inside = path.slice(prefix.length);
  const file = inside === "" || inside.endsWith("/") ? `${inside}index.html` : inside;
  if (build.files.has(file)) {
    return { status: 200, headers: { "content-type": contentType(file) }, body: build.read(file) };
  }
  if (build.files.has(`${file}/index.html`)) {
    return { status: 301, headers: { location: encodeURI(`${path}/`) }, body: "" };
  }
  if (build.files.has("404.html")) {
    return { status: 404, headers: { "content-type": contentType("404.html") }, body: build.read("404.html") };
  }
  return plain(404, "not found");
}

function plain(status, text) {
  return { status, headers: { "content-type": "text/plain; charset=utf-8" }, body: text };
}
