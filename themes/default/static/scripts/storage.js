// What the reader chose, kept in the browser where it lets pages keep anything.

const PREFIX = "threatpress.";

export function recall(key) {
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

// Keeps a choice; `null` forgets it.
export function keep(key, value) {
  try {
    if (value === null) {
      localStorage.removeItem(PREFIX + key);
    } else {
      localStorage.setItem(PREFIX + key, value);
    }
  } catch {
    // It holds for this page only.
  }
}
