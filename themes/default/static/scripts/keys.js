// Single keys, and pairs of them, that lead somewhere. They can be turned off, and never act
// where a reader types or together with a modifier, which belongs to the browser.

import { ROOT } from "./dom.js";
import { openSearch } from "./search.js";
import { openSettings } from "./settings.js";

export const SHORTCUTS = [
  { keys: ["/"], does: "Search", act: openSearch },
  { keys: ["g", "d"], does: "Dashboard", act: () => visit("") },
  { keys: ["g", "t"], does: "Threats", act: () => visit("threats/") },
  { keys: ["g", "q"], does: "Technique matrix", act: () => visit("techniques/matrix/") },
  { keys: ["["], does: "Previous tab of a report", act: () => tab(-1) },
  { keys: ["]"], does: "Next tab of a report", act: () => tab(1) },
  { keys: ["?"], does: "This list", act: openSettings },
  { keys: ["Esc"], does: "Close a dialog", act: () => {} },
];
// How long the first key of a pair waits for the second.
const PATIENCE = 1500;

export function listenForKeys() {
  let first = { key: "", at: -Infinity };
  document.addEventListener("keydown", (event) => {
    if (!isFree(event)) {
      return;
    }
    const now = performance.now();
    const pair = now - first.at < PATIENCE ? `${first.key} ${event.key}` : "";
    first = { key: event.key, at: now };
    const found = SHORTCUTS.find(({ keys }) => keys.join(" ") === pair) ?? SHORTCUTS.find(({ keys }) => keys.join(" ") === event.key);
    if (found) {
      event.preventDefault();
      first.at = -Infinity;
      found.act();
    }
  });
}

function isFree(event) {
  const typing = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]");
  const off = document.documentElement.dataset.keys === "off";
  return !(off || typing || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]"));
}

function visit(path) {
  location.assign(new URL(path, ROOT));
}

function tab(step) {
  const tabs = [...document.querySelectorAll(".tabs a")];
  tabs[tabs.findIndex((link) => link.ariaCurrent === "page") + step]?.click();
}
