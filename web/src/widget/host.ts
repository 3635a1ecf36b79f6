/** What loader and panel tell each other. Types only: the loader stays small. */

export type Theme = "auto" | "light" | "dark";

/** The `data-` attributes of the script tag. */
export interface Options {
  inbox: string;
  theme: Theme;
  side: "left" | "right";
  accent: string;
  /** Where the host explains what becomes of personal data. */
  privacy: string;
  /** Questions offered before the first message. */
  starters: string[];
  /** Text of the bubble beside the launcher, shown once a visit; none if empty. */
  preview: string;
  /** Whether the page's title tells of unread messages. */
  title: boolean;
  /** `ko`, `en`, or `auto`: the page's, then the browser's. */
  lang: string;
}

export interface Events {
  ready: undefined;
  open: undefined;
  close: undefined;
  unread: { count: number };
  state: { state: "bot" | "queue" | "agent" | "closed" };
  /** Never the text. */
  message: { direction: "in" | "out"; kind: string };
  /** A form was sent; `id` is that of the message that brought it. */
  form: { id: string };
  error: { code: string };
}

export interface Host {
  /** Where the script came from: the Sangdam server. */
  origin: string;
  options: Options;
  element: HTMLElement;
  shadow: ShadowRoot;
  /** The panel draws here. */
  root: HTMLElement;
  launcher: HTMLButtonElement;
  emit<K extends keyof Events>(event: K, detail: Events[K]): void;
  setUnread(count: number): void;
  close(): void;
  /** Name of the launcher, by whether the panel is open and how much is unread; replaced with the language. */
  words(open: boolean, unread: number): string;
  /** Say the name anew. */
  label(): void;
}

/** `message` is said as the customer's; `topic` goes along as `context.topic`. */
export interface Begin {
  message?: string;
  topic?: string;
}

export interface Panel {
  open(start?: Begin): void;
  close(): void;
  prefill(text: string): void;
  setContext(context: Record<string, unknown>): void;
  /** Forgets the conversation and what waits to be sent. */
  logout(): Promise<void>;
  /** Rejects, and nothing changes, where the token proves nothing. */
  identify(who: { token: string }): Promise<void>;
  setLanguage(lang: string): Promise<void>;
  destroy(): void;
}
