// Links to the places of a page, for those who want to send one.

import { element } from "./dom.js";

export function linkHeadings() {
  for (const heading of document.querySelectorAll("main :is(h2, h3, h4)[id]")) {
    if (!heading.querySelector(".heading-anchor") && !heading.classList.contains("visually-hidden")) {
      heading.append(anchor(heading.id, `Link to ${heading.textContent.trim()}`));
    }
  }
  for (const chart of document.querySelectorAll(".chart-block[id]")) {
    const title = chart.querySelector("figcaption strong");
    if (title && !title.querySelector(".heading-anchor")) {
      title.append(anchor(chart.id, `Link to the chart ${title.textContent.trim()}`));
    }
  }
}

function anchor(id, label) {
  return element("a", { class: "heading-anchor", href: `#${id}`, "aria-label": label, "data-scripted": "" }, "#");
}

// What an address points into is opened, now and whenever the reader follows a link within the page.
export function openTarget() {
  const open = () => {
    const target = document.getElementById(named(location.hash));
    for (let closed = target?.closest("details:not([open])"); closed; closed = closed.parentElement.closest("details:not([open])")) {
      closed.open = true;
    }
    target?.querySelector(":scope > details")?.setAttribute("open", "");
    target?.scrollIntoView();
  };
  addEventListener("hashchange", open);
  if (location.hash) {
    open();
  }
}

// The id that a fragment names. One that no address rightly has names nothing.
function named(fragment) {
  try {
    return decodeURIComponent(fragment.slice(1));
  } catch {
    return "";
  }
}
