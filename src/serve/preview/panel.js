// A list above the bar, with the button that opens it. One is open at a time; Esc closes it.

import { button, element } from "./dom.js";

let opened;

export class Panel {
  constructor(name, title, closed = () => {}) {
    const id = `tp-preview-${name}`;
    this.closed = closed;
    this.title = element("h2", { id: `${id}-title` }, title);
    this.content = element("div", { class: "content" });
    const head = element("div", { class: "head" }, this.title, button("Close", () => this.close()));
    this.region = element("section", { id, class: "panel", tabindex: "-1", hidden: "", "aria-labelledby": `${id}-title` }, head, this.content);
    this.button = button(title, () => this.toggle(), { "aria-expanded": "false", "aria-controls": id });
  }

  toggle() {
    if (opened === this) {
      this.close();
    } else {
      this.open();
      this.region.focus();
    }
  }

  // Leaves the focus where it is, which may be where a reader types.
  open() {
    if (opened !== this) {
      opened?.close();
    }
    opened = this;
    this.show(true);
  }

  close() {
    if (opened === this) {
      opened = undefined;
      const hadFocus = this.region.contains(document.activeElement);
      this.show(false);
      if (hadFocus) {
        this.button.focus();
      }
      this.closed();
    }
  }

  show(isOpen) {
    this.region.hidden = !isOpen;
    this.button.ariaExpanded = String(isOpen);
  }
}

addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented && !document.querySelector("dialog[open]")) {
    opened?.close();
  }
});
