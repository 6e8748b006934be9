// Tables that can be sorted, filtered, turned over and taken along. The rows stay where the
// document has them until the reader asks for another order.

import { Address } from "./address.js";
import { Column } from "./column.js";
import { csv, download } from "./csv.js";
import { announce, button, element, icon } from "./dom.js";
import { bare, counted, grouped } from "./text.js";

const PAGE = 100;
// A table of a few rows is read faster than it is filtered, unless there is something to choose.
const CHOSEN_FROM = 8;
const FILTERED_FROM = 15;

export function upgradeTables() {
  // Paper holds every row in its own order.
  if (document.querySelector("main[data-whole]")) {
    return;
  }
  const tables = [...document.querySelectorAll(".table-block table")].filter((table) => table.tBodies[0]?.rows.length > 1);
  for (const table of tables) {
    new SortedTable(table, tables.length > 1 ? table.closest(".table-block").id : "").start();
  }
}

class SortedTable {
  constructor(table, prefix) {
    this.table = table;
    this.block = table.closest(".table-block");
    this.caption = table.caption.textContent.trim();
    this.body = table.tBodies[0];
    this.rows = [...this.body.rows];
    this.columns = [...table.tHead.rows[0].cells].map((header, at) => new Column(header, at));
    this.address = new Address(prefix);
    this.texts = new Map();
    this.sorted = null;
    this.direction = 1;
    this.page = 0;
    this.facets = [];
  }

  start() {
    for (const column of this.columns) {
      this.offerSort(column);
    }
    this.addHead();
    const choices = this.rows.length < CHOSEN_FROM ? [] : this.columns.map((column) => [column, column.words(this.rows)]).filter(([, words]) => words.length > 0);
    if (choices.length > 0 || this.rows.length >= FILTERED_FROM) {
      this.addFilters(choices);
    }
    if (this.rows.length > PAGE) {
      this.addPages();
    }
    this.read();
    this.show();
    this.stickWhereItFits();
  }

  // The title stands above the controls; the caption goes on naming the table.
  addHead() {
    const title = element("p", { class: "table-title", "aria-hidden": "true" }, this.caption);
    const anchor = element("a", { class: "heading-anchor", href: `#${this.block.id}`, "aria-label": `Link to the table ${this.caption}` }, "#");
    this.head = element("div", { class: "table-head", "data-scripted": "" }, title, anchor);
    this.table.caption.classList.add("lifted");
    this.block.classList.add("is-upgraded");
    this.block.prepend(this.head);
  }

  offerSort(column) {
    const { header } = column;
    const press = element("button", { type: "button", class: "sort" });
    press.append(...header.childNodes, icon("sort"));
    header.append(press);
    press.addEventListener("click", () => {
      this.turn(column);
      this.update(this.sorted ? `Sorted by ${column.label}, ${this.direction < 0 ? "descending" : "ascending"}.` : "In the original order.");
    });
  }

  // One way, the other way, then as the page came.
  turn(column) {
    const first = column.firstDirection;
    if (this.sorted !== column) {
      [this.sorted, this.direction] = [column, first];
    } else if (this.direction === first) {
      this.direction = -first;
    } else {
      this.sorted = null;
    }
    this.page = 0;
  }

  addFilters(choices) {
    this.query = element("input", { type: "search", autocomplete: "off", spellcheck: "false" });
    this.query.addEventListener("input", () => this.filter());
    const controls = element("div", { class: "table-controls", role: "group", "aria-label": `Filter ${this.caption}`, "data-scripted": "" });
    controls.append(this.field("Filter", "q", this.query));
    for (const [column, words] of choices) {
      const select = element("select", {}, element("option", { value: "" }, "All"));
      select.append(...words.map(({ word, count }) => element("option", { value: word }, `${word} (${grouped(count)})`)));
      select.addEventListener("change", () => this.filter());
      this.facets.push({ column, select });
      controls.append(this.field(column.label, column.key, select));
    }
    this.count = element("span", { class: "count-of-rows" });
    this.clear = button("close", "Clear filters", () => this.clearFilters(), { class: "button" });
    this.take = button("download", "Download these rows", () => this.takeAlong(), { class: "button" });
    controls.append(element("p", { class: "table-result" }, this.count, this.clear, this.take));
    this.none = element("p", { class: "no-rows", "data-scripted": "", hidden: "" }, "No rows match your filters. ");
    this.none.append(button("close", "Clear filters", () => this.clearFilters(), { class: "button" }));
    this.head.after(controls);
    this.block.querySelector(".scroll").after(this.none);
  }

  field(label, key, control) {
    control.id = `${this.block.id}-by-${key}`;
    return element("div", { class: "field" }, element("label", { for: control.id }, label), control);
  }

  filter() {
    this.page = 0;
    const found = this.found().length;
    this.update(found === 0 ? "No rows match your filters." : `${counted(found, "row", "rows")} of ${grouped(this.rows.length)}.`);
  }

  clearFilters() {
    this.query.value = "";
    for (const { select } of this.facets) {
      select.value = "";
    }
    this.filter();
    this.query.focus();
  }

