/** The messages of a conversation in one order, without doubles, and how they are laid out. */
import { dayKey } from "../shared/formats";
import type { Entry } from "./outbox";
import type { Message } from "./protocol";
import { problemWords } from "./texts";

export type Delivery = "waiting" | "sending" | "sent" | "read" | "failed";

/** A line of the thread: the server's message, or one of ours that the server has not acknowledged. */
export interface Line extends Message {
  /** Only on the customer's lines. */
  delivery?: Delivery;
  /** Why it failed, in words. */
  problem?: string;
  offersPerson?: boolean;
}

/** Where a line stands while its place is not known: after everything. */
const UNPLACED = Number.MAX_SAFE_INTEGER;
const GROUP_MS = 3 * 60_000;

/** Adds messages; one that is there already (by id or client_msg_id) is replaced. Sorted by seq. */
export function merge(messages: readonly Message[], incoming: readonly Message[]): Message[] {
  if (!incoming.length) return messages as Message[];
  const byId = new Map(messages.map((message) => [message.id, message]));
  for (const message of incoming) byId.set(message.id, message);
  return [...byId.values()].sort((a, b) => a.seq - b.seq);
}

/**
 * Messages and what still waits to be sent, as lines. A sent but unacknowledged line stands where the conversation was
 * when it left (the bot's answer may overtake the acknowledgement), a waiting one at the end.
 */
export function lines(messages: readonly Message[], outbox: readonly Entry[], agentSaw: number): Line[] {
  const known = new Set(messages.map((message) => message.id));
  // An agent who answers has read what stands before; so the marks are there after a reload too.
  const answered = messages.findLast(({ speaker }) => speaker.kind === "agent")?.seq ?? 0;
  const saw = Math.max(agentSaw, answered);
  const placed = messages.map((message): Line => withDelivery(message, saw));
  const pending = outbox.filter((entry) => !known.has(entry.id)).map(pendingLine);
  return [...placed, ...pending].sort((a, b) => a.seq - b.seq);
}

const cache = new WeakMap<Message, { read: boolean; line: Line }>();

/** The same object for the same message, so that unchanged lines are not drawn again. */
function withDelivery(message: Message, agentSaw: number): Line {
  if (message.speaker.kind !== "customer") return message;
  const read = message.seq <= agentSaw;
  const cached = cache.get(message);
  if (cached?.read === read) return cached.line;
  const line: Line = { ...message, delivery: read ? "read" : "sent" };
  cache.set(message, { read, line });
  return line;
}

function pendingLine(entry: Entry): Line {
  return {
    id: entry.id,
    seq: entry.after === undefined ? UNPLACED : entry.after + 0.5,
    speaker: { kind: "customer", name: "" },
    text: entry.text,
    timestamp: new Date(entry.createdAt).toISOString(),
    buttons: [],
    citations: [],
    client_msg_id: entry.id,
    delivery: entry.status,
    ...(entry.problem ? { problem: problemWords(entry.problem), offersPerson: entry.problem.code === "internal" } : {}),
  };
}

export interface Place {
  line: Line;
  /** Set on the first line of a day. */
  day?: string;
  /** Whether it opens or closes a group: one speaker, at most three minutes apart. */
  first: boolean;
  last: boolean;
}

export function layout(all: readonly Line[]): Place[] {
  return all.map((line, index) => {
    const before = all[index - 1];
    const after = all[index + 1];
    const newDay = !before || dayKey(before.timestamp) !== dayKey(line.timestamp);
    return {
      line,
      ...(newDay ? { day: line.timestamp } : {}),
      first: newDay || !together(before, line),
      last: !after || dayKey(after.timestamp) !== dayKey(line.timestamp) || !together(line, after),
    };
  });
}

function together(one: Line | undefined, other: Line): boolean {
  return (
    one !== undefined &&
    one.speaker.kind === other.speaker.kind &&
    one.speaker.name === other.speaker.name &&
    new Date(other.timestamp).getTime() - new Date(one.timestamp).getTime() <= GROUP_MS
  );
}

/** Lines of others that came after `seen`. */
export function unread(messages: readonly Message[], seen: number): number {
  return messages.filter((message) => message.seq > seen && message.speaker.kind !== "customer").length;
}
