// Buttons that copy what a reader would paste elsewhere.

import { announce, button, element } from "./dom.js";
import { live } from "./text.js";

const QUERIES = ["kql", "kusto", "spl", "sql", "esql", "eql", "lucene"];
const TECHNIQUE = /^T\d{4}(\.\d{3})?\b/;
const RULES = ["yara", "sigma", "snort", "suricata"];

export function offerCopies() {
  // Without a clipboard (a page from a disk, an unencrypted host) there is nothing to press.
  if (!navigator.clipboard?.writeText) {
    return;
  }
  for (const figure of document.querySelectorAll("figure.code:not(:has(button))")) {
    const language = figure.dataset.language ?? "";
    const what = QUERIES.includes(language) ? "query" : RULES.includes(language) ? "rule" : "code";
    const head = figure.querySelector("figcaption") ?? figure.insertBefore(element("figcaption", { "data-scripted": "" }), figure.firstChild);
    head.append(copy(`Copy ${what}`, () => figure.querySelector("pre").textContent));
  }
  for (const cell of document.querySelectorAll(".table-block[id$=indicators] tbody th:not(:has(.copies))")) {
    offerIndicator(cell);
  }
  for (const part of document.querySelectorAll(".facts dd :is(.id, a):not(:has(+ button))")) {
    offerId(part);
  }
}

// A fact is copied where it is an id, or a technique, which begins with its.
function offerId(part) {
  const text = part.textContent.trim();
  const id = part.classList.contains("id") ? text : text.match(TECHNIQUE)?.[0];
  if (id) {
    part.after(copy("Copy", () => id, `Copy ${id}`, "button-bare"));
  }
}

// An indicator is copied as it is shown, which is safe to paste anywhere, or live.
function offerIndicator(cell) {
  const shown = cell.textContent.trim();
  const value = live(shown);
  const buttons = element("span", { class: "copies", "data-scripted": "" });
  if (value === shown) {
    buttons.append(copy("Copy", () => shown, `Copy ${shown}`, "button-bare"));
  } else {
    buttons.append(copy("Copy defanged", () => shown, `Copy defanged ${shown}`, "button-bare"));
    buttons.append(copy("Copy live value", () => value, `Copy live value of ${shown}`, "button-bare"));
  }
  cell.append(buttons);
}

function copy(label, read, name = label, look = "") {
  const made = button("copy", label, () => void press(), { class: `button ${look}`, "aria-label": name });
  const word = made.querySelector(".button-label");
  let resting;
  const press = async () => {
    let done = true;
    try {
      await navigator.clipboard.writeText(read());
    } catch {
      done = false;
    }
    word.textContent = done ? "Copied" : "Not copied";
    made.classList.add("is-told");
    announce(done ? `${name.replace(/^Copy /, "")}: copied.` : "The browser did not allow copying.");
    clearTimeout(resting);
    resting = setTimeout(() => {
      word.textContent = label;
      made.classList.remove("is-told");
    }, 2000);
  };
  return made;
}
