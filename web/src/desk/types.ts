/** What the server says: docs/reference/desk-api.md. */
import type { Taken } from "../shared/upload";

export type Role = "agent" | "supervisor" | "admin";
export type AgentState = "available" | "call" | "wrapup" | "meal" | "break" | "training" | "away" | "offline";
export type CaseState = "queued" | "offered" | "agent" | "wrapup" | "callback" | "returned" | "closed";
export type Urgency = "normal" | "high" | "urgent";
export type MoodLabel = "positive" | "neutral" | "negative";

export interface User {
  id: string;
  username: string;
  name: string;
  role: Role;
  state: AgentState;
  state_since: string | null;
  /** What I hold at once: so many calls, or so many chats. */
  capacity: Load;
}

export interface Load {
  voice: number;
  chat: number;
}

export interface Person {
  id: string;
  name: string;
}

/** Somebody at the desk, and what routing knows of them. */
export interface Agent extends Person {
  state: AgentState;
  state_label: string;
  state_since: string | null;
  profile: {
    team: string;
    queues: string[];
    skills: Record<string, number>;
    languages: string[];
    voice: number | null;
    chat: number | null;
  };
}

export interface Case {
  id: string;
  conversation_id: string;
  state: CaseState;
  version: number;
  channel: string;
  customer: { name: string };
  reason: { code: string; text: string };
  urgency: Urgency;
  goal: string | null;
  created_at: string;
  waiting_since: string;
  accepted_at: string | null;
  closed_at: string | null;
  agent: Person | null;
  last_message: { speaker: string; text: string; timestamp: string | null } | null;
  sentiment: { label: MoodLabel; score: number } | null;
  unread: number;
  outcome: { code: string; note: string } | null;
  queue: string;
  skills: string[];
  segment: string;
  language: string;
  offered_to: Person | null;
  offer_expires_at: string | null;
  /** The colleague whom it was handed to by name, and who did so. */
  target: Person | null;
  handed_by: Person | null;
  last_agent: Person | null;
  answer_by: string | null;
  resolve_by: string | null;
  breached: ("answer" | "resolve")[];
  /** When a filed case goes into the queue. */
  due_at: string | null;
  message_left: boolean;
  tags: string[];
}

/** A target of the service level is about to be missed, or was. */
export interface ServiceLevel {
  case_id: string;
  queue: string;
  target: "answer" | "resolve";
  kind: "warning" | "breach";
}

export interface Citation {
  title: string;
  source: string;
  snippet: string;
  heading?: string[];
  page?: number | null;
  place?: string;
  url?: string | null;
}

export interface Understanding {
  intent: string | null;
  confidence: number;
  sentiment: { label: MoodLabel; score: number };
  out_of_scope: boolean;
  entities: { entity: string; text: string; value: unknown }[];
}

export type SpeakerKind = "customer" | "bot" | "agent" | "system" | "note";

export interface SentFile {
  id: string;
  name: string;
  media_type: string;
  size: number;
}

export interface Message {
  id: string;
  seq: number;
  speaker: { kind: SpeakerKind; name: string };
  text: string;
  timestamp: string;
  buttons: { title: string; payload: string }[];
  citations: Citation[];
  client_msg_id?: string | null;
  image?: string | null;
  elements?: { title: string }[];
  form?: { title: string };
  /** Of a customer: a file, with an id; of the bot: an address. */
  attachment?: SentFile | { type: string; payload: { src: string; title: string } };
  code?: string | null;
  understanding?: Understanding | null;
  /** Of a line that isn't in the agents' language. */
  language?: string | null;
  /** A customer's words in the agents' language; `problem` where that failed. */
  translation?: { language: string; text: string; problem: string } | null;
  /** What the agent wrote, where `text` is the translation that went out. */
  original?: string | null;
  /** Of a line of another conversation: the part of the history that it belongs to, and whether something in it is masked. */
  section?: string;
  masked?: boolean;
}

export interface SlotLine {
  name: string;
  label: string;
  value: unknown;
  source_seq: number | null;
  confirmed: boolean;
  source: string;
  type: string;
  choices: unknown[];
}

export interface MissingSlot {
  name: string;
  label: string;
  type: string;
  choices: unknown[];
}

export interface Suggestion {
  text: string;
  citations: Citation[];
}

