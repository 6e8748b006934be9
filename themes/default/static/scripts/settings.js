// How the site looks and which keys it listens to, as the reader wants it.

import { button, dialog, element } from "./dom.js";
import { keep, recall } from "./storage.js";

// The first choice of each is the site's own and is not kept.
const SETTINGS = [
  { key: "theme", label: "Colours", choices: [["", "Like the system"], ["light", "Light"], ["dark", "Dark"]] },
  { key: "density", label: "Rows of tables", choices: [["", "Compact"], ["comfortable", "Comfortable"]] },
  { key: "keys", label: "Single-key shortcuts", choices: [["", "On"], ["off", "Off"]] },
];

let opened;
let listed = [];

// `shortcuts` are the keys that the dialog lists: each with its `keys` and what it `does`.
export function offerSettings(shortcuts) {
  listed = shortcuts;
  const place = document.querySelector(".site-tools:not(:has(button))");
  place?.append(button("settings", "Settings", openSettings, { class: "button button-bare", "aria-haspopup": "dialog", "aria-keyshortcuts": "?" }));
}

export function openSettings() {
  opened ??= dialog("Settings and shortcuts", { id: "settings", class: "settings" }, ...SETTINGS.map(field), shortcuts());
  opened.showModal();
}

function field({ key, label, choices }) {
  const now = recall(key) ?? "";
  const options = choices.map(([value, word]) => {
    const radio = element("input", { type: "radio", name: `setting-${key}`, value });
    radio.checked = value === now;
    radio.addEventListener("change", () => choose(key, value));
    return element("label", { class: "choice" }, radio, ` ${word}`);
  });
  return element("fieldset", {}, element("legend", {}, label), element("div", { class: "choices" }, ...options));
}

function choose(key, value) {
  keep(key, value || null);
  if (value) {
    document.documentElement.dataset[key] = value;
  } else {
    delete document.documentElement.dataset[key];
  }
}

function shortcuts() {
  const lines = listed.map(({ keys, does }) =>
    element("div", {}, element("dt", {}, ...keys.flatMap((key) => [element("kbd", {}, key), " "])), element("dd", {}, does)),
  );
  return element("section", {}, element("h3", {}, "Keys"), element("dl", { class: "keys" }, ...lines));
}
