/** Calls about traces and recordings; of a case for who may read cases, of any conversation for supervisors. */
import type { Api } from "../api";

export type TraceKind =
  | "customer" | "understood" | "command" | "step" | "slot" | "inner" | "answer" | "reply" | "flow" | "owner" | "problem";

export interface TraceLine {
  seq: number;
  at: string;
  kind: TraceKind;
  ko: string;
  en: string;
  name: string;
  why: string;
}

export interface Going {
  id: string;
  channel: string;
  customer: { name: string };
  owner: string;
  goal: string | null;
  turns: number;
  last_text: string;
  last_at: string | null;
  case_id: string | null;
}

export interface Recording {
  name: string;
  text: string;
  steps: number;
  replaced: number;
  missing: string[];
  file: string | null;
}

/** Whose trace: its conversation, which events name, and the path of its calls. */
export interface Traced {
  conversation: string;
  path: string;
}

export const ofCase = (caseId: string, conversation: string): Traced => ({ conversation, path: `cases/${encodeURIComponent(caseId)}` });
export const ofConversation = (id: string): Traced => ({ conversation: id, path: `conversations/${encodeURIComponent(id)}` });

export const trace = (api: Api, of: Traced, after: number | null): Promise<{ lines: TraceLine[]; cursor: number }> =>
  api.call("GET", `${of.path}/trace${after === null ? "" : `?after=${after}`}`);

export const record = (api: Api, of: Traced): Promise<Recording> => api.call("POST", `${of.path}/recording`, {});

export const goingOn = (api: Api): Promise<{ conversations: Going[] }> => api.call("GET", "conversations");
