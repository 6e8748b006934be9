// The files that a page is shown with. Their addresses stay when they change, so that only what is
// in them tells.

const NO_FILES = ["fetch", "xmlhttprequest", "beacon"];

export class Assets {
  known = new Map();
  renewed = 0;

  // The addresses of files that are not what they were when this was last asked.
  async changed(signal) {
    // All are read before any is taken as known: what is not told must not be forgotten.
    const found = await Promise.all(addresses().map(async (address) => [address, await read(address, signal)]));
    const changed = found.filter(([address, now]) => (this.known.get(address) ?? now) !== now);
    this.known = new Map([...this.known, ...found]);
    return changed.map(([address]) => address);
  }

  // Shows a file anew if that needs no reload, and returns whether. A style sheet takes the place
  // of the last one once it is there, so that the page is never without.
  renew(address) {
    const links = [...document.querySelectorAll("link[rel=stylesheet]")].filter(({ href }) => plain(href) === address);
    const images = [...document.images].filter(({ src }) => plain(src) === address);
    this.renewed += 1;
    const next = links[0]?.cloneNode();
    if (next) {
      next.href = `${address}?${this.renewed}`;
      next.addEventListener("load", () => links.forEach((link) => link.remove()));
      links.at(-1).after(next);
    }
    images.forEach((image) => (image.src = `${address}?${this.renewed}`));
    return links.length + images.length > 0;
  }
}

function addresses() {
  const files = performance.getEntriesByType("resource").filter(({ initiatorType }) => !NO_FILES.includes(initiatorType));
  const names = files.map(({ name }) => plain(name)).filter((name) => name.startsWith(`${location.origin}/`));
  return [...new Set(names)].filter((name) => !name.startsWith(`${location.origin}/.threatpress/`));
}

function plain(address) {
  return address.replace(/[?#].*/, "");
}

// A picture as text is no picture, but another text than the next one.
async function read(address, signal) {
  const response = await fetch(address, { signal });
  return response.text();
}
