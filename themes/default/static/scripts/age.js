// How old the data is by the reader's clock. The page itself says only when it was taken.

import { icon } from "./dom.js";

const WORDS = { fresh: "Fresh", ageing: "Ageing", stale: "Stale" };

export function showAge() {
  const chip = document.querySelector("[data-age-of]");
  const state = document.documentElement.dataset.age;
  if (!chip || !(state in WORDS)) {
    return;
  }
  const age = ago(Date.now() - Date.parse(chip.dataset.ageOf));
  if (chip.hidden) {
    chip.classList.add(`age-${state}`);
    chip.append(icon(state), ` ${WORDS[state]}, ${age}`);
    chip.hidden = false;
  }
  for (const place of document.querySelectorAll("[data-age-text]")) {
    place.textContent = age;
  }
  if (state === "stale" && !document.title.startsWith("Stale: ")) {
    document.title = `Stale: ${document.title}`;
  }
}

// "3 hours old". A clock that runs behind the data's says so little that it says nothing.
export function ago(milliseconds) {
  const hours = Math.floor(milliseconds / 3_600_000);
  if (hours < 1) {
    return "less than an hour old";
  }
  const [number, unit] = hours < 48 ? [hours, "hour"] : [Math.floor(hours / 24), "day"];
  return `${number} ${unit}${number === 1 ? "" : "s"} old`;
}
