/** Lines of a trace as turns: what a customer said, and what came of it. */
import type { TraceLine } from "./calls";

export interface Turn {
  /** Null for what happened before anybody spoke. */
  said: TraceLine | null;
  lines: TraceLine[];
}

/** Newest first, so that what happens now is on top; within a turn in order. Inner values only if they are wanted. */
export function turnsOf(lines: TraceLine[], inner: boolean): Turn[] {
  const turns: Turn[] = [];
  for (const line of lines) {
    if (line.kind === "customer") turns.push({ said: line, lines: [] });
    else if (inner || line.kind !== "inner") {
      if (!turns.length) turns.push({ said: null, lines: [] });
      turns.at(-1)?.lines.push(line);
    }
  }
  return turns.reverse();
}
