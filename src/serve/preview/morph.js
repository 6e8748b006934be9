// Brings the page from one version of its source to the next by changing what differs. Everything
// else stays as the reader and the theme's scripts have left it.
//
// Three trees are compared: the source that the page was made of, the new source, and the page. An
// element of the page that is as its source says is gone into. One that a script has worked on (a
// heading with a link to itself, a table with filters) is replaced whole where its source has
// changed, for the script to work on again, and left alone where it has not.

import { PART } from "./dom.js";

// How many nodes ahead an equal one is looked for.
const FARTHEST = 200;

// Returns the elements that are new or changed, in the order of the page; nothing where the body
// is so unlike its source that it has to be loaded.
export function morph(live, before, after) {
  const children = own(live);
  if (children.length !== before.childNodes.length || children.some((child, at) => child.nodeName !== before.childNodes[at].nodeName)) {
    return undefined;
  }
  const changed = new Set();
  mergeAttributes(live, before, after, changed);
  mergeChildren(live, before, after, changed);
  const follows = (a, b) => a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_PRECEDING;
  return [...changed].filter((element) => element.isConnected).sort((a, b) => (follows(a, b) ? 1 : -1));
}

function merge(live, before, after, changed) {
  if (before.isEqualNode(after)) {
    return;
  }
  if (live instanceof CharacterData && live.data === before.data) {
    mergeText(live, after.data);
    changed.add(live.parentElement);
  } else if (live instanceof Element && isAsIn(before, live)) {
    mergeAttributes(live, before, after, changed);
    mergeChildren(live, before, after, changed);
  } else {
    const made = document.importNode(after, true);
    live.replaceWith(made);
    changed.add(made instanceof Element ? made : made.parentElement);
  }
}

// Changes the middle that differs: a selection in the rest is kept.
function mergeText(live, text) {
  const old = live.data;
  const most = Math.min(old.length, text.length);
  let [start, end] = [0, 0];
  while (start < most && old[start] === text[start]) {
    start += 1;
  }
  while (end < most - start && old.at(-1 - end) === text.at(-1 - end)) {
    end += 1;
  }
  live.replaceData(start, old.length - start - end, text.slice(start, text.length - end));
}

function mergeAttributes(live, before, after, changed) {
  for (const name of new Set([...before.getAttributeNames(), ...after.getAttributeNames()])) {
    const value = after.getAttribute(name);
    if (value !== before.getAttribute(name)) {
      value === null ? live.removeAttribute(name) : live.setAttribute(name, value);
      changed.add(live);
    }
  }
}

// `live` has a child for each of `before`'s, in the same order.
function mergeChildren(live, before, after, changed) {
  const nodes = own(live);
  const end = nodes.at(-1)?.nextSibling ?? null;
  const [old, young] = [[...before.childNodes], [...after.childNodes]];
  let next = 0;
  const removeUpTo = (number) => {
    for (; next < number; next += 1) {
      // What is gone is best seen by what stands in its place.
      changed.add(nodes[next].nextElementSibling ?? live);
      nodes[next].remove();
    }
  };
  align(old, young).forEach((from, number) => {
    if (from === undefined) {
      const made = document.importNode(young[number], true);
      live.insertBefore(made, nodes[next] ?? end);
      changed.add(made instanceof Element ? made : live);
    } else {
      removeUpTo(from);
      next = from + 1;
      merge(nodes[from], old[from], young[number], changed);
    }
  });
  removeUpTo(nodes.length);
}

// The children that come from the source. To the end of the body scripts may add what stands in no
// place of the page, a dialog for instance; elsewhere what they add makes an element theirs.
function own(parent) {
  const strange = parent === document.body ? `.${PART}, [data-scripted]` : `.${PART}`;
  return [...parent.childNodes].filter((node) => !(node instanceof Element && node.matches(strange)));
}

// Whether no script has changed the element or its list of children. What the reader opened is no change.
function isAsIn(source, live) {
  const names = (element) => element.getAttributeNames().filter((name) => !(name === "open" && element.localName === "details"));
  const [told, children] = [names(source), own(live)];
  const isLike = (a, b) => a.nodeName === b.nodeName && (!(a instanceof CharacterData) || a.data === b.data);
  return (
    told.length === names(live).length &&
    told.every((name) => live.getAttribute(name) === source.getAttribute(name)) &&
    children.length === source.childNodes.length &&
    children.every((child, at) => isLike(child, source.childNodes[at]))
  );
}

// For each of the young the number of the old node it goes on from, in rising order: an equal one,
// or else one of the same kind in the gap between two that have equals.
function align(old, young) {
  const from = new Array(young.length);
  let [start, end] = [0, 0];
  while (start < old.length && start < young.length && old[start].isEqualNode(young[start])) {
    from[start] = start;
    start += 1;
  }
  while (end < old.length - start && end < young.length - start && old.at(-1 - end).isEqualNode(young.at(-1 - end))) {
    end += 1;
    from[young.length - end] = old.length - end;
  }
  const isEqual = (a, b) => a instanceof Element && a.isEqualNode(b);
  const isOfKind = (a, b) => a.nodeName === b.nodeName && a.id === b.id;
  for (const isMatch of [isEqual, isOfKind]) {
    let next = start;
    for (let number = start; number < young.length - end; number += 1) {
      if (from[number] === undefined) {
        const limit = from.find((at, other) => other > number && at !== undefined) ?? old.length;
        const found = old.slice(next, Math.min(limit, next + FARTHEST)).findIndex((node) => isMatch(node, young[number]));
        from[number] = found < 0 ? undefined : next + found;
      }
      next = (from[number] ?? next - 1) + 1;
    }
  }
  return from;
}
