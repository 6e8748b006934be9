// The page that is shown, and its newest version.

import { Assets } from "./assets.js";
import { keep, recall } from "./dom.js";
import { morph } from "./morph.js";
import { Position } from "./position.js";

const SCRIPT = "script[src='/.threatpress/preview.js']";
const OF_PREVIEW = "[href^='/.threatpress/'], [src^='/.threatpress/']";

export class Page {
  // The status of the newest answer for this address.
  status = 200;
  assets = new Assets();

  // `changed` is told the elements that are new or have changed.
  constructor(changed) {
    this.changed = changed;
    const { path, position } = JSON.parse(recall("sessionStorage", "position") || "{}");
    keep("sessionStorage", "position", "");
    if (path === location.pathname) {
      Position.restore(position, true);
    }
    void this.measure();
  }

  // The revision that a page is of, where the server says so.
  static revision(page = document) {
    return page.querySelector(SCRIPT)?.dataset.revision;
  }

  // Reads the source of the page and its files as they were loaded, which nothing tells afterwards.
  // Where that fails or is too late, there is no source, and the next version is loaded.
  async measure() {
    const [source] = await Promise.all([read(), this.assets.changed()]).catch(() => []);
    this.status = source?.status ?? this.status;
    this.source = source && Page.revision(source.page) === Page.revision() ? source : undefined;
  }

  // Shows the newest version. An answer that comes after a newer question is dropped.
  async refresh() {
    this.reading?.abort();
    const { signal } = (this.reading = new AbortController());
    this.show(await read(signal));
    // To be cut off by a newer question is no fault.
    this.renew(signal).catch(() => {});
  }

  // What the browser made of a script, a font or a picture in a style, only a reload makes anew.
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
      return;
    }
    const position = new Position();
    if (!source || source.status !== next.status || !isOneHead(source.page, next.page)) {
      this.reload(position);
      return;
    }
    this.source = next;
    document.title = document.title.replace(source.page.title, () => next.page.title);
    const elements = morph(document.body, source.page.body, next.page.body);
    if (!elements || !isTaken(elements)) {
      this.reload(position);
    } else if (elements.length > 0) {
      Position.restore(position);
      this.changed(elements);
    }
  }

  reload(position = new Position()) {
    keep("sessionStorage", "position", JSON.stringify({ path: location.pathname, position }));
    location.reload();
  }
}

// The page as the server sends it now. The policy allows no parser of texts, but a browser that is
// asked for a document reads one, and runs no script in it.
function read(signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", location.pathname);
    request.responseType = "document";
    request.addEventListener("load", () => resolve({ status: request.status, page: request.response }));
    request.addEventListener("loadend", () => reject(new Error("no answer")));
    signal?.addEventListener("abort", () => request.abort());
    request.send();
  });
}

// Upon all of a head but the title the browser has acted already.
function isOneHead(a, b) {
  const told = ({ documentElement, head }) => [
    documentElement.cloneNode(),
    ...[...head.children].filter((child) => child.localName !== "title" && !child.matches(OF_PREVIEW)),
  ];
  const [one, other] = [told(a), told(b)];
  return one.length === other.length && one.every((child, at) => child.isEqualNode(other[at]));
}

// Whether nothing is left to do for the theme's scripts, which have worked on the page as it was.
// They are told what has changed; where they do not take the event, the page has to be loaded.
function isTaken(elements) {
  if (elements.length === 0 || document.scripts.length === document.querySelectorAll(SCRIPT).length) {
    return true;
  }
  const event = new CustomEvent("threatpress:changed", { cancelable: true, detail: { elements } });
  return !elements.some((element) => element.matches("script, :has(script)")) && !dispatchEvent(event);
}
