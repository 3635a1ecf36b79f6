/** What parts of the page ask of each other: sheets, drawers, the composer, a place in the thread. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { PageName } from "./pages";
import type { Suggestion } from "./types";

export type SheetKind = "transfer" | "return" | "close";
export type PanelTab = "packet" | "assist" | "trace";

export interface ComposerHandle {
  focus(mode?: "reply" | "note"): void;
  /** At the caret, marked until edited, never sent by itself. */
  insert(text: string, source?: string): void;
  /** Files for the customer; they go with the next press of send. */
  attach(files: File[]): void;
}

export interface Ui {
  openSheet(kind: SheetKind): void;
  openPalette(): void;
  openShortcuts(): void;
  /** Shows a line of the open conversation, unfolding what hides it. */
  jump(seq: number): void;
  insert(suggestion: Suggestion): void;
  /** A ready-made text, which needs no mark. */
  insertText(text: string): void;
  /** Dropped on the conversation. */
  attach(files: File[]): void;
  setComposer(handle: ComposerHandle | null): void;
  showPanel(tab: PanelTab): void;
  closePanel(): void;
  openInbox(): void;
  askSignOut(): void;
  /** In the inbox, from whatever page; `whisper` goes into the note. */
  openCase(id: string, whisper?: boolean): void;
  openPage(page: PageName): void;
}

export const UiContext = createContext<Ui | null>(null);

export function useUi(): Ui {
  const ui = useContext(UiContext);
  if (!ui) throw new Error("outside of the workplace");
  return ui;
}
