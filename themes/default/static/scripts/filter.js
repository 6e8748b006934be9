// Which rows of a table are shown: those with all the words, and with the chosen word in every
// column that offers a choice.

import { button, element } from "./dom.js";
import { bare, counted, grouped } from "./text.js";

// A table of a few rows is read faster than it is filtered, unless there is something to choose.
const CHOSEN_FROM = 8;
const FILTERED_FROM = 15;

export class Filter {
  // The filter of a table, or nothing where none is worth its place.
  static for(block, caption, columns, rows, changed) {
    // How many rows there are, where the page has only the first of them.
    const all = Number(block.querySelector("table").dataset.rows) || rows.length;
    const choices = rows.length < CHOSEN_FROM ? [] : columns.map((column) => [column, column.words(rows)]).filter(([, words]) => words.length > 0);
    const worth = choices.length > 0 || rows.length >= FILTERED_FROM;
    return worth ? new Filter(block, caption, columns, choices, all, changed) : undefined;
  }

  constructor(block, caption, columns, choices, all, changed) {
    this.columns = columns;
    this.all = all;
    this.isCut = all > columns[0].texts.size;
    this.changed = changed;
    this.texts = new Map();
    this.query = element("input", { type: "search", autocomplete: "off", spellcheck: "false" });
    this.query.addEventListener("input", changed);
    this.facets = choices.map(([column, words]) => ({ column, select: this.choice(words) }));
    const field = (label, key, control) => {
      control.id = `${block.id}-by-${key}`;
      return element("div", { class: "field" }, element("label", { for: control.id }, label), control);
    };
    this.count = element("span", { class: "count-of-rows" });
    this.result = element("p", { class: "table-result" }, this.count, this.clearing());
    this.controls = element(
      "div",
      { class: "table-controls", role: "group", "aria-label": `Filter ${caption}`, "data-scripted": "" },
      field("Filter", "q", this.query),
      ...this.facets.map(({ column, select }) => field(column.label, column.key, select)),
      this.result,
    );
    this.none = element("p", { class: "no-rows", "data-scripted": "" }, "No rows match your filters. ", this.clearing());
    if (this.isCut) {
      const shown = counted(columns[0].texts.size, "row", "rows");
      this.none.firstChild.data = `No rows match your filters among the ${shown} of this page; there are ${grouped(all)} in all. `;
    }
  }

  choice(words) {
    const options = words.map(({ word, count }) => element("option", { value: word }, this.isCut ? word : `${word} (${grouped(count)})`));
    const select = element("select", {}, element("option", { value: "" }, "All"), ...options);
    select.addEventListener("change", this.changed);
    return select;
  }

  clearing() {
    return button("close", "Clear filters", () => this.clear(), { class: "button" });
  }

  get isOn() {
    return this.query.value.trim() !== "" || this.facets.some(({ select }) => select.value !== "");
  }

  passing(rows) {
    if (!this.isOn) {
      return rows;
    }
    const words = bare(this.query.value).split(/\s+/).filter(Boolean);
    const chosen = this.facets.filter(({ select }) => select.value !== "");
    return rows.filter(
      (row) => words.every((word) => this.textOf(row).includes(word)) && chosen.every(({ column, select }) => column.text(row) === select.value),
    );
  }

  // A row's text is folded once, however often the reader types.
  textOf(row) {
    if (!this.texts.has(row)) {
      this.texts.set(row, bare(this.columns.map((column) => column.text(row)).join(" ")));
    }
    return this.texts.get(row);
  }

  clear() {
    this.query.value = "";
    for (const { select } of this.facets) {
      select.value = "";
    }
    this.changed();
    this.query.focus();
  }

  show(found, shown) {
    this.count.textContent = this.words(found, shown);
    // Where nothing is left, the sentence that says so has the button.
    for (const control of this.result.querySelectorAll("button")) {
      control.hidden = !this.isOn || found === 0;
    }
    this.none.hidden = found > 0;
    for (const { select } of this.facets) {
      select.classList.toggle("is-chosen", select.value !== "");
    }
  }

  // How many rows of those on the page are left, and of how many the page is a part.
  words(found, shown) {
    if (this.isCut) {
      const rows = `${grouped(shown)} of ${counted(this.all, "row", "rows")} are on this page`;
      return this.isOn ? `${grouped(found)} left; ${rows}` : rows;
    }
    return this.isOn ? `${grouped(found)} of ${counted(shown, "row", "rows")}` : counted(shown, "row", "rows");
  }

  // What an address does not rightly name is passed over.
  read(address) {
    this.query.value = address.read("q");
    for (const { column, select } of this.facets) {
      const word = address.read(column.key);
      select.value = [...select.options].some((option) => option.value === word) ? word : "";
    }
  }

  // The filter in words for an address.
  get state() {
    return { q: this.query.value.trim(), ...Object.fromEntries(this.facets.map(({ column, select }) => [column.key, select.value])) };
  }
}
