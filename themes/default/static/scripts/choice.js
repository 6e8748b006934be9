// Which columns of a table are shown, as the reader wants it: on this page, and wherever a table
// of the same name is met. Paper has them all.

import { element } from "./dom.js";
import { keep, recall } from "./storage.js";

// A table of fewer columns has none to spare.
const CHOSEN_FROM = 4;

export class Choice {
  // The choice of a table, or nothing where there is nothing to choose.
  static for(block, caption, columns, rows) {
    return columns.length < CHOSEN_FROM ? undefined : new Choice(`columns.${block.id}`, caption, columns, rows);
  }

  constructor(key, caption, columns, rows) {
    this.key = key;
    // The first column names the row; one without a name cannot be asked for.
    const choosable = columns.slice(1).filter((column) => column.key !== "");
    this.rows = rows;
    this.left = new Set();
    this.boxes = new Map(choosable.map((column) => [column, this.box(column)]));
    const labels = choosable.map((column) => element("label", { class: "choice" }, this.boxes.get(column), ` ${column.label}`));
    const list = element("div", { class: "column-list", role: "group", "aria-label": `Columns of ${caption}` }, ...labels);
    this.control = element("details", { class: "column-choice", "data-scripted": "" }, element("summary", {}, "Columns"), list);
    this.control.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    this.control.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget && !this.control.contains(relatedTarget)) {
        this.control.open = false;
      }
    });
  }

  box(column) {
    const box = element("input", { type: "checkbox" });
    box.checked = true;
    box.addEventListener("change", () => {
      this.show(column, box.checked);
      keep(this.key, [...this.left].join(" ") || null);
    });
    return box;
  }

  close() {
    this.control.open = false;
    this.control.querySelector("summary").focus();
  }

  show(column, shown) {
    this.boxes.get(column).checked = shown;
    this.left[shown ? "delete" : "add"](column.key);
    for (const row of [column.header.parentElement, ...this.rows]) {
      row.cells[column.at]?.classList.toggle("left-out", !shown);
    }
  }

  // What was chosen before. A choice of columns that only other tables of this name have stays for them.
  read() {
    this.left = new Set((recall(this.key) ?? "").split(" ").filter(Boolean));
    for (const column of this.boxes.keys()) {
      if (this.left.has(column.key)) {
        this.show(column, false);
      }
    }
  }
}
