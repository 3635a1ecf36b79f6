/** Particles that fit the word before them. */
import { josa } from "es-hangul";
import { spoken } from "./text";

export type Particle = "이/가" | "을/를" | "은/는" | "으로/로" | "와/과";

/** "김민지가", "박준을"; in English, which has none, the word as it is. */
export function attachWord(word: string, particle: Particle): string {
  return spoken() === "en" ? word : josa(word, particle);
}
