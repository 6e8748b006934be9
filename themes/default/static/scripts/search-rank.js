// What a query finds, and in which order: ids that are meant exactly, then documents by how much
// of the query stands in them, and where.

import { documents, ids, summary, terms } from "./search-index.js";
import { bare, fold } from "./text.js";

// How much a term counts that only begins like the word, or is one typing mistake away from it.
const PREFIX = 0.6;
const TYPO = 0.35;
// Of shorter words every other word is one mistake away.
const TYPO_FROM = 4;
const MOST = 200;
const MOST_IDS = 12;

export function words(text) {
  return (fold(text).match(/[\p{Alphabetic}\p{N}]+/gu) ?? []).filter((word) => word.length > 1);
}

// { exact, found, near, marked }: documents named by the query, other documents, ids that come near
// a query that is none but could have been meant as one, and the terms to mark.
export async function search(query) {
  const asked = words(query);
  const [named, scored] = await Promise.all([byId(query), byWords(asked)]);
  const exact = await withDocuments(named.exact);
  // Where an id leads, too, that the query only begins, is told once.
  const begun = (await withDocuments([...named.exact, ...named.begun])).slice(exact.length);
  const known = new Set([...exact, ...begun].filter(({ kind }) => kind !== "indicator").map(({ number }) => number));
  const found = await documents([...scored.scores].sort(best).map(([number]) => number).filter((number) => !known.has(number)).slice(0, MOST));
  return { exact, found: [...begun, ...found], near: named.near, marked: scored.marked };
}

const best = ([one, a], [other, b]) => b - a || one - other;

async function byId(query) {
  const text = bare(query);
  const every = await ids(text);
  const exact = every.filter(({ plain }) => plain === text);
  // What travels less far than its report leads there when it is asked for, and is never offered.
  const all = every.filter(({ isStricter }) => !isStricter);
  const begun = all.filter(({ plain }) => plain !== text && plain.startsWith(text)).slice(0, MOST_IDS);
  const isMeant = exact.length + begun.length === 0 && /\d/.test(text);
  const near = (isMeant ? all : [])
    .map((one) => ({ one, distance: distance(one.plain, text, 3) }))
    .filter((candidate) => candidate.distance <= 3)
    .sort((a, b) => a.distance - b.distance || (a.one.id < b.one.id ? -1 : 1))
    .slice(0, 5)
    .map(({ one }) => one.id);
  return { exact, begun, near };
}

// An id leads to its own page and to the reports that name it; an indicator to its table there.
async function withDocuments(list) {
  const results = [];
  for (const { id, documents: numbers, isIndicator, isStricter } of list) {
    for (const document of await documents(numbers)) {
      const shown = isStricter ? { title: document.title, note: "lists it, more strictly labelled than the report" } : { title: id, note: document.title };
      results.push(isIndicator ? { ...document, kind: "indicator", ...shown, path: `${document.path}analyst-report/#indicators` } : document);
    }
  }
  const seen = new Set();
  return results.filter(({ path, title }) => !seen.has(path + title) && seen.add(path + title));
}

async function byWords(asked) {
  const { documents: count } = await summary();
  const perWord = await Promise.all(asked.map((word) => hitsOf(word, count)));
  const marked = new Set(perWord.flatMap(({ matched }) => matched));
  const scores = new Map();
  for (const { hits } of perWord) {
    for (const [number, score] of hits) {
      const so = scores.get(number) ?? { score: 0, words: 0 };
      scores.set(number, { score: so.score + score, words: so.words + 1 });
    }
  }
  // A document with every word is meant; only where there is none, those with most of them are.
  const most = Math.max(0, ...[...scores.values()].map((one) => one.words));
  return { scores: new Map([...scores].filter(([, one]) => one.words === most).map(([number, one]) => [number, one.score])), marked };
}

async function hitsOf(word, count) {
  const near = (await terms(word)).flatMap(({ term, hits }) => {
    const likeness = term === word ? 1 : term.startsWith(word) ? PREFIX : 0;
    return likeness > 0 ? { term, hits, likeness } : [];
  });
  const meant = near.length > 0 || word.length < TYPO_FROM ? near : await mistyped(word);
  const scores = new Map();
  for (const { hits, likeness } of meant) {
    const rarity = Math.log(1 + count / hits.length);
    for (const [number, weight] of hits) {
      scores.set(number, Math.max(scores.get(number) ?? 0, likeness * weight * rarity));
    }
  }
  return { hits: scores, matched: meant.map(({ term }) => term) };
}

async function mistyped(word) {
  const all = await terms(word);
  return all.filter(({ term }) => distance(term, word, 1) <= 1).map((one) => ({ ...one, likeness: TYPO }));
}

// How many letters have to be changed, added, left out or swapped with a neighbour to make one
// text the other; more than `limit` is told as `limit + 1`.
export function distance(one, other, limit) {
  if (Math.abs(one.length - other.length) > limit) {
    return limit + 1;
  }
  let before = [];
  let last = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + same);
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
        row[j] = Math.min(row[j], before[j - 2] + 1);
      }
    }
    if (Math.min(...row) > limit) {
      return limit + 1;
    }
    [before, last] = [last, row];
  }
  return Math.min(last[other.length], limit + 1);
}
