// The columns of a table as its markup tells them: what a cell is worth when rows are sorted,
// which words a column is filtered by.

import { compare } from "./text.js";

// Words with an order of their own, the greatest last: by the class of their chip, and as they stand.
const SCALES = [
  ["informational", "low", "medium", "high", "critical"].map((word) => `severity-${word}`),
  ["none", "low", "medium", "high"].map((word) => `level-${word}`),
  ["clear", "green", "amber", "amber-strict", "red"].map((word) => `tlp-${word}`),
];
const CRITICALITIES = ["Low", "Normal", "High", "Very high"];
// A column with more words than this, or with longer ones, is no choice but a search.
const MOST_WORDS = 12;
const LONGEST_WORD = 40;

export class Column {
  constructor(header, at, rows) {
    this.header = header;
    this.at = at;
    // Read before anything is added to a cell.
    this.texts = new Map(rows.map((row) => [row, textOf(row.cells[at])]));
    this.label = header.textContent.trim();
    this.kind = ["number", "date", "link"].find((kind) => header.classList.contains(kind)) ?? "text";
    this.isScale = [...this.texts.values()].every((text) => text === "" || CRITICALITIES.includes(text));
    this.key = this.label.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");
  }

  // What is most worth seeing comes first: great numbers, late dates, names from A.
  get firstDirection() {
    return this.kind === "number" || this.kind === "date" ? -1 : 1;
  }

  // The text of a row's cell; empty where the value is not available.
  text(row) {
    return this.texts.get(row);
  }

  // What a row's cell is worth: a number, or a text; null where there is nothing.
  worth(row) {
    const cell = row.cells[this.at];
    const text = this.text(row);
    if (text === "") {
      return null;
    }
    if (this.kind === "number") {
      const number = Number.parseFloat(cell.querySelector("data")?.value ?? text.replace(/[^\d.]/g, ""));
      return Number.isNaN(number) ? null : number;
    }
    const date = cell.querySelector("time")?.dateTime;
    // In a column of dates, words say why there is none.
    return this.kind === "date" ? (date ?? null) : (date ?? this.rank(row) ?? text);
  }

  // The place of a row's word on its scale.
  rank(row) {
    return this.isScale ? CRITICALITIES.indexOf(this.text(row)) : rank(row.cells[this.at]);
  }

  // The order of two rows. What is not available comes last, whichever way the others run.
  order(direction) {
    return (a, b) => {
      const [one, other] = [this.worth(a), this.worth(b)];
      if (one === null || other === null) {
        return (one === null) - (other === null);
      }
      return direction * (typeof one === "number" && typeof other === "number" ? one - other : compare(String(one), String(other)));
    };
  }

  // The words to choose from, each with its number of rows; none where the column is no choice.
  words(rows) {
    if (this.at === 0 || this.kind === "number" || this.kind === "date") {
      return [];
    }
    const words = new Map();
    for (const row of rows) {
      const word = this.text(row);
      if (word !== "") {
        const seen = words.get(word) ?? { word, count: 0, row };
        seen.count += 1;
        words.set(word, seen);
      }
    }
    const found = [...words.values()];
    const few = found.length > 1 && found.length <= MOST_WORDS && found.length <= rows.length / 2;
    if (!few || found.some(({ word }) => word.length > LONGEST_WORD)) {
      return [];
    }
    // On a scale the greatest comes first; other words come from A to Z.
    const scaled = found.some(({ row }) => this.rank(row) !== undefined);
    return found.sort((a, b) => this.order(scaled ? -1 : 1)(a.row, b.row));
  }
}

function textOf(cell) {
  return cell?.querySelector(".missing") ? "" : (cell?.textContent.trim() ?? "");
}

function rank(cell) {
  const chip = cell.querySelector(".chip");
  for (const scale of chip ? SCALES : []) {
    const at = scale.findIndex((name) => chip.classList.contains(name));
    if (at >= 0) {
      return at;
    }
  }
  return undefined;
}
