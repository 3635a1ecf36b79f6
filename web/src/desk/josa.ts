/** Particles that fit the word before them. */
import { josa } from "es-hangul";

export type Particle = "이/가" | "을/를" | "은/는" | "으로/로" | "와/과";

/** "김민지가", "박준을". */
export function attachWord(word: string, particle: Particle): string {
  return josa(word, particle);
}
