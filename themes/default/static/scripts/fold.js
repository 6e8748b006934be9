// What stands beside a page on a wide screen stands above it on a narrow one: folded, so that the
// page itself is not far below.

// The width at which theme.css moves it. Paper has room.
const narrow = matchMedia("screen and (max-width: 68rem)");

// What was folded or not by its place. After that it is the reader's, until it moves.
const placed = new WeakSet();

export function foldWhatStandsBeside() {
  beside().filter((details) => !placed.has(details)).forEach(fold);
  narrow.addEventListener("change", foldAll);
}

function foldAll() {
  beside().forEach(fold);
}

function beside() {
  return [...document.querySelectorAll(":is(.facts, .contents) > details")];
}

function fold(details) {
  placed.add(details);
  details.open = !narrow.matches;
}
