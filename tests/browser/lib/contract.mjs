// What the tests hold a build against, in one place.

// The policy that every page has to work under.
export const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

// The rules of axe that have to find nothing.
export const AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

export const TLP_LABEL = /^TLP:(RED|AMBER\+STRICT|AMBER|GREEN|CLEAR)$/;

// Upper bounds, compressed, in bytes.
export const PAGE_BUDGET = 60_000;
export const SCRIPT_BUDGET = 25_000;
export const SEARCH_BUDGET = 100_000;

// What the preview adds to a page, as it is sent.
export const WEIGHT_OF_PREVIEW = 36_000;
