// Search, from anywhere in a dialog and on a page of its own.

import { Address } from "./address.js";
import { ROOT, button, dialog, element, icon } from "./dom.js";
import { forget } from "./search-index.js";
import { search, words } from "./search-rank.js";
import { counted, fold, grouped } from "./text.js";

// The groups of results, in the order they stand in.
const KINDS = {
  report: "Reports",
  technique: "Techniques",
  vulnerability: "Vulnerabilities",
  actor: "Actors",
  malware: "Malware",
  surface: "Attack surfaces",
  tag: "Tags",
  group: "Device groups",
  page: "Pages",
  indicator: "Indicators",
};
// How long the reader must have paused.
const PAUSE = 80;

let opened;
let onPage;

export function offerSearch() {
  const place = document.querySelector("[data-search]:not(:has(.search-box))");
  if (place) {
    const address = new Address("");
    onPage = new SearchBox(25, (query) => address.write({ q: query }));
    place.append(onPage.whole);
    onPage.ask(address.read("q"));
  }
  const link = document.querySelector(".site-search:not([aria-keyshortcuts])");
  link?.setAttribute("aria-keyshortcuts", "/");
  link?.addEventListener("click", (event) => {
    if (!(event.ctrlKey || event.metaKey || event.shiftKey)) {
      event.preventDefault();
      openSearch();
    }
  });
}

export function openSearch() {
  if (onPage) {
    onPage.input.focus();
    return;
  }
  if (!opened) {
    const box = new SearchBox(5);
    opened = { box, dialog: dialog("Search", { id: "search", class: "search" }, box.whole, pageLink(box)) };
    box.input.addEventListener("keydown", (event) => leave(event, opened.dialog));
  }
  opened.dialog.showModal();
  opened.box.input.select();
}

// Escape closes the dialog at once: the browser would first empty the field.
function leave(event, dialog) {
  if (event.key === "Escape" && !event.isComposing) {
    event.preventDefault();
    dialog.close();
  }
}

// The build is another one, and so may its index be.
export function renewSearch() {
  forget();
  [onPage, opened?.box].forEach((box) => box?.query && void box.run());
}

// The same search on a page of its own, which has an address and the lists from A to Z.
function pageLink(box) {
  const page = () => new URL(`search/?q=${encodeURIComponent(box.input.value)}`, ROOT).href;
  const link = element("a", { href: page() }, "Search as a page, with the lists from A to Z");
  box.input.addEventListener("input", () => (link.href = page()));
  return element("p", { class: "search-page" }, link);
}

class SearchBox {
  // `limit` results of a kind are shown at most, unless the reader wants that kind alone.
  constructor(limit, onQuery = () => {}) {
    this.limit = limit;
    this.onQuery = onQuery;
    this.kind = "";
    this.input = element("input", { type: "search", autocomplete: "off", spellcheck: "false", placeholder: "T1059.001, CVE, hash, domain, word" });
    this.kinds = element("div", { class: "search-kinds", role: "group", "aria-label": "Kinds of results" });
    this.news = element("p", { class: "search-news", role: "status" });
    this.results = element("div", { class: "search-results" });
    const label = element("label", { class: "search-field" }, icon("search"), element("span", { class: "visually-hidden" }, "Search this site"), this.input);
    const form = element("form", { role: "search" }, label);
    this.whole = element("div", { class: "search-box", "data-scripted": "" }, form, this.kinds, this.news, this.results);
    this.listen(form);
  }

