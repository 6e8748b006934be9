// How texts are compared: without regard to case, accents and the brackets that defang.

const collator = new Intl.Collator(document.documentElement.lang || undefined, { numeric: true });

// The order of two texts in the language of the page.
export const compare = collator.compare;

export function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

// An indicator as it was before it was defanged (`src/terms/defang.rs`). Pages never hold it so.
export function live(text) {
  return text
    .replace(/\[([.:@])\]/g, "$1")
    .replace(/[a-z\d]+(?=:\/\/)/gi, (scheme) => scheme.replace("hxxp", "http").replace("fxp", "ftp"));
}

// A text for comparing: folded, live however it was defanged, and without spaces between thousands.
export function bare(text) {
  const folded = fold(text.trim()).replace(/(?<=\d)\u202f(?=\d)/g, "");
  return live(folded.replaceAll("[://]", "://").replace(/\(\.\)|\[dot\]|\(dot\)/g, "."));
}

// "1 row", "2 rows", with thin spaces between thousands as everywhere on the site.
export function counted(number, one, many) {
  return `${grouped(number)} ${number === 1 ? one : many}`;
}

export function grouped(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}
