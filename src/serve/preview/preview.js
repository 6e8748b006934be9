// The preview in the browser: keeps the page at its newest version, and says whose view it is. The
// server puts it into the pages that it shows; it is no part of any build.

import { Bar } from "./bar.js";
import { Page } from "./page.js";
import { listen } from "./stream.js";

const bar = new Bar();
const page = new Page();
let { revision } = Page;
let isLost = false;
let looking;
let listening;

// Shows how things stand. A look that is slow gives way to the next.
async function look() {
  // What comes while nobody sees it is looked at when somebody does.
  if (document.hidden) {
    return;
  }
  looking?.abort();
  const { signal } = (looking = new AbortController());
  let state;
  try {
    state = await readState(signal);
    // A server that has come back may count from the beginning.
    if (isLost || state.revision !== (revision ?? state.revision)) {
      follow(await page.refresh(signal));
    }
    isLost = false;
    revision = state.revision;
  } catch {
    if (signal.aborted) {
      return;
    }
    isLost = true;
  }
  // Not before the page is the one that it is said of.
  if (!isLost) {
    bar.show(state);
  }
  bar.tell(isLost, page.status);
}

// What the server knows of the page: whose it is, what is wrong, what is hidden.
async function readState(signal) {
  const response = await fetch(`/.threatpress/state?path=${location.pathname}`, { signal });
  return response.json();
}

function follow([first]) {
  if (first && bar.follow.checked) {
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    first.scrollIntoView({ block: "center", behavior: isCalm ? "instant" : "smooth" });
  }
}

function start() {
  listening = new AbortController();
  listen(look, listening.signal);
  void look();
}

start();
document.addEventListener("visibilitychange", look);
// A page that waits behind the back button holds no connection; it comes back as it is by then.
addEventListener("pagehide", () => listening.abort());
addEventListener("pageshow", ({ persisted }) => persisted && start());