  listen(form) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.links[0]?.click();
    });
    this.input.addEventListener("input", () => {
      clearTimeout(this.pause);
      this.pause = setTimeout(() => this.run(), PAUSE);
    });
    this.whole.addEventListener("keydown", (event) => this.walk(event));
  }

  ask(query) {
    this.input.value = query;
    if (query) {
      void this.run();
    }
  }

  get links() {
    return [...this.results.querySelectorAll("a")];
  }

  // The arrow keys walk from the field through the results and back.
  walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || event.target.closest("button")) {
      return;
    }
    const stops = [this.input, ...this.links];
    const next = stops[stops.indexOf(document.activeElement) + step];
    if (next) {
      event.preventDefault();
      next.focus();
    }
  }

  async run() {
    const query = this.input.value.trim();
    const asked = (this.asked = {});
    this.query = query;
    this.onQuery(query);
    if (query.length < 2) {
      this.say(query ? "Go on typing: a search takes two letters or more." : "");
      return;
    }
    const found = await search(query).catch((error) => void console.warn(error));
    // The reader may have typed on in the meantime.
    if (this.asked !== asked) {
      return;
    }
    if (!found) {
      this.say("The search index could not be loaded. ", "The lists from A to Z", " hold everything by name.");
      return;
    }
    const told = JSON.stringify([query, found]);
    // What is found again stays, with the focus in it.
    if (this.told !== told) {
      this.found = found;
      this.kind = "";
      this.show();
      this.told = told;
    }
  }

  // Words in the place of results, perhaps with a link to the lists.
  say(before, link, after = "") {
    this.told = "";
    this.kinds.replaceChildren();
    this.results.replaceChildren();
    const lists = new URL("search/", ROOT).href;
    this.news.replaceChildren(before, ...(link ? [element("a", { href: lists }, link), after] : []));
  }

  show() {
    const { exact, found, near } = this.found;
    const all = [...exact, ...found];
    if (all.length === 0) {
      this.say(`Nothing on this site matches “${this.query}”. `, "The lists from A to Z", " hold everything by name.");
      this.results.replaceChildren(...this.suggestions(near));
      return;
    }
    const byKind = Object.groupBy(all, ({ kind }) => kind);
    const kinds = Object.keys(KINDS).filter((kind) => byKind[kind]);
    this.news.textContent = counted(all.length, "result", "results");
    this.showKinds(kinds, byKind, all.length);
    const shown = kinds.filter((kind) => this.kind === "" || this.kind === kind);
    // What the query names comes before everything else, whatever its kind.
    const groups = shown.map((kind) => this.group(KINDS[kind], kind, byKind[kind]));
    const meant = exact.filter(({ kind }) => this.kind === "" || this.kind === kind);
    if (meant.length > 0 && kinds.length > 1) {
      groups.sort((a, b) => Number(b.dataset.kind === meant[0].kind) - Number(a.dataset.kind === meant[0].kind));
    }
    this.results.replaceChildren(...this.suggestions(near), ...groups);
  }

  showKinds(kinds, byKind, total) {
    const choice = (kind, label, count) => {
      const press = element("button", { type: "button", class: "button", "aria-pressed": String(this.kind === kind) }, `${label} ${grouped(count)}`);
      press.addEventListener("click", () => this.choose(kind));
      return press;
    };
    const choices = [choice("", "All", total), ...kinds.map((kind) => choice(kind, KINDS[kind], byKind[kind].length))];
    this.kinds.replaceChildren(...(kinds.length > 1 ? choices : []));
  }

  choose(kind) {
    this.kind = kind;
    this.show();
    this.kinds.querySelector("[aria-pressed=true]")?.focus();
  }

  group(title, kind, results) {
    const shown = this.kind === kind ? results : results.slice(0, this.limit);
    const list = element("ul", {}, ...shown.map((result) => element("li", {}, this.link(result))));
    const group = element("section", { "data-kind": kind }, element("h3", {}, title), list);
    if (results.length > shown.length) {
      group.append(button("", `All ${grouped(results.length)} ${title.toLowerCase()}`, () => this.choose(kind), { class: "button button-bare" }));
    }
    return group;
  }

  link({ title, path, note }) {
    const named = { class: "result-title", lang: document.documentElement.lang, dir: "auto" };
    const link = element("a", { href: new URL(path, ROOT).href }, element("span", named, ...this.marked(title)));
    if (note) {
      link.append(" ", element("span", { class: "result-note" }, note));
    }
    return link;
  }

  // A title with the words that were found in it marked.
  marked(title) {
    const asked = words(this.query);
    return title.split(/([\p{Alphabetic}\p{N}]+)/u).map((piece) => {
      const word = fold(piece);
      const meant = asked.some((one) => word.startsWith(one)) || this.found.marked.has(word);
      return meant ? element("mark", {}, piece) : piece;
    });
  }

  suggestions(near) {
    if (near.length === 0) {
      return [];
    }
    const tries = near.map((id) => {
      const press = element("button", { type: "button", class: "button" }, id);
      press.addEventListener("click", () => {
        this.ask(id);
        this.input.focus();
      });
      return element("li", {}, press);
    });
    return [element("section", {}, element("h3", {}, "Did you mean"), element("ul", { class: "inline-list" }, ...tries))];
  }
}
