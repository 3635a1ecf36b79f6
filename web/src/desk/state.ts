/** All that the desk knows, and how it changes. Pure: no clock, no network, no storage. */
import { inTab, isMine, offeredTo } from "./order";
import { mergeMessages, type Outgoing, stillOut } from "./thread";
import type { Agent, Callback, Case, Load, Message, Options, Packet, Tab, Template, User, WrapupCode } from "./types";

export type Loading = "idle" | "loading" | "ready" | "failed";

export interface Thread {
  messages: Message[];
  cursor: number;
  status: Loading;
  why: string;
  /** The customer types until then (ms since the epoch). */
  typingUntil: number;
  /** Another agent who types. */
  typingName: string;
  seenByCustomer: number;
}

export interface PacketState {
  packet: Packet | null;
  status: Loading;
  why: string;
}

export interface Toast {
  id: number;
  text: string;
  tone: "info" | "danger" | "ok";
  open?: string;
}

export interface State {
  user: User | null;
  /** Before it is known whether an old session still holds. */
  restoring: boolean;
  sessionOver: boolean;
  /** Why an old session couldn't be taken up; it may still hold. */
  unreached: string;
  cases: Record<string, Case>;
  lists: Record<Tab, { status: Loading; why: string; cursor: string | null }>;
  threads: Record<string, Thread>;
  packets: Record<string, PacketState>;
  /** Conversation -> how often something was told of it. */
  traced: Record<string, number>;
  outbox: Record<string, Outgoing[]>;
  /** Colleagues and me, as they are now. */
  agents: Record<string, Agent>;
  /** I was taken to be away, as offers ran out unanswered. */
  takenAway: boolean;
  /** Queues as people call them. */
  queues: Record<string, string>;
  /** Open call-backs by case. */
  callbacks: Record<string, Callback>;
  toasts: Toast[];
  codes: WrapupCode[];
  templates: Template[];
  intents: Record<string, string>;
  options: Options;
  connected: boolean;
  selected: string | null;
  tab: Tab;
}

const list = { status: "idle" as Loading, why: "", cursor: null };

export const START: State = {
  user: null,
  restoring: true,
  sessionOver: false,
  unreached: "",
  cases: {},
  lists: { mine: list, waiting: list, all: list, callbacks: list, closed: list },
  threads: {},
  packets: {},
  traced: {},
  outbox: {},
  agents: {},
  takenAway: false,
  queues: {},
  callbacks: {},
  toasts: [],
  codes: [],
  templates: [],
  intents: {},
  options: { uploads: null, undo_seconds: 0, translation: false },
  connected: true,
  selected: null,
  tab: "mine",
};

export const NO_THREAD: Thread = {
  messages: [],
  cursor: 0,
  status: "idle",
  why: "",
  typingUntil: 0,
  typingName: "",
  seenByCustomer: 0,
};
export const NO_PACKET: PacketState = { packet: null, status: "idle", why: "" };

