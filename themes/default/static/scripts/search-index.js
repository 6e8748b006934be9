// The search index of the build, fetched piece by piece: what a query does not touch stays where
// it is. docs/architecture.md tells how the pieces are made.

import { ROOT } from "./dom.js";
import { bare } from "./text.js";

const pieces = new Map();

// A file of the index, fetched once. A failure is forgotten, so that the next query tries again.
function piece(path) {
  if (!pieces.has(path)) {
    const fetched = fetch(new URL(`search/${path}.json`, ROOT)).then((response) => {
      if (!response.ok) {
        throw new Error(`${path}: ${response.status}`);
      }
      return response.json();
    });
    fetched.catch(() => pieces.delete(path));
    pieces.set(path, fetched);
  }
  return pieces.get(path);
}

// From now on everything is fetched anew.
export const forget = () => pieces.clear();

// What there is: how many documents, and which shards.
export const summary = () => piece("index");

// The terms that begin like a word, each with its documents: pairs of number and weight.
export async function terms(word) {
  const shard = shardOf(word);
  if (word.length < 2 || !(await summary()).terms.includes(shard)) {
    return [];
  }
  return Object.entries(await piece(`terms/${shard}`)).map(([term, postings]) => ({ term, hits: unpacked(postings) }));
}

// The ids and indicators that begin like a text, each with its documents.
export async function ids(text) {
  const shard = shardOf(text);
  if (text.length < 2 || !(await summary()).ids.includes(shard)) {
    return [];
  }
  const held = await piece(`ids/${shard}`);
  const list = (of, isIndicator, isStricter) =>
    Object.entries(of).map(([id, documents]) => ({ id, plain: bare(id), documents, isIndicator, isStricter }));
  return [...list(held.ids, false, false), ...list(held.indicators, true, false), ...list(held.stricter, true, true)];
}

// Documents by their numbers.
export async function documents(numbers) {
  const { chunk } = await summary();
  const chunks = new Map();
  await Promise.all(
    [...new Set(numbers.map((number) => Math.floor(number / chunk)))].map(async (at) => chunks.set(at, await piece(`documents/${at}`))),
  );
  return numbers.map((number) => {
    const [kind, title, path, note] = chunks.get(Math.floor(number / chunk))[number % chunk];
    return { number, kind, title, path, note };
  });
}

// A shard is named after the first two characters; others than a-z and 0-9 stand as their codes.
function shardOf(text) {
  return [...text]
    .slice(0, 2)
    .map((character) => (/[a-z0-9]/.test(character) ? character : `u${character.codePointAt(0).toString(16)}`))
    .join("");
}

// Numbers are kept as steps from one to the next.
function unpacked(postings) {
  const hits = [];
  for (let at = 0, number = 0; at < postings.length; at += 2) {
    number += postings[at];
    hits.push([number, postings[at + 1]]);
  }
  return hits;
}
