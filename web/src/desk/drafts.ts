/** What was being written, kept in this browser: it survives reload, sign-out and moving between conversations. */
import type { Language } from "./text";
import type { Outgoing } from "./thread";

export interface Draft {
  reply: string;
  note: string;
  mode: "reply" | "note";
}

export const EMPTY: Draft = { reply: "", note: "", mode: "reply" };
const PREFIX = "sangdam.desk.";

function read<T>(key: string, otherwise: T): T {
  try {
    const kept = localStorage.getItem(PREFIX + key);
    return kept === null ? otherwise : (JSON.parse(kept) as T);
  } catch {
    return otherwise;
  }
}

function write(key: string, value: unknown): void {
  try {
    if (value === null) localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    // A full or forbidden storage must not stop the work; the text is still in the field.
  }
}

export const loadDraft = (user: string, of: string): Draft => read(`draft.${user}.${of}`, EMPTY);

export function saveDraft(user: string, of: string, draft: Draft): void {
  const empty = !draft.reply.trim() && !draft.note.trim();
  write(`draft.${user}.${of}`, empty ? null : draft);
}

export const loadOutbox = (user: string): Record<string, Outgoing[]> => read(`outbox.${user}`, {});

export function saveOutbox(user: string, outbox: Record<string, Outgoing[]>): void {
  // The bytes of a file have no place here.
  const words = Object.entries(outbox).map(([id, messages]) => [id, messages.filter(({ file }) => !file)] as const);
  const kept = words.filter(([, messages]) => messages.length > 0);
  write(`outbox.${user}`, kept.length ? Object.fromEntries(kept) : null);
}

/** What stands in an open sheet. */
export const loadSheet = (of: string, kind: string): Record<string, string> => read(`sheet.${kind}.${of}`, {});
export const saveSheet = (of: string, kind: string, values: Record<string, string> | null): void =>
  write(`sheet.${kind}.${of}`, values);

export interface Settings {
  language: Language;
  theme: "auto" | "light" | "dark";
  density: "comfortable" | "compact";
  sound: boolean;
  notices: boolean;
  singleKeys: boolean;
  /** Whether sent messages can be called back for a moment. */
  undo: boolean;
}

/** Korean, unless the browser says English first. */
function browserLanguage(): Language {
  return navigator.language.startsWith("en") ? "en" : "ko";
}

export const DEFAULTS: Settings = { language: browserLanguage(), theme: "auto", density: "comfortable", sound: false, notices: false, singleKeys: true, undo: true };
export const loadSettings = (): Settings => ({ ...DEFAULTS, ...read<Partial<Settings>>("settings", {}) });
export const saveSettings = (settings: Settings): void => write("settings", settings);
export const loadToken = (): string | null => read<string | null>("token", null);
export const saveToken = (token: string | null): void => write("token", token);

/** Emoji that were used last, the newest first. */
export const loadRecent = (): string[] => read("emoji", []);
export const saveRecent = (recent: string[]): void => write("emoji", recent);
