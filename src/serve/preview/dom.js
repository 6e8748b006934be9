// What the preview adds to a page, made without markup: the page's policy lets no text become any.

// What bears this class is no part of the page's source, and is not printed.
export const PART = "tp-preview-part";

// An element. All its classes begin with `tp-preview-`, and are given without.
export function element(name, { class: classes = "", ...attributes } = {}, ...children) {
  const made = document.createElement(name);
  made.className = classes.replace(/\b[a-z]+\b/g, "tp-preview-$&");
  Object.entries(attributes).forEach(([attribute, value]) => made.setAttribute(attribute, value));
  made.append(...children);
  return made;
}

export function button(label, press, attributes = {}) {
  const made = element("button", { type: "button", class: "button", ...attributes }, label);
  made.addEventListener("click", press);
  return made;
}

// A box to tick, which stays as it is left.
export function box(label, name, changed) {
  const input = element("input", { type: "checkbox" });
  input.checked = recall(name) === "yes";
  input.addEventListener("change", () => {
    keep(name, input.checked ? "yes" : "");
    changed();
  });
  return [input, element("label", { class: "choice" }, input, ` ${label}`)];
}

export function counted(number, one) {
  return `${number} ${one}${number === 1 ? "" : "s"}`;
}

// Nothing that a browser would run or fetch. The server has the same rule; its word is not enough.
const EDITORS = /^(?!(javascript|data|blob|file|https?|ftp):)[a-z][a-z0-9+.-]*:\/\//;

// A place in a file, with the link that opens it in the editor.
export function placeInFile({ file, line, column, open }) {
  const place = element("span", { class: "place" }, [file, line, column].filter((part) => part != null).join(":"));
  return EDITORS.test(open ?? "") ? [place, " ", element("a", { href: open }, "Open in the editor")] : [place];
}

// Tells texts apart, and nothing of them.
export function digest(text) {
  return [...text].reduce((sum, one) => (Math.imul(sum, 31) + one.codePointAt(0)) | 0, 0);
}

// What is kept in the browser, where pages may keep anything.
const PREFIX = "threatpress.preview.";

export function recall(name) {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

export function keep(name, value) {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // It holds for this page only.
  }
}
