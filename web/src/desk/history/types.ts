import type { CaseState, Message } from "../types";

/** A line of another conversation of the same customer, personal data masked. */
export interface PastLine extends Message {
  masked: boolean;
  /** Key of the section that it belongs to. */
  section: string;
}

/** A part of the line: one conversation, and the case that it led to if any. */
export interface Section {
  key: string;
  conversation_id: string;
  case_id: string | null;
  channel: string;
  state: CaseState | null;
  outcome: string;
  agent: string | null;
  at: string;
  accepted_at: string | null;
  closed_at: string | null;
}

export interface HistoryPage {
  lines: PastLine[];
  sections: Section[];
  /** Null where nothing is older. */
  cursor: string | null;
  /** How many other conversations there are. */
  others: number;
}
