/** Customers as the server tells of them: docs/reference/desk-api.md. */
import type { Case, Contact, Person } from "../types";

export interface Identity {
  /** Names it without saying it. */
  ref: string;
  kind: string;
  value: string;
  verified: boolean;
  source: string;
  added_at: string;
  added_by: string;
}

export interface CustomerHead {
  id: string;
  version: number;
  name: string;
  /** Empty where `name` is only the number of a visitor. */
  given_name: string;
  segment: string;
  identities: Identity[];
}

export interface Merge {
  id: number;
  kept: Person;
  gone: Person;
  at: string;
  actor: Person;
  reason: string;
  state: "merged" | "undone" | "refused";
  ended_at: string | null;
  ended_by: string;
}

/** What the bot remembers because the customer agreed; masked. */
export interface RememberedFact {
  name: string;
  label: string;
  value: string;
  remembered_at: string;
  expires_at: string;
  /** Where it was said; empty where that isn't known. */
  channel: string;
}

export interface Customer extends CustomerHead {
  notes: { id: number; at: string; actor: Person; text: string }[];
  merges: Merge[];
  facts: RememberedFact[];
  contacts: Contact[];
  suggestions: CustomerHead[];
}

export interface FoundCustomer extends CustomerHead {
  last_case: Case | null;
  cases: number;
}
