// A preview server that does as a test says: slow answers, lost connections and broken input that
// a real one cannot be brought to. It serves finished builds and plays the interface that the
// preview's scripts ask for.

import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { POLICY } from "./contract.mjs";
import { contentType } from "./server.mjs";

// What the preview adds to pages.
export const SCRIPTS = new URL("../../../src/serve/preview/", import.meta.url);

export class PreviewServer {
  revision = 1;
  problems = [];
  hidden = { reports: [], pages: [], blocks: [] };
  // Paths of the build that answer otherwise: a text, or null where there is none.
  edits = new Map();
  // Milliseconds by which answers for a path are late. Read when the question comes.
  delays = new Map();
  streams = new Set();
  streamsOpened = 0;
  asked = [];

  static async start(builds) {
    const server = new PreviewServer();
    server.builds = builds;
    server.own = new Map(readdirSync(SCRIPTS).map((name) => [`/.threatpress/${name}`, readFileSync(new URL(name, SCRIPTS))]));
    await server.listen(0);
    return server;
  }

  async listen(port) {
    this.http = createServer((request, response) => void this.answer(request, response));
    await new Promise((resolve) => this.http.listen(port, "127.0.0.1", resolve));
    this.port = this.http.address().port;
    this.origin = `http://127.0.0.1:${this.port}`;
  }

  async stop() {
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
  }

  // The text of a file as it is served now.
  text(path) {
    return this.file(path)?.toString();
  }

  // Changes a file; the browser is told by `publish`.
  edit(path, change) {
    this.edits.set(path, typeof change === "function" ? change(this.text(path)) : change);
  }

  publish() {
    this.revision += 1;
    this.send("revision");
  }

  breakWith(problems) {
    this.problems = problems;
    this.send("problem");
  }

  send(kind) {
    for (const stream of this.streams) {
      stream.write(`event: ${kind}\ndata: ${this.revision}\n\n`);
    }
  }

  file(path) {
    if (this.edits.has(path)) {
      return this.edits.get(path);
    }
    const [, role, inside] = /^\/([^/]+)\/(.*)$/.exec(path) ?? [];
    const build = this.builds.find((build) => build.role === role);
    const file = inside === "" || inside?.endsWith("/") ? `${inside}index.html` : inside;
    return build?.files.has(file) ? build.read(file) : null;
  }

  async answer(request, response) {
    const url = new URL(request.url, this.origin);
    const path = decodeURIComponent(url.pathname);
    this.asked.push(path);
    const { revision } = this;
    const send = (status, type, body) => {
      const timing = { "server-timing": `revision;desc="${revision}"` };
      const headers = { ...timing, "content-type": type, "content-security-policy": POLICY, "x-content-type-options": "nosniff", "cache-control": "no-store" };
      response.writeHead(status, headers).end(body);
    };
    if (path === "/.threatpress/events") {
      this.stream(response);
    } else if (path === "/.threatpress/state") {
      send(200, "application/json", JSON.stringify(this.state(url.searchParams.get("path"))));
    } else if (this.own.has(path)) {
      send(200, contentType(path), this.own.get(path));
    } else {
      const [file, delay] = [this.file(path), this.delays.get(path) ?? 0];
      await new Promise((resolve) => setTimeout(resolve, delay));
      const html = path.endsWith("/") || path.endsWith(".html") || file === null;
      const body = file ?? "<!doctype html><html lang=en><head><title>Not there</title></head><body><main><h1>Not there</h1></main></body></html>";
      send(file === null ? 404 : 200, html ? contentType("x.html") : contentType(path), html ? injected(body.toString()) : body);
    }
  }

  stream(response) {
    this.streamsOpened += 1;
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write(`retry: 200\nevent: current\ndata: ${this.revision}\n\n`);
    this.streams.add(response);
    response.on("close", () => this.streams.delete(response));
  }

  state(path) {
    const [, role = null, inside = ""] = /^\/([^/]+)\/(.*)$/.exec(path) ?? [];
    const roles = this.builds.map(({ role: name }) => {
      const has = this.file(`/${name}/${inside}`) !== null;
      return { name, title: `The role ${name}`, clearance: "amber+strict", groups: "all device groups", path: has ? `/${name}/${inside}` : `/${name}/`, has };
    });
    return { revision: String(this.revision), role, roles, problems: this.problems, hidden: this.hidden };
  }
}

function injected(html) {
  const own = `<link rel="stylesheet" href="/.threatpress/preview.css"><script type="module" src="/.threatpress/preview.js"></script>`;
  return html.replace("</head>", () => `${own}</head>`);
}
