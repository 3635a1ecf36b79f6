/** Samples for tests. */
import type { Case, Message, SpeakerKind, User } from "./types";

export const ME: User = {
  id: "me",
  username: "minji",
  name: "김민지",
  role: "agent",
  state: "available",
  state_since: "2026-11-25T01:00:00Z",
  capacity: { voice: 1, chat: 3 },
};

export function aCase(part: Partial<Case>): Case {
  return {
    id: "case",
    conversation_id: "c1",
    state: "queued",
    version: 1,
    channel: "webchat",
    customer: { name: "방문자 1234" },
    reason: { code: "asked_for_person", text: "상담원 연결을 요청했어요" },
    urgency: "normal",
    goal: null,
    created_at: "2026-11-25T01:00:00Z",
    waiting_since: "2026-11-25T01:00:00Z",
    accepted_at: null,
    closed_at: null,
    agent: null,
    last_message: null,
    sentiment: null,
    unread: 0,
    outcome: null,
    queue: "general",
    skills: [],
    segment: "",
    language: "ko",
    offered_to: null,
    offer_expires_at: null,
    target: null,
    handed_by: null,
    last_agent: null,
    answer_by: null,
    resolve_by: null,
    breached: [],
    due_at: null,
    message_left: false,
    tags: [],
    ...part,
  };
}

export function aMessage(seq: number, kind: SpeakerKind, part: Partial<Message> = {}): Message {
  return {
    id: `m${seq}`,
    seq,
    speaker: { kind, name: kind === "bot" ? "이음이" : "" },
    text: `${seq}번째 말`,
    timestamp: new Date(Date.parse("2026-11-25T01:00:00Z") + seq * 1_000).toISOString(),
    buttons: [],
    citations: [],
    ...part,
  };
}