export type Action =
  | { type: "signed-in"; user: User; outbox: Record<string, Outgoing[]> }
  | { type: "signed-out"; over: boolean; unreached?: string }
  | { type: "user"; user: User }
  | { type: "words"; codes: WrapupCode[]; templates: Template[]; intents: Record<string, string>; queues: Record<string, string> }
  | { type: "options"; options: Options }
  | { type: "tab"; tab: Tab }
  | { type: "select"; id: string | null }
  | { type: "list-loading"; tab: Tab }
  | { type: "list"; tab: Tab; cases: Case[]; cursor: string | null; before: Record<string, Case> | null }
  | { type: "list-failed"; tab: Tab; why: string }
  | { type: "case"; case: Case }
  | { type: "thread-loading"; id: string }
  | { type: "messages"; id: string; messages: Message[]; cursor: number }
  | { type: "thread-failed"; id: string; why: string }
  | { type: "packet-loading"; id: string }
  | { type: "packet"; id: string; packet: Packet }
  | { type: "packet-failed"; id: string; why: string }
  | { type: "typing"; id: string; customer: boolean; name: string; until: number }
  | { type: "seen-by-customer"; id: string; seq: number }
  | { type: "read"; id: string }
  | { type: "outgoing"; id: string; message: Outgoing }
  | { type: "outgoing-failed"; id: string; clientId: string; why: string }
  /** Nothing of a conversation stays here: its customer was forgotten. */
  | { type: "forgotten"; id: string }
  | { type: "outgoing-dropped"; id: string; clientId: string }
  | { type: "outgoing-held"; id: string; clientId: string }
  | { type: "outgoing-leaves"; id: string; clientId: string; share: number }
  | { type: "agents"; agents: Agent[] }
  | { type: "taken-away"; away: boolean }
  | { type: "callbacks"; callbacks: Callback[] }
  | { type: "toast"; toast: Toast }
  | { type: "toast-gone"; id: number }
  | { type: "traced"; conversation: string }
  | { type: "connected"; connected: boolean };

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case "signed-in":
      return { ...state, user: action.user, restoring: false, sessionOver: false, outbox: action.outbox };
    case "signed-out":
      return { ...START, restoring: false, sessionOver: action.over, unreached: action.unreached ?? "" };
    case "traced":
      return { ...state, traced: { ...state.traced, [action.conversation]: (state.traced[action.conversation] ?? 0) + 1 } };
    case "user":
      return { ...state, user: action.user };
    case "words":
      return { ...state, codes: action.codes, templates: action.templates, intents: action.intents, queues: action.queues };
    case "options":
      return { ...state, options: action.options };
    case "tab":
      return { ...state, tab: action.tab };
    case "select":
      return { ...state, selected: action.id };
    case "connected":
      return state.connected === action.connected ? state : { ...state, connected: action.connected };
    case "agents":
      return takeAgents(state, action.agents);
    case "callbacks":
      return { ...state, callbacks: Object.fromEntries(action.callbacks.map((one) => [one.case_id, one])) };
    case "taken-away":
      return { ...state, takenAway: action.away };
    case "toast":
      return { ...state, toasts: [...state.toasts, action.toast].slice(-3) };
    case "toast-gone":
      return { ...state, toasts: state.toasts.filter((toast) => toast.id !== action.id) };
    default:
      return reduceCases(state, action);
  }
}

function reduceCases(state: State, action: Action): State {
  switch (action.type) {
    case "list-loading":
      return setList(state, action.tab, { status: "loading", why: "" });
    case "list-failed":
      return setList(state, action.tab, { status: "failed", why: action.why });
    case "list":
      return takeList(state, action);
    case "case":
      return takeCase(state, action.case);
    case "read":
      return markRead(state, action.id);
    case "packet-loading":
      return setPacket(state, action.id, { status: "loading" });
    case "packet":
      return setPacket(state, action.id, { packet: action.packet, status: "ready", why: "" });
    case "packet-failed":
      return setPacket(state, action.id, { status: "failed", why: action.why });
    default:
      return reduceThreads(state, action);
  }
}

function reduceThreads(state: State, action: Action): State {
  switch (action.type) {
    case "thread-loading":
      return setThread(state, action.id, { status: "loading", why: "" });
    case "thread-failed":
      return setThread(state, action.id, { status: "failed", why: action.why });
    case "messages":
      return takeMessages(state, action.id, action.messages, action.cursor);
    case "typing":
      return setThread(
        state,
        action.id,
        action.customer ? { typingUntil: action.until } : { typingName: action.until ? action.name : "" },
      );
    case "seen-by-customer":
      return setThread(state, action.id, {
        seenByCustomer: Math.max(action.seq, threadOf(state, action.id).seenByCustomer),
      });
    case "outgoing":
      return setOutbox(state, action.id, [...without(state, action.id, action.message.clientId), action.message]);
    case "forgotten":
      return { ...state, threads: less(state.threads, action.id), packets: less(state.packets, action.id), outbox: less(state.outbox, action.id) };
    case "outgoing-dropped":
      return setOutbox(state, action.id, without(state, action.id, action.clientId));
    case "outgoing-failed":
      return setOutgoing(state, action.id, action.clientId, { state: "failed", why: action.why });
    case "outgoing-leaves":
      return setOutgoing(state, action.id, action.clientId, { state: "sending", share: action.share });
    case "outgoing-held":
      return setOutgoing(state, action.id, action.clientId, { state: "held" });
    default:
      return state;
  }
}

function less<T>(all: Record<string, T>, id: string): Record<string, T> {
  const { [id]: _, ...rest } = all;
  return rest;
}

export const threadOf = (state: State, id: string): Thread => state.threads[id] ?? NO_THREAD;
export const packetOf = (state: State, id: string): PacketState => state.packets[id] ?? NO_PACKET;
const NONE: Outgoing[] = [];
export const outboxOf = (state: State, id: string): Outgoing[] => state.outbox[id] ?? NONE;

/** Cases of a tab, in no order. */
export function casesIn(state: State, tab: Tab): Case[] {
  const me = state.user?.id ?? "";
  return Object.values(state.cases).filter((of) => inTab(of, tab, me));
}