  get isFiltered() {
    return this.query !== undefined && (this.query.value.trim() !== "" || this.facets.some(({ select }) => select.value !== ""));
  }

  // The rows that pass every filter, in the order asked for. The sort is stable: rows of equal
  // worth stay in the order of the page.
  found() {
    let rows = this.rows;
    if (this.isFiltered) {
      const words = bare(this.query.value).split(/\s+/).filter(Boolean);
      const chosen = this.facets.filter(({ select }) => select.value !== "");
      rows = rows.filter(
        (row) => words.every((word) => this.textOf(row).includes(word)) && chosen.every(({ column, select }) => column.text(row) === select.value),
      );
    }
    return this.sorted ? rows.toSorted(this.sorted.order(this.direction)) : rows;
  }

  textOf(row) {
    if (!this.texts.has(row)) {
      this.texts.set(row, bare(this.columns.map((column) => column.text(row)).join(" ")));
    }
    return this.texts.get(row);
  }

  addPages() {
    this.back = button("back", "Previous rows", () => this.leaf(-1), { class: "button" });
    this.on = button("on", "Next rows", () => this.leaf(1), { class: "button" });
    this.place = element("span", { class: "count-of-rows" });
    this.pages = element("div", { class: "table-pages", role: "group", "aria-label": `Pages of ${this.caption}`, "data-scripted": "" });
    this.pages.append(this.back, this.place, this.on);
    this.block.querySelector(".scroll").after(this.pages);
  }

  leaf(step) {
    this.page += step;
    this.update();
    announce(`Rows ${this.place.textContent}.`);
    this.block.scrollIntoView({ block: "start" });
  }

  update(news) {
    this.show();
    this.write();
    if (news) {
      announce(news);
    }
  }

  show() {
    const found = this.found();
    this.showOrder();
    const last = Math.max(Math.ceil(found.length / PAGE) - 1, 0);
    this.page = Math.min(Math.max(this.page, 0), last);
    const from = this.page * PAGE;
    const passing = new Set(found);
    // Rows that a filter hides stay in the document, behind the others.
    this.body.append(...found, ...this.rows.filter((row) => !passing.has(row)));
    for (const row of this.rows) {
      row.hidden = !passing.has(row);
    }
    found.forEach((row, at) => row.classList.toggle("off-page", at < from || at >= from + PAGE));
    this.showFilters(found.length);
    if (this.pages) {
      const [first, end] = [Math.min(from + 1, found.length), Math.min(from + PAGE, found.length)];
      this.place.textContent = `${grouped(first)}–${grouped(end)} of ${grouped(found.length)}`;
      this.back.disabled = this.page === 0;
      this.on.disabled = this.page === last;
      this.pages.hidden = last === 0;
    }
  }

  showOrder() {
    for (const { header } of this.columns) {
      header.removeAttribute("aria-sort");
    }
    this.sorted?.header.setAttribute("aria-sort", this.direction < 0 ? "descending" : "ascending");
  }

  showFilters(found) {
    if (!this.query) {
      return;
    }
    const filtered = this.isFiltered;
    this.count.textContent = filtered ? `${grouped(found)} of ${counted(this.rows.length, "row", "rows")}` : counted(found, "row", "rows");
    this.clear.hidden = !filtered || found === 0;
    this.take.hidden = !filtered || found === 0;
    this.none.hidden = found > 0;
    this.block.querySelector(".scroll").hidden = found === 0;
    for (const { select } of this.facets) {
      select.classList.toggle("is-chosen", select.value !== "");
    }
  }

  takeAlong() {
    const rows = this.found();
    download(`${this.block.id}-filtered.csv`, "text/csv", csv(this.columns, rows));
    announce(`${counted(rows.length, "row", "rows")} downloaded.`);
  }

  read() {
    const sort = this.address.read("sort");
    this.sorted = this.columns.find(({ key }) => key !== "" && key === sort.replace(/^-/, "")) ?? null;
    this.direction = sort.startsWith("-") ? -1 : 1;
    this.page = Math.trunc(Number(this.address.read("page")) || 1) - 1;
    if (this.query) {
      this.query.value = this.address.read("q");
    }
    for (const { column, select } of this.facets) {
      const word = this.address.read(column.key);
      select.value = [...select.options].some((option) => option.value === word) ? word : "";
    }
  }

  write() {
    this.address.write({
      q: this.query?.value.trim(),
      sort: this.sorted && (this.direction < 0 ? "-" : "") + this.sorted.key,
      page: this.page > 0 && String(this.page + 1),
      ...Object.fromEntries(this.facets.map(({ column, select }) => [column.key, select.value])),
    });
  }

  // A table that fits needs no scrolling of its own; then its heading can stay in view while the
  // page scrolls.
  stickWhereItFits() {
    const region = this.block.querySelector(".scroll");
    const measure = () => region.classList.toggle("fits", this.table.scrollWidth <= region.clientWidth);
    new ResizeObserver(measure).observe(region);
  }
}
