/** The shapes of docs/reference/web-chat.md. */

export interface Speaker {
  kind: "customer" | "bot" | "agent" | "system";
  name: string;
}

/** Says its payload, or opens an address. */
export interface Button {
  title: string;
  payload: string;
  url?: string;
}

/** A card; several of a message are a carousel. */
export interface Element {
  title: string;
  subtitle: string;
  image_url?: string;
  image_alt: string;
  buttons: Button[];
}

export interface FormField {
  slot: string;
  label: string;
  type: "text" | "textarea" | "phone" | "email" | "number" | "date" | "time" | "choice";
  required: boolean;
  help: string;
  choices: string[];
  max_length: number;
  days: number;
  /** 1 is Monday. */
  weekdays: number[];
  earliest: string;
  latest: string;
  step: number;
}

export interface Form {
  title: string;
  submit: string;
  fields: FormField[];
}

export type FormValues = Record<string, string>;

/** A file that the bot sends along, or one that the customer sent (then with an id of ours). */
export type Attachment =
  | { type: "image" | "video" | "audio" | "file"; payload: { src: string; title: string } }
  | SentFile;

export interface SentFile {
  id: string;
  name: string;
  media_type: string;
  size: number;
}

export interface Citation {
  title: string;
  source: string;
  snippet: string;
  document_id: string;
  chunk_id: string;
  heading: string[];
  page: number | null;
  /** Page, slide, row or message, as people say it; older messages have none. */
  place?: string;
  url: string;
}

export interface Message {
  id: string;
  seq: number;
  speaker: Speaker;
  text: string;
  timestamp: string;
  buttons: Button[];
  citations: Citation[];
  client_msg_id?: string;
  image?: string;
  elements?: Element[];
  attachment?: Attachment;
  form?: Form;
  /** `stopped`: the customer stopped it while it was written. */
  custom?: { stopped?: boolean };
  /** On a customer's message: the form that it fills in. */
  answer_to?: { message_id: string; values: FormValues };
}

export interface State {
  owner: "bot" | "queue" | "agent" | "closed";
  agent: { name: string } | null;
  queue: {
    position: number | null;
    wait: { min: number; max: number } | null;
    /** What can be done instead of waiting here; a choice's payload is said with its title. */
    choices?: (Button & { code: string })[];
  } | null;
  hours: { open: boolean; text: string } | null;
  /** Whether the customer may say how it was. */
  survey?: boolean;
  /** Whether the survey asks for a recommendation too. */
  recommend?: boolean;
}

export interface Sync {
  ok: true;
  conversation_id: string;
  messages: Message[];
  cursor: number;
  state: State;
}

export interface Problem {
  code: string;
  title: string;
  /** The same in English. */
  detail?: string;
  /** Of a form: a word for each slot that isn't right. */
  fields?: Record<string, string>;
}

export interface Refused {
  ok: false;
  error: Problem;
}

export type SaidAck = { ok: true; seq: number; id: string | null } | Refused;

export interface Typing {
  speaker: Speaker;
  on: boolean;
}

/** A message of the bot as far as it is written. */
export interface Piece {
  message_id: string;
  text: string;
  speaker: Speaker;
}

export interface Assistant {
  name: string;
  bot_name: string;
  greeting: string;
  notice: string;
}

export interface Session {
  token: string;
  conversation_id: string;
  expires_at: number;
  assistant: Assistant;
  /** Whether this server takes calls over `/voice/browser`. */
  voice: boolean;
  /** Files that this server takes; none if null. */
  uploads: { max_bytes: number; types: string[] } | null;
}
