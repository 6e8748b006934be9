// What is wrong with the input. Errors open their list by themselves, and it closes by itself when
// they are mended. One that the reader has closed stays so until there are other errors.

import { counted, digest, element, keep, placeInFile, recall } from "./dom.js";
import { Panel } from "./panel.js";

export class Problems {
  panel = new Panel("problems", "Problems", () => keep("closed", this.told));
  errors = 0;

  show(problems) {
    const of = (kind) => problems.filter(({ severity }) => severity === kind);
    const errors = of("error");
    const count = ["error", "warning", "note"].flatMap((kind) => (of(kind).length > 0 ? [counted(of(kind).length, kind)] : [])).join(", ");
    const { panel } = this;
    panel.button.textContent = panel.title.textContent = count;
    panel.button.classList.toggle("tp-preview-wrong", errors.length > 0);
    panel.button.hidden = problems.length === 0;
    panel.content.replaceChildren(element("ol", {}, ...problems.map((problem, at) => element("li", {}, ...parts(problem, at + 1)))));
    // Their excerpts are not for the browser to keep.
    this.told = String(digest(JSON.stringify(errors)));
    if (errors.length > 0 && recall("closed") !== this.told) {
      panel.open();
    } else if (errors.length < this.errors || problems.length === 0) {
      panel.close();
    }
    this.errors = errors.length;
  }
}

function parts(problem, number) {
  const { severity, code, message, file, excerpt, hint } = problem;
  const kind = element("span", { class: severity === "error" ? "severity wrong" : "severity" }, severity);
  // What scrolls can be reached by keyboard, and has a name.
  const scrolls = { tabindex: "0", role: "region", "aria-label": `Excerpt ${number}` };
  return [
    element("h3", {}, kind, ` ${code} ${message}`),
    ...(file ? [element("p", {}, ...placeInFile(problem))] : []),
    ...(excerpt ? [element("pre", scrolls, excerpt)] : []),
    ...(hint ? [element("p", {}, `Hint: ${hint}`)] : []),
  ];
}
