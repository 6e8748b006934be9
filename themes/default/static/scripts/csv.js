// Rows as CSV, by the rules of the CSV files beside the page: RFC 4180, and safe to open in a
// spreadsheet.

import { live } from "./text.js";

const FORMULA = /^(?: *[\t\r\n]|[\s\p{Cc}\p{Cf}]*[=+\-@\uff1d\uff0b\uff0d\uff20])/u;

// A value that no spreadsheet takes for a formula, whatever white or invisible stands before it.
export function safe(value) {
  const text = value.replace(/\p{Cc}/gu, "");
  return FORMULA.test(value) ? `'${text}` : text;
}

export function csv(columns, rows) {
  const lines = [columns.map((column) => column.label), ...rows.map((row) => columns.map((column) => plain(column, row)))];
  return lines.map((line) => `${line.map((value) => quoted(safe(value))).join(",")}\r\n`).join("");
}

// What a cell holds: counts without their spaces, moments in full, indicators live.
function plain(column, row) {
  const cell = row.cells[column.at];
  const exact = cell?.querySelector("data")?.value ?? cell?.querySelector("time")?.dateTime;
  return exact ?? (cell?.classList.contains("code") ? live(column.text(row)) : column.text(row));
}

function quoted(text) {
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

// Hands a text to the reader as a file.
export function download(name, type, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  link.download = name;
  link.click();
  // The browser has taken the file by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
