// Fails with a list of what is wrong, one to a line.

const SHOWN = 40;

export function none(problems) {
  if (problems.length === 0) {
    return;
  }
  const lines = problems.slice(0, SHOWN).map((problem) => `  ${problem}`);
  if (problems.length > SHOWN) {
    lines.push(`  and ${problems.length - SHOWN} more`);
  }
  const error = new Error(`${problems.length} wrong:\n${lines.join("\n")}`);
  error.stack = error.message;
  throw error;
}
