// Elements, made without markup: the page's policy lets no text become any.

// The root of the build, wherever it is served.
export const ROOT = new URL("../../", import.meta.url);

// An element with attributes and children. `false` leaves an attribute out.
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value !== false) {
      made.setAttribute(attribute, value);
    }
  }
  made.append(...children);
  return made;
}

// A picture beside a word, which says all that the picture does.
export function icon(name) {
  return element("span", { class: `icon icon-${name}`, "aria-hidden": "true" });
}

// A button that scripts add. A word beside its picture may be left to assistive technology.
export function button(picture, label, press, attributes = {}) {
  const made = element("button", { type: "button", "data-scripted": "", ...attributes });
  made.append(...(picture ? [icon(picture)] : []), element("span", { class: "button-label" }, label));
  made.addEventListener("click", press);
  return made;
}

// A dialog with a heading and a button that closes it.
export function dialog(title, attributes, ...children) {
  const id = `${attributes.id}-title`;
  const made = element("dialog", { "aria-labelledby": id, "data-scripted": "", ...attributes });
  const close = button("close", "Close", () => made.close(), { class: "button button-bare" });
  const head = element("div", { class: "dialog-head" }, element("h2", { id }, title), close);
  made.append(head, ...children);
  // A press on the backdrop is a press on the dialog itself, outside its content.
  made.addEventListener("click", (event) => event.target === made && made.close());
  document.body.append(made);
  return made;
}

let region;

// Tells those who cannot see it what has changed, once they have heard what they were listening to.
export function announce(text) {
  region ??= document.body.appendChild(
    element("p", { class: "visually-hidden", role: "status", "data-scripted": "" }),
  );
  // The same words twice are told twice.
  region.textContent = region.textContent === text ? `${text}\u00a0` : text;
}
