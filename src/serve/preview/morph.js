// Brings the page from one version of its source to the next by changing what differs. Three trees
// are compared: the source the page was made of, the new source, and the page. Where the page is as
// its source says, the difference is made in it. What a script has worked on (a heading with a link
// to itself, a table with filters) is replaced whole if its source changed, and else left alone.

import { PART } from "./dom.js";

// How many nodes ahead an equal one is looked for.
const FARTHEST = 200;

// Returns the elements that are new or changed, in the order of the page; nothing where the body is
// so unlike its source that it has to be loaded.
export function morph(live, before, after) {
  const children = own(live);
  if (children.length !== before.childNodes.length || !children.every((child, at) => child.nodeName === before.childNodes[at].nodeName)) {
    return undefined;
  }
  const changed = new Set();
  mergeElement(live, before, after, changed);
  const order = (a, b) => (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_PRECEDING ? 1 : -1);
  return [...changed].filter((element) => element.isConnected).sort(order);
}

function merge(live, before, after, changed) {
  if (before.isEqualNode(after)) {
    return;
  }
  if (live instanceof Element ? isAsIn(before, live) : live.data === before.data) {
    (live instanceof Element ? mergeElement : mergeText)(live, before, after, changed);
  } else {
    const made = document.importNode(after, true);
    live.replaceWith(made);
    changed.add(elementOf(made));
  }
}

function elementOf(node) {
  return node instanceof Element ? node : node.parentElement;
}

// Changes the middle that differs: a selection in the rest is kept.
function mergeText(live, { data: old }, { data: text }, changed) {
  const most = Math.min(old.length, text.length);
  let [start, end] = [0, 0];
  while (start < most && old[start] === text[start]) {
    start += 1;
  }
  while (end < most - start && old.at(-1 - end) === text.at(-1 - end)) {
    end += 1;
  }
  live.replaceData(start, old.length - start - end, text.slice(start, text.length - end));
  changed.add(live.parentElement);
}

// `live` has a child for each of `before`'s, in the same order.
function mergeElement(live, before, after, changed) {
  for (const name of new Set([...before.getAttributeNames(), ...after.getAttributeNames()])) {
    const value = after.getAttribute(name);
    if (value !== before.getAttribute(name)) {
      value === null ? live.removeAttribute(name) : live.setAttribute(name, value);
      changed.add(live);
    }
  }
  const nodes = own(live);
  const end = nodes.at(-1)?.nextSibling ?? null;
  let next = 0;
  const removeUpTo = (number) => {
    for (; next < number; next += 1) {
      // What is gone is best seen by what stands in its place.
      changed.add(nodes[next].nextElementSibling ?? live);
      nodes[next].remove();
    }
  };
  const [old, young] = [[...before.childNodes], [...after.childNodes]];
  align(old, young).forEach((from, number) => {
    if (from === undefined) {
      changed.add(elementOf(live.insertBefore(document.importNode(young[number], true), nodes[next] ?? end)));
    } else {
      removeUpTo(from);
      next += 1;
      merge(nodes[from], old[from], young[number], changed);
    }
  });
  removeUpTo(nodes.length);
}

// The children that come from the source. To the end of the body scripts may add what has no place
// of its own, a dialog for instance; elsewhere what they add makes an element theirs.
function own(parent) {
  const strange = parent === document.body ? `.${PART}, [data-scripted]` : `.${PART}`;
  return [...parent.childNodes].filter((node) => !(node instanceof Element && node.matches(strange)));
}

// Whether no script has changed the element or its list of children. What a reader opened is no change.
function isAsIn(source, live) {
  const names = (element) => element.getAttributeNames().filter((name) => name !== "open" || element.localName !== "details");
  const children = own(live);
  return (
    names(source).length === names(live).length &&
    names(source).every((name) => live.getAttribute(name) === source.getAttribute(name)) &&
    children.length === source.childNodes.length &&
    children.every(({ nodeName, data }, at) => nodeName === source.childNodes[at].nodeName && data === source.childNodes[at].data)
  );
}

// For each of the young the number of the old node it goes on from, in rising order: an equal one,
// or else one of the same kind in the gap between two that have equals.
function align(old, young) {
  const from = Array.from(young, () => undefined);
  let [start, end] = [0, 0];
  const most = Math.min(old.length, young.length);
  for (; start < most && old[start].isEqualNode(young[start]); start += 1) {
    from[start] = start;
  }
  for (; end < most - start && old.at(-1 - end).isEqualNode(young.at(-1 - end)); end += 1) {
    from[young.length - 1 - end] = old.length - 1 - end;
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
