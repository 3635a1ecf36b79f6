/** The conversation as the panel shows it: session, socket, outbox and messages behind one subscription. */
import { Connection, type ConnectionOptions } from "./connection";
import { Forms } from "./forms";
import type { Host } from "./host";
import { Live } from "./live";
import { Memory } from "./memory";
import { type Entry, Outbox } from "./outbox";
import { openOutboxStore } from "./outbox-store";
import type { Assistant, Message, Piece, SaidAck, SentFile, Session, State, Sync, Typing } from "./protocol";
import { openSession } from "./session";
import { problemWords, TEXT } from "./texts";
import { type Line, lines, merge, unread } from "./thread";

const TYPING_MS = 6000;
const BANNER_MS = 3000;
const BACK_MS = 2500;
/** How often at most the agent is told that the customer types. */
const TYPING_EVERY_MS = 3000;

const START: State = { owner: "bot", agent: null, queue: null, hours: null };
const NAMELESS: Assistant = { name: "", bot_name: "도우미", greeting: "안녕하세요. 무엇을 도와드릴까요?", notice: "" };

/** What a screen reader is told. */
export interface Voice {
  say(text: string): void;
  alert(text: string): void;
}

export class Chat {
  messages: Message[] = [];
  state: State = START;
  /** The agent before the present one, after a transfer. */
  movedFrom = "";
  typing: Typing["speaker"] | null = null;
  agentSaw = 0;
  /** Nothing, or what the strip above the composer says of the network. */
  network: "" | "offline" | "back" = "";
  synced = false;
  voice = false;
  uploads: Session["uploads"] = null;
  /** A closed conversation that the customer takes up again. */
  reopened = false;
  /** The survey was answered just now. */
  surveyed = false;
  feedback: Record<string, "up" | "down">;
  context: Record<string, unknown> = {};
  readonly memory: Memory;
  readonly forms: Forms;
  readonly live = new Live(() => this.changed());

  private cursor = 0;
  private turn: Promise<void> = Promise.resolve();
  private readonly outbox: Outbox;
  private connection: Connection | undefined;
  private readonly listeners = new Set<() => void>();
  private notifying = false;
  private typingTimer: ReturnType<typeof setTimeout> | undefined;
  private networkTimer: ReturnType<typeof setTimeout> | undefined;
  private toldTyping = 0;
  private toldSeen = 0;

  constructor(
    private readonly host: Host,
    readonly announce: Voice,
    private readonly makeWire?: ConnectionOptions["makeWire"],
  ) {
    this.memory = new Memory(this.key);
    this.feedback = this.memory.get("feedback") ?? {};
    this.forms = new Forms({
      lines: () => this.lines,
      botHasIt: () => this.state.owner === "bot",
      draft: () => this.memory.get("form"),
      keepDraft: (form) => this.memory.set({ form }),
      send: (payload) => this.connection?.say(payload) ?? Promise.reject(new Error("not started")),
      onSent: (message) => {
        this.take([message]);
        this.announce.say(TEXT.sent);
        this.host.emit("form", { id: message.answer_to?.message_id ?? "" });
      },
    });
    this.outbox = new Outbox({
      store: openOutboxStore(this.key),
      send: (entry) => this.send(entry),
      cursor: () => this.cursor,
      onChange: () => this.changed(),
      onSent: (entry, seq) => this.sent(entry, seq),
      onFailed: (entry) => this.failed(entry),
    });
  }

  private get key(): string {
    return ["sangdam", this.host.origin, this.host.options.inbox].filter(Boolean).join(":");
  }

  get assistant(): Assistant {
    return this.memory.get("session")?.assistant ?? NAMELESS;
  }

  get token(): string {
    return this.memory.get("session")?.token ?? "";
  }

  get seen(): number {
    return this.memory.get("seen") ?? 0;
  }

  get origin(): string {
    return this.host.origin;
  }