export interface Packet {
  case_id: string;
  reason: { code: string; text: string };
  urgency: Urgency;
  customer: {
    id: string;
    name: string;
    segment: string;
    /** Whom the customer consists of, after merging. */
    members: string[];
    identities: { channel: string; id: string; verified: boolean }[];
  };
  channels: string[];
  goal: {
    flow: string;
    name: string;
    step: string;
    next: string | null;
    next_seq: number | null;
    done: number;
    total: number;
  } | null;
  slots: SlotLine[];
  missing_slots: MissingSlot[];
  summary: { label: string; text: string; seq: number | null }[];
  sentiment: { turns: { seq: number; label: MoodLabel; score: number }[]; trend: "better" | "same" | "worse" };
  answers_tried: {
    seq: number | null;
    question: string;
    text: string;
    outcome: string;
    citations: Citation[];
    feedback: string | null;
  }[];
  suggested_replies: Suggestion[];
  outcomes: { code: string; note: string; resolution: string; agent: string | null; at: string }[];
}

/** A place that fits a search: a line of a case, or the case itself where `seq` is null. */
export interface Hit {
  case: Case;
  seq: number | null;
  speaker: string | null;
  text: string;
  timestamp: string | null;
}

/** One case of a customer's past. */
export interface Contact {
  case: Case;
  score: number | null;
  comment: string;
}

export interface Survey {
  /** Whose work is judged. */
  about: "agent" | "bot";
  score: number | null;
  /** 0 to 10: how likely the customer recommends the company. */
  recommend: number | null;
  comment: string;
  skipped: boolean;
  at: string;
}

/** Somebody who is there now. */
export interface BoardAgent extends Agent {
  holds: Load;
  capacity: Load;
}

export interface BoardQueue {
  name: string;
  label: string;
  open: boolean;
  hours: string;
  waiting: number;
  longest_wait: number;
  talking: number;
  answered_in_time: number | null;
  resolved_in_time: number | null;
  promises_held: number | null;
  target: number;
  answer_within: number;
  resolve_within: number;
}

export interface Board {
  at: string;
  totals: {
    conversations: number;
    containment: number | null;
    abandoned: number | null;
    moods: Record<MoodLabel, number>;
  };
  queues: BoardQueue[];
  agents: BoardAgent[];
}

/** Who did what. */
export interface AuditRow {
  id: number;
  at: string;
  actor: Person;
  action: string;
  case_id: string | null;
  detail: Record<string, unknown>;
}

export interface Account {
  id: string;
  username: string;
  name: string;
  role: Role;
  disabled: boolean;
}

/** What config.yml says of the desk. */
export interface Setup {
  queues: {
    name: string;
    label: string;
    skills: string[];
    routing: string[];
    hours: string;
    week: Record<string, string>;
    holidays: string;
    closed_on: string[];
    answer_within: number;
    resolve_within: number;
    target: number;
    overflow: { after: number; to: string }[];
  }[];
  escalation: { name: string; settings: Record<string, unknown> }[];
  templates: Template[];
  capacity: Load;
  offer_seconds: number;
  take_from_queue: boolean;
}

export interface ReviewItem {
  key: string;
  text: string;
  intent: string;
  confidence: number;
  reasons: string[];
  count: number;
  variants: string[];
  at: string;
}

export interface Gap {
  question: string;
  times: number;
  conversations: number;
  reasons: Record<string, number>;
  last_at: string;
  nearest: [string, string] | null;
}

export interface KnowledgeDocuments {
  documents: string[];
  index: {
    building: boolean;
    documents: number | null;
    chunks: number | null;
    problems: { file: string; code: string; reason: string; remedy: string }[];
    problem: { [key: string]: string } | null;
  };
}

/** A site that is read on a schedule. */
export interface ScheduledCrawl {
  name: string;
  every: string | null;
  at: string | null;
  running: boolean;
  finished_at: string | null;
  next_at: string;
  new: number;
  unchanged: number;
  gone: number;
  failed: number;
  problems: { file: string; code: string; reason: string; remedy: string }[];
  problem: string;
}

/** What to look at before a reply goes out. */
export interface Warning {
  code: "personal_data" | "unkind" | "missed_question";
  text: string;
  seq: number | null;
}

export interface Callback {
  case_id: string;
  queue: string;
  slot_at: string;
  slot_end: string;
  booked: boolean;
  state: "booked" | "due" | "done" | "failed" | "cancelled";
  due_at: string;
  phone: string;
  topic: string;
  attempts: number;
  notes: string[];
}

export interface CallbackSlot {
  at: string;
  end: string;
  free: number;
}

export interface WrapupCode {
  code: string;
  label: string;
}

/** What the desk may do here. */
export interface Options {
  uploads: Taken | null;
  /** For so long a sent message can be called back; 0: it goes at once. */
  undo_seconds: number;
  /** Whether foreign customers' messages are translated, and replies to them. */
  translation: boolean;
}

export interface Template {
  shortcode: string;
  title: string;
  text: string;
}

export type Tab = "mine" | "waiting" | "all" | "callbacks" | "closed";
