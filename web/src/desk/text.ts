/** The desk in two languages. Korean texts stand where they are used and are the keys of the English ones. */
import { write } from "../shared/formats";
import { ENGLISH } from "./english";

export type Language = "ko" | "en";

let language: Language = "ko";

/** Speak another language from now on; what is shown must be rendered again. */
export function speak(wanted: Language): void {
  language = wanted;
  write(wanted);
}

export const spoken = (): Language => language;

/** The text in the language that is spoken, with `{name}` replaced by values. Without an English one it stays Korean. */
export function t(korean: string, values: Record<string, string | number> = {}): string {
  const text = language === "en" ? (ENGLISH[korean] ?? korean) : korean;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}
