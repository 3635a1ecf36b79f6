/** Names of languages, and which one the customer speaks. */
import { spoken } from "../text";
import type { Message } from "../types";

/** Of BCP 47: nobody could tell which. */
const UNKNOWN = "und";

/** "영어", "English"; empty for one that has no name. */
export function languageName(code: string): string {
  if (!code || code === UNKNOWN) return "";
  try {
    return new Intl.DisplayNames([spoken()], { type: "language", fallback: "none" }).of(code) ?? "";
  } catch {
    return "";
  }
}

/** The language of the customer's last words; empty where it is the agents' own or unknown. A bare "OK" or number tells nothing. */
export function customersLanguage(messages: Message[]): string {
  for (let at = messages.length - 1; at >= 0; at -= 1) {
    const message = messages[at];
    if (message?.speaker.kind !== "customer") continue;
    const code = message.translation?.language ?? message.language;
    if (code) return languageName(code) ? code : "";
    if (/[가-힣]{2}/.test(message.text)) return "";
  }
  return "";
}
