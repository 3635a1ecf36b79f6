/** The shapes of docs/reference/web-chat.md. */

export interface Speaker {
  kind: "customer" | "bot" | "agent" | "system";
  name: string;
}

export interface Button {
  title: string;
  payload: string;
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
}

export interface State {
  owner: "bot" | "queue" | "agent" | "closed";
  agent: { name: string } | null;
  queue: { position: number | null; wait: { min: number; max: number } | null } | null;
  hours: { open: boolean; text: string } | null;
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
}
