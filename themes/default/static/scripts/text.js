// How texts are compared: without regard to case, accents and the brackets that defang.

const collator = new Intl.Collator(document.documentElement.lang || undefined, { numeric: true });

// The order of two texts in the language of the page.
export const compare = collator.compare;

export function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

// An indicator as it was before it was defanged, for comparing and never for showing.
export function bare(text) {
  return fold(text.trim())
    .replace(/\[(\.|:|@|:\/\/)\]/g, "$1")
    .replace(/\(\.\)|\[dot\]|\(dot\)/g, ".")
    .replace(/\bhxxp/g, "http")
    .replace(/\bfxp/g, "ftp");
}

// "1 row", "2 rows", with thin spaces between thousands as everywhere on the site.
export function counted(number, one, many) {
  return `${grouped(number)} ${number === 1 ? one : many}`;
}

export function grouped(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}
