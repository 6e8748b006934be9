// What the preview adds to a page, made without markup: the page's policy lets no text become any.

// The mark of everything that is no part of the page's source. It is not printed.
export const PART = "tp-preview-part";

// An element whose classes, given without it, all begin with `tp-preview-`. `false` leaves an attribute out.
export function element(name, { class: classes = "", ...attributes }, ...children) {
  const made = document.createElement(name);
  made.classList.add(...classes.split(" ").filter(Boolean).map((word) => `tp-preview-${word}`));
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value !== false) {
      made.setAttribute(attribute, value);
    }
  }
  made.append(...children);
  return made;
}

export function button(label, press, attributes = {}) {
  const made = element("button", { type: "button", class: "button", ...attributes }, label);
  made.addEventListener("click", press);
  return made;
}

// A box to tick whose choice `storage` keeps.
export function box(label, name, storage, changed) {
  const input = element("input", { type: "checkbox" });
  input.checked = recall(storage, name) === "yes";
  input.addEventListener("change", () => {
    keep(storage, name, input.checked ? "yes" : "");
    changed();
  });
  return [input, element("label", { class: "choice" }, input, ` ${label}`)];
}

export function counted(number, one) {
  return `${number} ${one}${number === 1 ? "" : "s"}`;
}

// The schemes by which editors open a file. For any other the server's word is not enough.
const EDITORS = /^(vscode|vscode-insiders|vscodium|cursor|windsurf|zed|idea|jetbrains|subl|txmt|mvim|emacs|nvim|nova):/i;

// A place in a file, with the link that opens it in the editor.
export function placeInFile({ file, line, column, open }) {
  const place = element("span", { class: "place" }, [file, line, column].filter((part) => part != null).join(":"));
  return EDITORS.test(open ?? "") ? [place, " ", element("a", { href: open }, "Open in the editor")] : [place];
}

// What is kept for this browser ("localStorage") or this tab ("sessionStorage"), where pages may.
export function recall(storage, name) {
  try {
    return globalThis[storage].getItem(`threatpress.preview.${name}`);
  } catch {
    return null;
  }
}

export function keep(storage, name, value) {
  try {
    globalThis[storage].setItem(`threatpress.preview.${name}`, value);
  } catch {
    // It holds for this page only.
  }
}
