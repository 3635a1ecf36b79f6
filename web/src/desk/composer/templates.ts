/** Ready-made replies by `/` at the start of a word. */
import { matches } from "../match";
import type { Template } from "../types";

export interface Slash {
  /** Where the mark stands. */
  from: number;
  /** The caret. */
  to: number;
  /** What was typed after it. */
  typed: string;
}

const MOST = 20;

const WORDS = { "/": /(^|\s)\/([^\s/]*)$/, "@": /(^|\s)@([^\s@]*)$/ };

/** The word with that mark that ends at the caret, null if there is none. */
export function slashAt(text: string, caret: number, mark: "/" | "@" = "/"): Slash | null {
  const before = text.slice(0, caret);
  const found = WORDS[mark].exec(before);
  if (!found) return null;
  const typed = found[2] ?? "";
  return typed.length > MOST ? null : { from: caret - typed.length - 1, to: caret, typed };
}

/** Templates that fit by shortcode or title; those whose shortcode begins so come first. */
export function findTemplates(templates: Template[], typed: string): Template[] {
  const fits = templates.filter((one) => matches(one.shortcode, typed) || matches(one.title, typed));
  const first = (one: Template): number => (one.shortcode.startsWith(typed) ? 0 : 1);
  return fits.sort((a, b) => first(a) - first(b));
}
