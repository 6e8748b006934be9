// The page that is shown, and its newest version.

import { Assets } from "./assets.js";
import { morph } from "./morph.js";
import { Position } from "./position.js";

const OF_PREVIEW = "[href^='/.threatpress/'], [src^='/.threatpress/']";

export class Page {
  // The status of the newest answer for this address.
  status = 200;
  assets = new Assets();

  constructor() {
    Position.comeBack();
    void this.measure();
  }

  // The revision that the page was loaded of, which the server says in a header.
  static get revision() {
    const [{ serverTiming } = {}] = performance.getEntriesByType("navigation");
    return serverTiming?.find(({ name }) => name === "revision")?.description;
  }

  // Reads the source of the page and its files as they were loaded, which nothing tells afterwards.
  // Where that fails or is too late, there is no source, and the next version is loaded.
  async measure() {
    const files = loaded().then(() => this.assets.changed());
    const [source] = await Promise.all([read(), files]).catch(() => []);
    this.status = source?.status ?? this.status;
    this.source = (Page.revision ?? source?.revision) === source?.revision ? source : undefined;
  }

  // Shows the newest version, and returns the elements that are new or have changed.
  async refresh(signal) {
    const elements = this.show(await read(signal));
    this.renewing?.abort();
    this.renewing = new AbortController();
    // To be cut off by the next version is no fault.
    this.renew(this.renewing.signal).catch(() => {});
    return elements;
  }

  // What the browser has made of a script or a font, only a reload makes anew.
  async renew(signal) {
    const changed = await this.assets.changed(signal);
    if (changed.filter((address) => !this.assets.renew(address)).length > 0) {
      this.reload();
    }
  }

  show(next) {
    const { source } = this;
    this.status = next.status;
    if (source?.status === 200 && next.status !== 200) {
      return [];
    }
    const position = new Position();
    if (!source || source.status !== next.status || !isOneHead(source.page, next.page)) {
      return this.reload(position);
    }
    this.source = next;
    document.title = document.title.replace(source.page.title, () => next.page.title);
    try {
      const elements = morph(document.body, source.page.body, next.page.body);
      if (elements && isTaken(elements)) {
        Position.restore(position);
        return elements;
      }
    } catch (error) {
      console.error(error);
    }
    return this.reload(position);
  }

  reload(position = new Position()) {
    position.leave();
    location.reload();
    return [];
  }
}

function loaded() {
  return new Promise((resolve) => (document.readyState === "complete" ? resolve() : addEventListener("load", resolve)));
}

// The page as the server sends it now. The policy allows no parser of texts, but a browser that is
// asked for a document reads one, and runs no script in it.
function read(signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", location.pathname);
    request.responseType = "document";
    request.addEventListener("load", () => {
      const [, revision] = /revision;desc="(.*?)"/.exec(request.getResponseHeader("server-timing")) ?? [];
      resolve({ status: request.status, page: request.response, revision });
    });
    request.addEventListener("loadend", reject);
    signal?.addEventListener("abort", () => request.abort());
    request.send();
  });
}

// On all of a head but the title the browser has acted already.
function isOneHead(a, b) {
  const told = ({ head }) => [...head.children].filter((child) => child.localName !== "title" && !child.matches(OF_PREVIEW));
  const [one, other] = [a, b].map((page) => [page.documentElement.cloneNode(), ...told(page)]);
  return one.length === other.length && one.every((child, at) => child.isEqualNode(other[at]));
}

// Whether nothing is left to do for the theme's scripts. They are told what has changed, be it
// nothing here: what they have fetched may. Where they do not take the event, a page is loaded.
function isTaken(elements) {
  const event = new CustomEvent("threatpress:changed", { cancelable: true, detail: { elements } });
  const isHeard = !dispatchEvent(event);
  if (elements.length === 0 || [...document.scripts].every((script) => script.matches(OF_PREVIEW))) {
    return true;
  }
  return isHeard && !elements.some((element) => element.matches("script, :has(script)"));
}
