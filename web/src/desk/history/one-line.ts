/** One line of several conversations: the open one, which is here as a whole, and the others, page by page from their end. */
import { placed } from "../thread";
import type { Message } from "../types";
import type { PastLine } from "./types";

/**
 * Both in order of time. While there are older pages, nothing is shown that is older than what was loaded of the others:
 * lines never come in between what is on the screen already, they only come above it.
 */
export function oneLine(here: Message[], past: PastLine[], more: boolean): Message[] {
  const oldest = past[0];
  if (!oldest) return here;
  const from = more ? Date.parse(oldest.timestamp) : Number.NEGATIVE_INFINITY;
  const shown = here.filter((message) => Date.parse(message.timestamp) >= from);
  const all = [...past, ...shown].map((message, place) => ({ message, place, at: Date.parse(message.timestamp) }));
  return all.sort((a, b) => a.at - b.at || a.place - b.place).map(({ message }) => message);
}

/** Lines of both, each once; pages may overlap where two were asked for at once. */
export function mergePast(older: PastLine[], known: PastLine[]): PastLine[] {
  const seen = new Set(known.map(placed));
  return [...older.filter((line) => !seen.has(placed(line))), ...known];
}
