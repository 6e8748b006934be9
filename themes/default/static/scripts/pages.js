// The pages of a long table: a hundred rows at a time. Rows of other pages stay in the document,
// where paper shows them all.

import { button, element } from "./dom.js";
import { grouped } from "./text.js";

const SIZE = 100;

export class Pages {
  // The pages of a table, or nothing where its rows fit on one.
  static for(caption, rows, turned) {
    return rows.length > SIZE ? new Pages(caption, turned) : undefined;
  }

  constructor(caption, turned) {
    this.at = 0;
    const turn = (step) => (event) => {
      if (event.currentTarget.ariaDisabled !== "true") {
        this.at += step;
        turned();
      }
    };
    this.back = button("back", "Previous rows", turn(-1), { class: "button" });
    this.on = button("on", "Next rows", turn(1), { class: "button" });
    this.place = element("span", { class: "count-of-rows" });
    this.controls = element("div", { class: "table-pages", role: "group", "aria-label": `Pages of ${caption}`, "data-scripted": "" });
    this.controls.append(this.back, this.place, this.on);
  }

  show(rows) {
    const last = Math.max(Math.ceil(rows.length / SIZE) - 1, 0);
    this.at = Math.min(Math.max(this.at, 0), last);
    const from = this.at * SIZE;
    const to = Math.min(from + SIZE, rows.length);
    rows.forEach((row, at) => row.classList.toggle("off-page", at < from || at >= to));
    this.place.textContent = `${grouped(Math.min(from + 1, to))}–${grouped(to)} of ${grouped(rows.length)}`;
    // A button that is disabled outright would lose the focus of the reader who pressed it.
    this.back.ariaDisabled = String(this.at === 0);
    this.on.ariaDisabled = String(this.at === last);
    this.controls.hidden = last === 0;
  }

  read(address) {
    this.at = Math.trunc(Number(address.read("page")) || 1) - 1;
  }

  get state() {
    return { page: this.at > 0 ? String(this.at + 1) : "" };
  }
}
