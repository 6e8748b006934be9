// The preview in the browser: keeps the page at its newest version, and says whose view it is. The
// server puts it into the pages that it shows; it is no part of any build.

import { Bar } from "./bar.js";
import { Page } from "./page.js";
import { Stream, readState } from "./stream.js";

const bar = new Bar();
const page = new Page(follow);
const stream = new Stream(hear);
let revision = Page.revision();
let isLost = false;
// What comes while nobody looks is shown when somebody does.
let isDue = false;
let shown;
let asking;

function hear({ kind, value }) {
  const wasLost = isLost;
  isLost = kind === "lost";
  bar.tell(isLost, page.status);
  if (kind === "problem") {
    void ask();
  } else if (!isLost) {
    const isNews = wasLost || kind === "revision" || (revision !== undefined && value !== revision);
    revision = value;
    if (isNews) {
      refresh();
    }
  }
}

function refresh() {
  isDue = document.hidden;
  if (!isDue) {
    shown = page.refresh();
    void ask();
  }
}

// Asks how things stand, and shows it once the page is the one that it is said of.
async function ask() {
  asking?.abort();
  const { signal } = (asking = new AbortController());
  try {
    const [state] = await Promise.all([readState(signal), shown]);
    if (!signal.aborted) {
      bar.show(state);
      bar.tell(isLost, page.status);
    }
  } catch (error) {
    // Cut off by a newer question, or by the server's end, of which the stream tells.
    console.debug(error);
  }
}

function follow([first]) {
  if (bar.follow.checked) {
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    first.scrollIntoView({ block: "center", behavior: isCalm ? "instant" : "smooth" });
  }
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) {
    stream.ask();
    if (isDue) {
      refresh();
    }
  }
});
// A page that waits behind the back button holds no connection; it is shown as it is by then.
addEventListener("pagehide", () => stream.stop());
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) {
    stream.start();
    refresh();
  }
});
stream.start();
void ask();
