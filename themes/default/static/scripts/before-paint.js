// The only script that holds the page back: what the reader chose, and whether the data is stale,
// is known before anything is drawn, so that nothing flashes or moves.
{
  const root = document.documentElement;
  for (const setting of ["theme", "density", "keys"]) {
    try {
      const chosen = localStorage.getItem(`threatpress.${setting}`);
      if (chosen) {
        root.dataset[setting] = chosen;
      }
    } catch {
      // Storage may be closed to pages; then every page begins with the defaults.
    }
  }
  const { asOf, freshHours, staleHours } = document.currentScript.dataset;
  if (asOf) {
    const hours = (Date.now() - Date.parse(asOf)) / 3_600_000;
    root.dataset.age = hours < Number(freshHours) ? "fresh" : hours < Number(staleHours) ? "ageing" : "stale";
  }
}