/** Cases that are offered to me, the one that runs out first on top. */
export function offersOf(state: State, now: number): Case[] {
  const me = state.user?.id ?? "";
  const until = (of: Case): number => Date.parse(of.offer_expires_at ?? "");
  return Object.values(state.cases)
    .filter((of) => offeredTo(of, me) && !(until(of) <= now))
    .sort((a, b) => until(a) - until(b) || a.id.localeCompare(b.id));
}

/** What I hold or am offered, by medium. */
export function holdsOf(state: State): Load {
  const me = state.user?.id ?? "";
  const held = Object.values(state.cases).filter((of) => isMine(of, me) || offeredTo(of, me));
  const voice = held.filter((of) => of.channel === "voice").length;
  return { voice, chat: held.length - voice };
}

/** An agent's row is newer than the account: it knows what the server and supervisors did. */
function takeAgents(state: State, agents: Agent[]): State {
  const known = { ...state.agents };
  for (const agent of agents) known[agent.id] = agent;
  const me = agents.find((agent) => agent.id === state.user?.id);
  if (!me || !state.user) return { ...state, agents: known };
  const capacity = {
    voice: me.profile.voice ?? state.user.capacity.voice,
    chat: me.profile.chat ?? state.user.capacity.chat,
  };
  const user = { ...state.user, state: me.state, state_since: me.state_since, capacity };
  return { ...state, agents: known, user, takenAway: state.takenAway && me.state === "away" };
}

function setList(state: State, tab: Tab, change: Partial<State["lists"][Tab]>): State {
  return { ...state, lists: { ...state.lists, [tab]: { ...state.lists[tab], ...change } } };
}

/**
 * A whole tab tells what it holds: what was known of it when it was asked for (`before`, null for a further page) and isn't
 * there has moved on unseen. What came meanwhile by the socket is newer than the page, and stays.
 */
function takeList(state: State, { tab, cases, cursor, before }: Extract<Action, { type: "list" }>): State {
  const known = { ...state.cases };
  if (before && cursor === null && tab !== "closed") {
    const here = new Set(cases.map((of) => of.id));
    for (const of of casesIn(state, tab)) if (!here.has(of.id) && before[of.id] === of) delete known[of.id];
  }
  for (const of of cases) known[of.id] = newer(known[of.id], of);
  return setList({ ...state, cases: known }, tab, { status: "ready", why: "", cursor });
}

function newer(known: Case | undefined, told: Case): Case {
  return known && known.version > told.version ? known : told;
}

function takeCase(state: State, told: Case): State {
  return { ...state, cases: { ...state.cases, [told.id]: newer(state.cases[told.id], told) } };
}

function markRead(state: State, id: string): State {
  const of = state.cases[id];
  if (!of?.unread) return state;
  return { ...state, cases: { ...state.cases, [id]: { ...of, unread: 0 } } };
}

function setPacket(state: State, id: string, change: Partial<PacketState>): State {
  return { ...state, packets: { ...state.packets, [id]: { ...packetOf(state, id), ...change } } };
}

function setThread(state: State, id: string, change: Partial<Thread>): State {
  return { ...state, threads: { ...state.threads, [id]: { ...threadOf(state, id), ...change } } };
}

function takeMessages(state: State, id: string, more: Message[], cursor: number): State {
  const thread = threadOf(state, id);
  const messages = more.length ? mergeMessages(thread.messages, more) : thread.messages;
  const spoken = more.filter((message) => message.speaker.kind === "customer").map(({ seq }) => seq);
  const next = setThread(state, id, {
    messages,
    cursor: Math.max(cursor, thread.cursor),
    status: "ready",
    why: "",
    typingUntil: spoken.length ? 0 : thread.typingUntil,
    // Who answers has read what stands before; so the marks are there after a reload too.
    seenByCustomer: Math.max(thread.seenByCustomer, ...spoken),
  });
  return setOutbox(next, id, stillOut(outboxOf(state, id), messages));
}

function setOutgoing(state: State, id: string, clientId: string, change: Partial<Outgoing>): State {
  const changed = outboxOf(state, id).map((one) => (one.clientId === clientId ? { ...one, ...change } : one));
  return setOutbox(state, id, changed);
}

function without(state: State, id: string, clientId: string): Outgoing[] {
  return outboxOf(state, id).filter((one) => one.clientId !== clientId);
}

function setOutbox(state: State, id: string, outgoing: Outgoing[]): State {
  if (!outgoing.length && !state.outbox[id]) return state;
  return { ...state, outbox: { ...state.outbox, [id]: outgoing } };
}
