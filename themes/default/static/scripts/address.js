// What a reader has done to a table, in the address of the page, so that it can be sent to
// somebody: `?sort=-exposed-devices&severity=High`. Where a page has several tables, each puts
// its id before its words: `?devices-exposed.sort=name`.

export class Address {
  constructor(prefix) {
    this.prefix = prefix ? `${prefix}.` : "";
  }

  read(word) {
    return new URL(location.href).searchParams.get(this.prefix + word) ?? "";
  }

  // Writes words; empty ones leave the address. The way back leads out of the page, not through
  // every letter that was typed.
  write(words) {
    const url = new URL(location.href);
    for (const [word, value] of Object.entries(words)) {
      if (value) {
        url.searchParams.set(this.prefix + word, value);
      } else {
        url.searchParams.delete(this.prefix + word);
      }
    }
    if (url.href !== location.href) {
      history.replaceState(history.state, "", url);
    }
  }
}
