// Tables that can be sorted, filtered, turned over and taken along. Every row stays in the
// document; the reader's wishes stand in the address.

import { Address } from "./address.js";
import { Choice } from "./choice.js";
import { Column } from "./column.js";
import { csv, download } from "./csv.js";
import { announce, button, element, icon } from "./dom.js";
import { Filter } from "./filter.js";
import { Pages } from "./pages.js";
import { counted, grouped } from "./text.js";

export function upgradeTables() {
  // Paper holds every row in its own order.
  if (document.querySelector("main[data-whole]")) {
    return;
  }
  const tables = [...document.querySelectorAll(".table-block table")].filter((table) => table.tBodies[0]?.rows.length > 1);
  for (const table of tables.filter((table) => !table.closest(".is-upgraded"))) {
    new LiveTable(table, tables.length > 1 ? table.closest(".table-block").id : "").start();
  }
}

class LiveTable {
  constructor(table, prefix) {
    this.table = table;
    this.block = table.closest(".table-block");
    this.region = table.closest(".scroll");
    this.caption = table.caption.textContent.trim();
    this.rows = [...table.tBodies[0].rows];
    this.columns = [...table.tHead.rows[0].cells].map((header, at) => new Column(header, at, this.rows));
    this.address = new Address(prefix);
    this.order = this.rows;
    this.sorted = null;
    this.direction = 1;
    this.filter = Filter.for(this.block, this.caption, this.columns, this.rows, () => this.refilter());
    this.pages = Pages.for(this.caption, this.rows, () => this.leaf());
    this.choice = Choice.for(this.block, this.caption, this.columns, this.rows);
  }

  start() {
    this.columns.forEach((column) => this.offerSort(column));
    this.place();
    this.read();
    this.show();
    // A table that fits needs no scrolling of its own; then its heading can stay in view while the
    // page scrolls.
    const measure = () => this.region.classList.toggle("fits", this.table.scrollWidth <= this.region.clientWidth);
    const observer = new ResizeObserver(measure);
    // With other columns the table is another in the same place.
    [this.region, this.table].forEach((part) => observer.observe(part));
  }

  // The title stands above the controls; the caption goes on naming the table.
  place() {
    const title = element("p", { class: "table-title", "aria-hidden": "true" }, this.caption);
    const anchor = element("a", { class: "heading-anchor", href: `#${this.block.id}`, "aria-label": `Link to the table ${this.caption}` }, "#");
    this.table.caption.classList.add("lifted");
    this.block.classList.add("is-upgraded");
    const choice = this.choice ? [this.choice.control] : [];
    this.block.prepend(element("div", { class: "table-head", "data-scripted": "" }, title, anchor, ...choice));
    if (this.filter) {
      this.filter.result.append(button("download", "Download these rows", () => this.takeAlong(), { class: "button" }));
      this.region.before(this.filter.controls);
      this.region.after(this.filter.none);
    }
    if (this.pages) {
      this.region.after(this.pages.controls);
    }
  }

  offerSort(column) {
    const press = element("button", { type: "button", class: "sort" });
    press.append(...column.header.childNodes, icon("sort"));
    column.header.append(press);
    press.addEventListener("click", () => {
      this.sortBy(column);
      const direction = this.direction < 0 ? "descending" : "ascending";
      this.update(this.sorted ? `Sorted by ${column.label}, ${direction}.` : "In the original order.");
    });
  }

  // One way, the other way, then as the page came.
  sortBy(column) {
    const first = column.firstDirection;
    if (this.sorted !== column) {
      this.arrange(column, first);
    } else if (this.direction === first) {
      this.arrange(column, -first);
    } else {
      this.arrange(null, 1);
    }
    this.toFirstPage();
  }

  // The sort is stable: rows of equal worth stay in the order of the page.
  arrange(column, direction) {
    [this.sorted, this.direction] = [column, direction];
    this.order = column ? this.rows.toSorted(column.order(direction)) : this.rows;
    this.table.tBodies[0].append(...this.order);
    this.columns.forEach(({ header }) => header.removeAttribute("aria-sort"));
    column?.header.setAttribute("aria-sort", direction < 0 ? "descending" : "ascending");
  }

  refilter() {
    this.toFirstPage();
    const found = this.found().length;
    this.update(found === 0 ? "No rows match your filters." : `${counted(found, "row", "rows")} of ${grouped(this.rows.length)}.`);
  }

  leaf() {
    this.update(`Page ${this.pages.at + 1}.`);
    this.block.scrollIntoView({ block: "start" });
  }

  toFirstPage() {
    if (this.pages) {
      this.pages.at = 0;
    }
  }

  found() {
    return this.filter?.passing(this.order) ?? this.order;
  }

  update(news) {
    this.show();
    this.address.write({
      ...this.filter?.state,
      ...this.pages?.state,
      sort: this.sorted && (this.direction < 0 ? "-" : "") + this.sorted.key,
    });
    announce(news);
  }

  show() {
    const found = this.found();
    const passing = new Set(found);
    for (const row of this.rows) {
      row.hidden = !passing.has(row);
    }
    this.region.hidden = found.length === 0;
    this.filter?.show(found.length, this.rows.length);
    this.pages?.show(found);
  }

  takeAlong() {
    const rows = this.found();
    download(`${this.block.id}-filtered.csv`, "text/csv", csv(this.columns, rows));
    announce(`${counted(rows.length, "row", "rows")} downloaded.`);
  }

  read() {
    const sort = this.address.read("sort");
    const column = this.columns.find(({ key }) => key !== "" && key === sort.replace(/^-/, ""));
    if (column) {
      this.arrange(column, sort.startsWith("-") ? -1 : 1);
    }
    this.pages?.read(this.address);
    this.filter?.read(this.address);
    this.choice?.read();
  }
}
