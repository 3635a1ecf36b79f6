/** Which rows a tab has, in which order, and when the order may change under somebody's eyes. */
import type { Case, Tab, Urgency } from "./types";

/** Seconds within which a waiting customer should be met. */
export const WAIT_GOAL: Record<Urgency, number> = { urgent: 60, high: 120, normal: 180 };
/** Seconds within which a customer in conversation should be answered. */
export const ANSWER_GOAL = 120;

export type Pressure = "calm" | "soon" | "late";

export function isOpen(of: Case): boolean {
  return of.state !== "closed" && of.state !== "returned";
}

export function isWaiting(of: Case): boolean {
  return of.state === "queued" || of.state === "offered";
}

/** Whether it is offered to that agent now. */
export function offeredTo(of: Case, agent: string): boolean {
  return of.state === "offered" && of.offered_to?.id === agent;
}

/** Filed for later: at a booked time, or when people are there again. */
export function isFiled(of: Case): boolean {
  return of.state === "callback";
}

export function isMine(of: Case, me: string): boolean {
  return (of.state === "agent" || of.state === "wrapup") && of.agent?.id === me;
}

export function inTab(of: Case, tab: Tab, me: string): boolean {
  if (tab === "waiting") return isWaiting(of);
  if (tab === "mine") return isMine(of, me);
  if (tab === "callbacks") return isFiled(of);
  return tab === "all" ? isOpen(of) && !isFiled(of) : !isOpen(of);
}

/** Since when the customer waits for somebody or for an answer; null while it is the customer's turn. */
export function waitsSince(of: Case): number | null {
  if (isWaiting(of)) return Date.parse(of.waiting_since);
  if (!isOpen(of)) return null;
  const last = of.last_message;
  if (last?.speaker === "customer" && last.timestamp) {
    return Math.max(Date.parse(last.timestamp), Date.parse(of.accepted_at ?? last.timestamp));
  }
  return null;
}

/** Seconds. The queue's promise where it counts from now on; a case that was handed over has used it up. */
function goalOf(of: Case): number {
  if (!isWaiting(of)) return ANSWER_GOAL;
  const promised = (Date.parse(of.answer_by ?? "") - Date.parse(of.waiting_since)) / 1000;
  return promised > 0 ? promised : WAIT_GOAL[of.urgency];
}

/** Half of the goal's time used up: soon; all of it: late. */
export function pressure(of: Case, now: number): Pressure {
  const since = waitsSince(of);
  if (since === null) return "calm";
  if (isWaiting(of) && of.breached.includes("answer")) return "late";
  const used = (now - since) / 1000 / goalOf(of);
  return used >= 1 ? "late" : used >= 0.5 ? "soon" : "calm";
}

function due(of: Case): number {
  const since = waitsSince(of);
  return since === null ? Number.POSITIVE_INFINITY : since + goalOf(of) * 1000;
}

function latest(of: Case): number {
  return Date.parse(of.closed_at ?? of.last_message?.timestamp ?? of.created_at);
}

const filed = (of: Case): number => Date.parse(of.due_at ?? of.created_at);

/** Whose time is up first comes first; nobody waits: the latest first. */
export function sortCases(cases: Case[], tab: Tab): Case[] {
  if (tab === "closed") return [...cases].sort((a, b) => latest(b) - latest(a) || a.id.localeCompare(b.id));
  if (tab === "callbacks") return [...cases].sort((a, b) => filed(a) - filed(b) || a.id.localeCompare(b.id));
  return [...cases].sort((a, b) => {
    const [one, other] = [due(a), due(b)];
    return (one === other ? latest(b) - latest(a) : one - other) || a.id.localeCompare(b.id);
  });
}

/** Rows as they are shown. While `held` (pointer or focus in the list) nothing moves; new rows come at the end. */
export function keepOrder(shown: string[], wanted: string[], held: boolean): { order: string[]; moved: boolean } {
  if (!held) return { order: wanted, moved: false };
  const here = new Set(wanted);
  const kept = shown.filter((id) => here.has(id));
  const known = new Set(kept);
  const order = [...kept, ...wanted.filter((id) => !known.has(id))];
  return { order, moved: order.some((id, place) => id !== wanted[place]) };
}

/** Rows whose name, words, goal or channel hold the text. */
export function searchCases(cases: Case[], text: string, matches: (target: string, typed: string) => boolean): Case[] {
  const typed = text.trim();
  if (!typed) return cases;
  return cases.filter((of) =>
    [of.customer.name, of.goal ?? "", of.last_message?.text ?? "", of.agent?.name ?? "", of.reason.text].some((target) =>
      matches(target, typed),
    ),
  );
}
