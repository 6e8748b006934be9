// Where the reader is, and what of it no source tells: the focus, what is open, how far regions
// are scrolled. Taken before the page changes, and given back afterwards.

// At how many heights of the window something to hold on to is looked for.
const HEIGHTS = 12;

export class Position {
  // Gives back the position that the page was left in for a reload.
  static comeBack() {
    const { position, ...state } = history.state ?? {};
    if (position) {
      history.replaceState(state, "");
      Position.restore(JSON.parse(position), true);
    }
  }

  constructor() {
    this.top = scrollY;
    this.focus = places(":focus", ({ selectionStart, selectionEnd }) => [selectionStart, selectionEnd]);
    this.opened = places("main details", ({ open }) => open);
    this.scrolled = places("main [tabindex='0']", ({ scrollLeft, scrollTop }) => [scrollLeft, scrollTop]);
    this.anchors = scrollY > 0 ? anchors() : [];
  }

  leave() {
    history.replaceState({ ...history.state, position: JSON.stringify(this) }, "");
  }

  // Gives back what went with elements that are no more; after a reload, that is all of them.
  static restore({ focus, opened, scrolled, anchors, top }, reloaded) {
    each(opened, (details, open) => (details.open = open));
    each(scrolled, (region, [left, top]) => region.scrollTo(left, top));
    each(focus, (element, [start, end]) => {
      element.focus({ preventScroll: true });
      if (Number.isInteger(start)) {
        element.setSelectionRange(start, end);
      }
    });
    const anchor = anchors.find(({ element }) => element.isConnected);
    if (anchor || reloaded) {
      const moved = anchor ? anchor.element.getBoundingClientRect().top - anchor.top : top - scrollY;
      scrollBy({ top: moved, behavior: "instant" });
    }
  }
}

function each(places, give) {
  for (const { element, place, told } of places) {
    const found = element.isConnected ? undefined : find(place);
    if (found) {
      give(found, told);
    }
  }
}

function places(selector, tell) {
  return [...document.querySelectorAll(selector)].map((element) => ({ element, place: placeOf(element), told: tell(element) }));
}

// An element by the nearest id, and its number among its like below that.
function placeOf(element) {
  const root = element.closest("[id]");
  return [root?.id, element.localName, [...(root ?? document).getElementsByTagName(element.localName)].indexOf(element)];
}

function find([id, name, number]) {
  const root = id ? document.getElementById(id) : document;
  return number < 0 ? root : root?.getElementsByTagName(name)[number];
}

// What the reader sees, and how far below the upper edge of the window. First what begins within
// the window: it stays in place whatever changes in it.
function anchors() {
  const main = document.querySelector("main");
  const { left, width } = (main ?? document.body).getBoundingClientRect();
  const found = Array.from({ length: HEIGHTS }, (_, number) => document.elementFromPoint(left + width / 3, (innerHeight * (number + 0.5)) / HEIGHTS));
  const all = found.filter((element) => element !== main && main?.contains(element)).map((element) => ({ element, top: element.getBoundingClientRect().top }));
  return [...all.filter(({ top }) => top >= 0), ...all.filter(({ top }) => top < 0)];
}
