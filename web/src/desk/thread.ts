/** A conversation as the desk shows it: lines merged by place, days divided, the bot's part folded. */
import { dayKey } from "../shared/formats";
import type { Message, Understanding } from "./types";

/** A message of ours on its way. */
export interface Outgoing {
  clientId: string;
  kind: "messages" | "notes";
  text: string;
  at: number;
  /** `undo`: it can still be called back. `held`: the server wasn't reached; it is sent as soon as it is. */
  state: "undo" | "sending" | "held" | "failed";
  /** Until when it can be called back (ms since the epoch). */
  until?: number;
  /** What goes out instead of words; `text` is its name. It doesn't survive a reload. */
  file?: File;
  /** How much of the file has left, from 0 to 1. */
  share?: number;
  why?: string;
  /** Ids of colleagues whom a note names. */
  mentions?: string[];
  /** What the agent wrote, where `text` is its translation into `language`. */
  translated?: { original: string; language: string };
}

export type Item =
  | { kind: "day"; key: string; at: string }
  /** Another conversation begins, or, where `section` is empty, the open one goes on. */
  | { kind: "section"; key: string; section: string }
  | { kind: "bot"; key: string; messages: Message[]; turns: number; failed: number }
  | { kind: "group"; key: string; messages: Message[] };

/** Messages of one speaker within so many ms are one group. */
const TOGETHER = 180_000;
/** A bot's part of fewer lines isn't worth folding. */
export const FOLD_FROM = 5;
/** Below it an intent counts as not understood. */
export const UNSURE = 0.4;

/** Both lists in order, each line once; a newer copy replaces the older one. */
export function mergeMessages(known: Message[], more: Message[]): Message[] {
  const last = known.at(-1);
  if (more.length === 1 && more[0] && (!last || more[0].seq > last.seq)) return [...known, more[0]];
  const bySeq = new Map(known.map((message) => [message.seq, message]));
  for (const message of more) bySeq.set(message.seq, message);
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

/** Outgoing messages that haven't come back from the server. */
export function stillOut(outgoing: Outgoing[], messages: Message[]): Outgoing[] {
  const back = new Set(messages.map((message) => message.client_msg_id ?? message.id));
  return outgoing.filter((one) => !back.has(one.clientId));
}

/** What the bot and the customer said alone; the customer's last words before a person came stay in view. */
function botPart(messages: Message[], from: number): number {
  let lastWords = from;
  const { section } = messages[from] ?? {};
  for (let at = from; at < messages.length && messages[at]?.section === section; at += 1) {
    const kind = messages[at]?.speaker.kind;
    if (kind === "customer") lastWords = at;
    else if (kind !== "bot") break;
  }
  return lastWords;
}

/** Whether nothing was understood: neither what is wanted nor a value that was asked for. */
export function unsure(of: Understanding): boolean {
  return of.out_of_scope || (of.confidence < UNSURE && of.entities.length === 0);
}

/** How many of the customer's turns the bot was unsure of. */
export function failures(messages: Message[]): number {
  return messages.filter(({ understanding }) => understanding && unsure(understanding)).length;
}

/** Dividers, folds and groups, in the order in which they are shown. */
export function itemsOf(messages: Message[]): Item[] {
  const items: Item[] = [];
  let day = "";
  let section = "";
  for (let at = 0; at < messages.length; ) {
    const message = messages[at] as Message;
    const own = message.section ?? "";
    if (own !== section) {
      section = own;
      items.push({ kind: "section", key: `section-${own}-${placed(message)}`, section: own });
      // Its heading names the day already.
      day = own ? dayKey(message.timestamp) : "";
    }
    const key = dayKey(message.timestamp);
    if (key !== day) {
      day = key;
      items.push({ kind: "day", key: `day-${key}-${placed(message)}`, at: message.timestamp });
    }
    const end = startsBotPart(message) ? botPart(messages, at) : at;
    if (end - at >= FOLD_FROM) {
      items.push(fold(messages.slice(at, end)));
      at = end;
    } else {
      items.push(group(messages, at));
      at += (items.at(-1) as { messages: Message[] }).messages.length;
    }
  }
  return items;
}

/** Names a line among those of all conversations; of the open one by its number alone. */
export function placed({ section, seq }: Message): string {
  return section ? `${section}:${seq}` : String(seq);
}

function startsBotPart(message: Message): boolean {
  return message.speaker.kind === "customer" || message.speaker.kind === "bot";
}

function fold(messages: Message[]): Item {
  const turns = messages.filter((message) => message.speaker.kind === "customer").length;
  return { kind: "bot", key: `bot-${messages[0] && placed(messages[0])}`, messages, turns, failed: failures(messages) };
}

function group(messages: Message[], from: number): Item {
  const first = messages[from] as Message;
  let end = from + 1;
  for (let last = first; end < messages.length; end += 1) {
    const next = messages[end] as Message;
    const same = next.speaker.kind === first.speaker.kind && next.speaker.name === first.speaker.name && next.section === first.section;
    const soon = Date.parse(next.timestamp) - Date.parse(last.timestamp) < TOGETHER;
    if (!same || !soon || first.speaker.kind === "system" || dayKey(next.timestamp) !== dayKey(first.timestamp)) break;
    last = next;
  }
  return { kind: "group", key: `group-${placed(first)}`, messages: messages.slice(from, end) };
}
