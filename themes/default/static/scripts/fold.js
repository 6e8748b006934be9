// What stands beside a page on a wide screen stands above it on a narrow one: folded, so that the
// page itself is not far below.

// The width at which theme.css moves it. Paper has room.
const narrow = matchMedia("screen and (max-width: 68rem)");

export function foldWhatStandsBeside() {
  fold();
  narrow.addEventListener("change", fold);
}

function fold() {
  for (const details of document.querySelectorAll(":is(.facts, .contents) > details")) {
    details.open = !narrow.matches;
  }
}
