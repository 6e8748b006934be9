// What one page says, read without a browser, and what is wrong with it.

import { parse } from "parse5";

export function readDocument(html) {
  const elements = [];
  const walk = (node) => {
    if (node.tagName) {
      elements.push({
        name: node.tagName,
        attributes: new Map(node.attrs.map((attribute) => [attribute.name, attribute.value])),
        text: () => textOf(node).replace(/\s+/g, " ").trim(),
      });
    }
    for (const child of node.childNodes ?? []) {
      walk(child);
    }
  };
  walk(parse(html));
  return { doctype: /^<!doctype html>/i.test(html), elements };
}

function textOf(node) {
  return node.nodeName === "#text" ? node.value : (node.childNodes ?? []).map(textOf).join("");
}

export function ids(page) {
  return page.elements.flatMap((element) => element.attributes.get("id") ?? []);
}

export function title(page) {
  return page.elements.find((element) => element.name === "title")?.text() ?? "";
}

// Every address that the page names, and what for: a reader follows it (a link), the browser
// fetches it to show the page (a resource), or it only stands there for machines (a mention).
export function addresses(page) {
  const found = [];
  for (const { name, attributes } of page.elements) {
    const add = (attribute, kind) => {
      const value = attributes.get(attribute);
      if (value !== undefined) {
        found.push({ value, kind, from: `<${name} ${attribute}>` });
      }
    };
    const leads = name === "a" || name === "area";
    if (leads || name === "link") {
      const rel = (attributes.get("rel") ?? "").split(/\s+/);
      const named = name === "link" && rel.some((word) => ["alternate", "canonical", "next", "prev"].includes(word));
      add("href", leads ? "link" : named ? "mention" : "resource");
    } else if (["image", "use"].includes(name)) {
      add("href", "resource");
    }
    add("src", "resource");
    add("poster", "resource");
    add("action", "link");
    for (const candidate of (attributes.get("srcset") ?? "").split(",").filter((text) => text.trim())) {
      found.push({ value: candidate.trim().split(/\s+/)[0], kind: "resource", from: `<${name} srcset>` });
    }
    if (name === "meta" && /^refresh$/i.test(attributes.get("http-equiv") ?? "")) {
      const target = /url=(.*)$/i.exec(attributes.get("content") ?? "");
      if (target) {
        found.push({ value: target[1].trim(), kind: "link", from: "<meta refresh>" });
      }
    }
  }
  return found;
}

const REFERENCES = ["aria-labelledby", "aria-describedby", "aria-controls", "aria-details", "for", "headers"];

// What every page has to be, whatever it shows.
export function structureProblems(page) {
  const problems = [];
  const named = (name) => page.elements.filter((element) => element.name === name);
  const expect = (holds, message) => holds || problems.push(message);

  expect(page.doctype, "does not begin with <!doctype html>");
  expect(/^[a-z]{2,3}(-|$)/i.test(named("html")[0]?.attributes.get("lang") ?? ""), "<html> has no lang");
  expect(title(page) !== "", "has no title");
  const headings = named("h1");
  expect(headings.length === 1, `has ${headings.length} h1`);
  expect(headings.every((heading) => heading.text() !== ""), "has an empty h1");
  expect(named("main").length === 1, `has ${named("main").length} main`);
  expect(named("meta").some((meta) => meta.attributes.get("name") === "viewport"), "has no viewport");

  const known = ids(page);
  const twice = new Set(known.filter((id, index) => known.indexOf(id) !== index));
  for (const id of twice) {
    problems.push(`has the id "${id}" twice`);
  }
  for (const { name, attributes } of page.elements) {
    for (const attribute of REFERENCES) {
      for (const id of (attributes.get(attribute) ?? "").split(/\s+/).filter(Boolean)) {
        expect(known.includes(id), `<${name} ${attribute}> names "${id}", which is not on the page`);
      }
    }
    expect(!attributes.has("style"), `<${name}> has a style attribute`);
    for (const attribute of attributes.keys()) {
      expect(!/^on/.test(attribute), `<${name}> has the handler ${attribute}`);
    }
  }
  expect(named("style").length === 0, "has a <style> element");
  for (const script of named("script")) {
    expect(script.attributes.has("src"), "has an inline script");
  }
  expect(named("base").length === 0, "has a <base>, which the policy forbids");

  // Where there is something to skip, the first thing that takes the focus skips it.
  if (named("nav").length > 0) {
    const first = page.elements.find((element) => element.name === "a" || element.name === "button");
    const target = first?.attributes.get("href") ?? "";
    const main = named("main")[0]?.attributes.get("id");
    expect(main !== undefined && target === `#${main}`, "its first link does not skip to main");
  }
  return problems;
}
