// What the role does not get: reports, pages, and the places in a text where blocks are left out.
// What is hidden itself is never here.

import { box, counted, element, placeInFile } from "./dom.js";
import { Panel } from "./panel.js";

export class Hidden {
  panel = new Panel("hidden", "What is hidden");
  reports = [];
  pages = [];
  blocks = [];

  constructor() {
    [this.box, this.control] = box("Show what is hidden", "hidden", () => {
      this.show(this);
      this.mark();
      this.panel[this.box.checked ? "open" : "close"]();
    });
  }

  show({ reports, pages, blocks }) {
    Object.assign(this, { reports, pages, blocks });
    this.panel.button.hidden = !this.box.checked;
    this.panel.button.textContent = `${counted(reports.length, "report")}, ${counted(pages.length, "page")}, ${counted(blocks.length, "block")} hidden`;
    this.panel.content.replaceChildren(
      ...list("Reports", reports, titled, "No report is hidden."),
      ...list("Pages", pages, titled, "No page is hidden."),
      ...list("Blocks of this text", blocks, (block) => [words(block)], "No block is hidden here."),
    );
  }

  // Places are counted by the children of the text on its own page: after the title, of a guide.
  mark() {
    document.querySelectorAll(".tp-preview-mark").forEach((mark) => mark.remove());
    const isGuide = /^\/[^/]+\/pages\//.test(location.pathname);
    const text = (isGuide || location.pathname.endsWith("/analyst-report/")) && document.querySelector("main article.prose");
    const children = [...(text?.children ?? [])].slice(isGuide ? 1 : 0);
    for (const block of text && this.box.checked ? this.blocks : []) {
      text.insertBefore(element("p", { class: "part mark" }, words(block), ...placeInFile(block).slice(1)), children[block.before] ?? null);
    }
  }
}

function words({ line, end, reason }) {
  const lines = line == null ? "" : end == null ? `, line ${line}` : `, lines ${line}–${end}`;
  return `Hidden block${lines}: ${reason}`;
}

function titled({ title, reason }) {
  return [element("strong", {}, title), `: ${reason}`];
}

function list(title, hidden, tell, none) {
  const items = hidden.map((one) => element("li", {}, ...tell(one), element("br"), ...placeInFile(one)));
  return [element("h3", {}, title), items.length > 0 ? element("ul", {}, ...items) : element("p", {}, none)];
}
