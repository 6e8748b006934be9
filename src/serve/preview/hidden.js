// What the role does not get, for those who write it: reports, and the places in the text of a
// report where blocks are left out. What is hidden itself is never here.

import { box, counted, element, placeInFile } from "./dom.js";
import { Panel } from "./panel.js";

export class Hidden {
  panel = new Panel("hidden", "What is hidden");
  reports = [];
  blocks = [];

  constructor() {
    [this.box, this.control] = box("Show what is hidden", "hidden", () => {
      this.show(this);
      this.mark();
      this.panel[this.box.checked ? "open" : "close"]();
    });
  }

  show({ reports, blocks }) {
    [this.reports, this.blocks] = [reports, blocks];
    this.panel.button.hidden = !this.box.checked;
    this.panel.button.textContent = `${counted(reports.length, "report")}, ${counted(blocks.length, "block")} hidden`;
    this.panel.content.replaceChildren(
      ...list("Reports", reports, ({ title, reason }) => [element("strong", {}, title), `: ${reason}`]),
      ...list("Blocks of this report", blocks, (block) => [words(block)]),
    );
  }

  // Places are counted by the children of the text on the report's own page.
  mark() {
    document.querySelectorAll(".tp-preview-mark").forEach((mark) => mark.remove());
    const text = location.pathname.endsWith("/analyst-report/") && document.querySelector("main article.prose");
    const children = [...(text?.children ?? [])];
    for (const block of text && this.box.checked ? this.blocks : []) {
      text.insertBefore(element("p", { class: "part mark" }, words(block), ...placeInFile(block).slice(1)), children[block.before] ?? null);
    }
  }
}

function words({ line, end, reason }) {
  const lines = line == null ? "" : end == null ? `, line ${line}` : `, lines ${line}–${end}`;
  return `Hidden block${lines}: ${reason}`;
}

function list(title, hidden, tell) {
  const items = hidden.map((one) => element("li", {}, ...tell(one), element("br"), ...placeInFile(one)));
  return [element("h3", {}, title), items.length > 0 ? element("ul", {}, ...items) : element("p", {}, "Nothing is hidden from this role.")];
}
