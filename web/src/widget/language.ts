/** Which language the widget speaks, and bringing another one. What the assistant says is the assistant's business. */
import { write } from "../shared/formats";
import type { Host } from "./host";
import { TEXT, speak } from "./texts";

/** The language that is wanted, of those that there are. */
export function languageOf(wanted: string): "ko" | "en" {
  const found = wanted === "auto" ? document.documentElement.lang || navigator.language : wanted;
  return /^en/i.test(found) ? "en" : "ko";
}

export async function setLanguage(host: Host, wanted: string): Promise<void> {
  const language = languageOf(wanted);
  if (language === TEXT.lang) return;
  speak(language === "en" ? (await import("./languages/en")).ENGLISH : undefined);
  write(language);
  host.words = (open, unread) => (open ? TEXT.close : TEXT.launcher + (unread ? TEXT.unreadName(unread) : ""));
  host.label();
}
