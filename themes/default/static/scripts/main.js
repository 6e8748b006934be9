// Everything that a page can do with scripts and could not without. Each part finds what it works
// on and leaves the page alone where there is nothing; none of them adds words that a reader
// without scripts would miss.

import { showAge } from "./age.js";
import { linkHeadings, openTarget } from "./anchors.js";
import { offerCopies } from "./copy.js";
import { foldWhatStandsBeside } from "./fold.js";
import { SHORTCUTS, listenForKeys } from "./keys.js";
import { followReading } from "./reading.js";
import { offerSearch, renewSearch } from "./search.js";
import { offerSettings } from "./settings.js";
import { upgradeTables } from "./tables.js";

// Each of these passes over what it has worked on before.
const parts = [foldWhatStandsBeside, showAge, upgradeTables, linkHeadings, offerCopies, offerSearch, () => offerSettings(SHORTCUTS), followReading];

function run(parts) {
  for (const part of parts) {
    try {
      part();
    } catch (error) {
      // A part that fails takes no other with it.
      console.error(error);
    }
  }
}

run([...parts, listenForKeys, openTarget]);

// A preview has put a newer text into the page. Taking the event tells it that the page need not
// be loaded anew for its scripts' sake.
addEventListener("threatpress:changed", (event) => {
  event.preventDefault();
  run([...parts, renewSearch]);
});