  get lines(): Line[] {
    return lines(this.messages, this.outbox.entries, this.agentSaw);
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Connects; with a token of old at once, as a fresh one may be long in coming on a bad line. */
  async start(): Promise<void> {
    await this.outbox.load();
    this.connection = new Connection({
      origin: this.host.origin,
      token: () => this.token,
      cursor: () => this.cursor,
      onSync: (sync) => this.sync(sync),
      onMessage: (message) => this.arrived(message),
      onPiece: (piece) => this.piece(piece),
      onState: (state) => this.setState(state),
      onTyping: (typing) => this.types(typing),
      onSeen: (seq) => this.agentRead(seq),
      onOnline: (online) => this.setOnline(online),
      onRefused: () => this.renew(),
      ...(this.makeWire ? { makeWire: this.makeWire } : {}),
    });
    // Until the first connection stands the strip waits as well.
    this.setOnline(false);
    const renewed = this.renew().catch(() => undefined);
    if (!this.token) await renewed;
    this.connection.start();
  }

  /** A renewed token keeps its conversation; a dead one gives a new conversation, which begins empty. */
  private renew(): Promise<void> {
    return this.inTurn(async () => {
      const before = this.memory.get("session");
      const session = await openSession(this.host.origin, this.host.options.inbox, before?.token);
      this.voice = session.voice;
      this.uploads = session.uploads;
      this.memory.set({ session });
      if (before && before.conversation_id !== session.conversation_id) this.begin();
      this.changed();
    });
  }

  /** One change of the session after the other: a renewal that is slow must not undo who was identified meanwhile. */
  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => undefined);
    return done;
  }

  private begin(): void {
    this.messages = [];
    this.cursor = 0;
    this.agentSaw = 0;
    this.state = START;
    this.feedback = {};
    this.memory.set({ seen: 0, feedback: {} });
    if (this.connection?.online) this.connection.reconnect();
  }

  // -- saying ---------------------------------------------------------------------------------------------------

  say(text: string, payload?: string): void {
    if (!this.outbox.add(text.trim(), payload)) {
      this.announce.alert(TEXT.failed);
      return;
    }
    this.host.emit("message", { direction: "out", kind: payload ? "button" : "text" });
    this.setTyping(false);
    if (this.connection?.online) void this.outbox.flush();
  }

  askHuman(): void {
    this.say(TEXT.askHuman, "/request_human");
  }

  async leaveQueue(): Promise<boolean> {
    const done = await this.connection?.ask<{ ok: boolean }>("leave_queue", {}).catch(() => ({ ok: false }));
    if (!done?.ok) this.announce.alert(TEXT.serverError);
    else this.announce.say(TEXT.left);
    return Boolean(done?.ok);
  }

  /** Instead of waiting: the bot takes the number, once the place in the queue is given up. */
  async askCallback(): Promise<void> {
    if (this.state.owner === "queue" && !(await this.leaveQueue())) return;
    this.say(TEXT.askCallback, "/request_callback");
  }

  retry(id: string): void {
    this.outbox.retry(id);
    if (this.connection?.online) void this.outbox.flush();
    else this.connection?.reconnect();
  }

  discard(id: string): void {
    this.outbox.remove(id);
  }

  reopen(): void {
    this.reopened = true;
    this.changed();
  }

  private send(entry: Entry): Promise<SaidAck> {
    if (!this.connection) return Promise.reject(new Error("not started"));
    const metadata = Object.keys(this.context).length ? { context: this.context } : undefined;
    return this.connection.say({
      message: entry.text,
      client_msg_id: entry.id,
      ...(entry.payload === undefined ? {} : { payload: entry.payload }),
      ...(metadata ? { metadata } : {}),
    });
  }

  /** The server keeps it: from here on it is a message like the others. */
  private sent(entry: Entry, seq: number): void {
    this.take([
      {
        id: entry.id,
        seq,
        speaker: { kind: "customer", name: "" },
        text: entry.text,
        timestamp: new Date(entry.createdAt).toISOString(),
        buttons: [],
        citations: [],
        client_msg_id: entry.id,
      },
    ]);
    this.announce.say(TEXT.sent);
  }

  /** A file has become a message. */
  fileSent(id: string, seq: number, attachment: SentFile | undefined): void {
    if (!attachment || this.messages.some((known) => known.id === id)) return;
    this.take([
      {
        id,
        seq,
        speaker: { kind: "customer", name: "" },
        text: attachment.media_type.startsWith("image/") ? TEXT.photoSent : TEXT.fileSent(attachment.name),
        timestamp: new Date().toISOString(),
        buttons: [],
        citations: [],
        client_msg_id: id,
        attachment,
      },
    ]);
    this.announce.say(TEXT.sent);
    this.host.emit("message", { direction: "out", kind: "file" });
  }

  private failed(entry: Entry): void {
    this.announce.alert(problemWords(entry.problem));
    this.host.emit("error", { code: entry.problem?.code ?? "failed" });
  }

  // -- hearing --------------------------------------------------------------------------------------------------

  private sync(sync: Sync): void {
    this.typing = null;
    this.live.end();
    this.synced = true;
    // History is never read out; what was said while the line was down is.
    const known = this.cursor > 0 ? sync.messages.filter((message) => message.seq > this.cursor) : [];
    this.take(sync.messages);
    this.cursor = Math.max(this.cursor, sync.cursor);
    for (const message of known) this.readOut(message);
    this.setState(sync.state);
    void this.outbox.flush();
  }

  private arrived(message: Message): void {
    const isNew = !this.messages.some((known) => known.id === message.id);
    if (message.speaker.kind !== "customer") {
      this.typing = null;
      this.live.end();
    }
    this.take([message]);
    if (!isNew || message.speaker.kind === "customer") return;
    this.readOut(message);
    this.host.emit("message", { direction: "in", kind: message.speaker.kind });
  }

  /** It may come after its message where several workers serve one conversation. */
  private piece(piece: Piece): void {
    if (this.messages.some((known) => known.id === piece.message_id)) return;
    this.typing = null;
    this.live.take(piece);
  }

  /** What is shown of it stays; the message follows. */
  async stopAnswer(): Promise<void> {
    const { now } = this.live;
    if (!now) return;
    this.live.stop();
    const done = await this.connection
      ?.ask<{ ok: boolean }>("stop_answer", { message_id: now.message_id })
      .catch(() => ({ ok: false }));
    // Refused: it was whole already, and its message is on the way.
    if (done?.ok) this.announce.say(TEXT.answerStopped);
    else this.live.goOn();
  }

  private readOut(message: Message): void {
    if (message.speaker.kind === "customer") return;
    const name = message.speaker.name ? `${message.speaker.name}: ` : "";
    const cards = message.elements?.map((card) => card.title).join(", ") ?? message.form?.title ?? "";
    this.announce.say(`${name}${[message.text, cards].filter(Boolean).join(" ")}`);
  }

  private take(incoming: Message[]): void {
    this.messages = merge(this.messages, incoming);
    for (const message of incoming) {
      this.cursor = Math.max(this.cursor, message.seq);
      if (message.client_msg_id) this.outbox.remove(message.client_msg_id);
    }
    this.changed();
    this.countUnread();
  }

  private setState(state: State): void {
    const before = this.state;
    this.state = state;
    if (before.owner !== state.owner) {
      this.reopened = false;
      this.surveyed = false;
      this.typing = null;
      this.host.emit("state", { state: state.owner });
    }
    const { agent } = state;
    if (!agent) this.movedFrom = "";
    else if (before.agent && before.agent.name !== agent.name) this.movedFrom = before.agent.name;
    this.changed();
  }

  private types(typing: Typing): void {
    clearTimeout(this.typingTimer);
    this.typing = typing.on ? typing.speaker : null;
    if (typing.on) {
      this.typingTimer = setTimeout(() => {
        this.typing = null;
        this.changed();
      }, TYPING_MS);
    }
    this.changed();
  }

  private agentRead(seq: number): void {
    this.agentSaw = Math.max(this.agentSaw, seq);
    this.changed();
  }

  /** A short loss is nobody's business; a longer one is said, and so is its end. */
  private setOnline(online: boolean): void {
    clearTimeout(this.networkTimer);
    if (!online) {
      this.typing = null;
      this.networkTimer = setTimeout(() => {
        this.announce.alert(TEXT.offline);
        this.setNetwork("offline");
      }, BANNER_MS);
    } else if (this.network === "offline") {
      this.announce.say(TEXT.back);
      this.setNetwork("back");
      this.networkTimer = setTimeout(() => this.setNetwork(""), BACK_MS);
    }
    this.changed();
  }

  private setNetwork(network: Chat["network"]): void {
    this.network = network;
    this.changed();
  }

  // -- signals --------------------------------------------------------------------------------------------------

  setTyping(on: boolean): void {
    if (this.state.owner !== "agent" && this.state.owner !== "queue") return;
    const now = Date.now();
    if (on ? now - this.toldTyping < TYPING_EVERY_MS : !this.toldTyping) return;
    this.toldTyping = on ? now : 0;
    this.connection?.tell("typing", { on });
  }

  /** The customer has the end of the thread before the eyes. */
  markSeen(): void {
    const last = this.messages.at(-1)?.seq ?? 0;
    if (last > this.seen) {
      this.memory.set({ seen: last });
      this.countUnread();
    }
    if (last > this.toldSeen && this.connection?.online) {
      this.toldSeen = last;
      this.connection.tell("seen", { seq: last });
    }
  }

  /** The same judgement again takes it back. */
  async judge(messageId: string, value: "up" | "down", reason = ""): Promise<void> {
    const before = this.feedback[messageId];
    const next = before === value && !reason ? null : value;
    this.setFeedback(messageId, next);
    const done = await this.connection
      ?.ask<{ ok: boolean }>("feedback", { message_id: messageId, value: next, ...(reason ? { reason } : {}) })
      .catch(() => ({ ok: false }));
    if (done?.ok) return;
    this.setFeedback(messageId, before ?? null);
    this.announce.alert(TEXT.feedbackFailed);
  }

  private setFeedback(messageId: string, value: "up" | "down" | null): void {
    const { [messageId]: _, ...others } = this.feedback;
    this.feedback = value ? { ...others, [messageId]: value } : others;
    this.memory.set({ feedback: this.feedback });
    this.changed();
  }

  async answerSurvey(score: number | null, comment: string, recommend: number | null): Promise<boolean> {
    const done = await this.connection
      ?.ask<{ ok: boolean }>("survey", { score, comment, recommend })
      .catch(() => ({ ok: false }));
    if (!done?.ok) return false;
    this.surveyed = score !== null;
    if (score) this.announce.say(TEXT.surveyDone);
    this.state = { ...this.state, survey: false };
    this.changed();
    return true;
  }

  unread(): number {
    return unread(this.messages, this.seen);
  }

  private countUnread(): void {
    this.host.setUnread(this.unread());
  }

  /** Who the visitor is, proven by the host's server. Another person's history and unsent words are wiped first. */
  identify(identity: string): Promise<void> {
    return this.inTurn(async () => {
      const before = this.memory.get("session");
      const { origin, options } = this.host;
      const session = await openSession(origin, options.inbox, before?.token, identity);
      if (before?.conversation_id !== session.conversation_id) await this.wipe();
      this.memory.set({ session });
      this.connection?.reconnect();
      this.changed();
    });
  }

  private async wipe(): Promise<void> {
    this.memory.forget();
    await this.outbox.clear();
    this.begin();
    this.host.setUnread(0);
  }

  /** Everything again: the language is another one. */
  redraw(): void {
    this.changed();
  }

  async logout(): Promise<void> {
    await this.wipe();
    await this.renew().catch(() => undefined);
    this.connection?.reconnect();
  }

  destroy(): void {
    this.connection?.close();
    clearTimeout(this.typingTimer);
    clearTimeout(this.networkTimer);
    this.live.end();
    this.listeners.clear();
  }

  /** Many changes of one moment are drawn once. */
  private changed(): void {
    if (this.notifying) return;
    this.notifying = true;
    queueMicrotask(() => {
      this.notifying = false;
      for (const listener of this.listeners) listener();
    });
  }
}
