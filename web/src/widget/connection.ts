/** The line to the server: connects, reconnects, notices when it is dead in one direction only. */
import { Backoff } from "./backoff";
import type { Message, Piece, SaidAck, State, Sync, Typing } from "./protocol";
import { type MakeWire, type Wire, type WireEvents, webSocketWire } from "./wire";

const HEARTBEAT_MS = 20_000;
/** An answer may take a language model's time; after this the line is taken for dead and the message sent again. */
const ANSWER_MS = 30_000;
const PROBE_MS = 10_000;
/** After so many attempts without a single success WebSockets are taken to be stopped on the way. */
const GIVE_UP_WEBSOCKET = 3;

export interface ConnectionOptions {
  origin: string;
  token: () => string;
  /** The last seq seen. */
  cursor: () => number;
  onSync: (sync: Sync) => void;
  onMessage: (message: Message) => void;
  onPiece: (piece: Piece) => void;
  onState: (state: State) => void;
  onTyping: (typing: Typing) => void;
  onSeen: (seq: number) => void;
  onOnline: (online: boolean) => void;
  /** The token opens nothing any more: a fresh one is wanted before the next attempt. */
  onRefused: () => Promise<void>;
  /** For tests. */
  makeWire?: MakeWire;
}

export class Connection {
  online = false;
  private wire: Wire;
  private readonly backoff = new Backoff();
  private readonly stop = new AbortController();
  private retry: ReturnType<typeof setTimeout> | undefined;
  private heartbeat: ReturnType<typeof setInterval> | undefined;
  private refused = false;
  private failures = 0;
  /** Counts the lines that were dialled on purpose. */
  private line = 0;
  private readonly heard: Record<string, (payload: never) => void>;

  constructor(private readonly options: ConnectionOptions) {
    this.heard = {
      bot_uttered: options.onMessage,
      user_echo: options.onMessage,
      answer_piece: options.onPiece,
      state: options.onState,
      typing: options.onTyping,
      seen: ({ seq }: { seq: number }) => options.onSeen(seq),
    };
    this.wire = (options.makeWire ?? webSocketWire)(options.origin, options.token, this.events());
    this.wakeUps();
  }

  start(): void {
    this.wire.open();
  }

  say(payload: Record<string, unknown>): Promise<SaidAck> {
    return this.ask("user_uttered", payload, ANSWER_MS);
  }

  /** A question of the client. Without an answer it rejects, and the line is made anew. */
  async ask<T>(event: string, payload: Record<string, unknown>, within = PROBE_MS): Promise<T> {
    if (!this.online) throw new Error("offline");
    try {
      return await this.wire.ask<T>(event, payload, within);
    } catch (error) {
      this.reconnect();
      throw error;
    }
  }

  /** A signal that may get lost. */
  tell(event: string, payload: Record<string, unknown>): void {
    if (this.online) this.wire.emit(event, payload);
  }

  /** Drops the line, if there is one, and dials at once. */
  reconnect(): void {
    if (this.stop.signal.aborted) return;
    this.backoff.reset();
    this.line += 1;
    this.wire.close();
    clearTimeout(this.retry);
    this.wire.open();
  }

  close(): void {
    this.stop.abort();
    this.wire.close();
    clearTimeout(this.retry);
    clearInterval(this.heartbeat);
  }

  private events(): WireEvents {
    return {
      onOpen: () => void this.opened(),
      onClose: () => this.lost(),
      onRefused: () => (this.refused = true),
      onEvent: (name, payload) => this.heard[name]?.(payload as never),
    };
  }

  private async opened(): Promise<void> {
    clearTimeout(this.retry);
    this.failures = Number.NEGATIVE_INFINITY;
    const after = this.options.cursor();
    const { line } = this;
    try {
      const sync = await this.wire.ask<Sync>("session_request", after ? { after } : {}, PROBE_MS);
      this.backoff.reset();
      this.setOnline(true);
      this.options.onSync(sync);
      clearInterval(this.heartbeat);
      this.heartbeat = setInterval(() => void this.beat(), HEARTBEAT_MS);
    } catch {
      // Where it was left for another line meanwhile, that one is not to be closed.
      if (line === this.line) this.wire.close();
    }
  }

  private async beat(): Promise<void> {
    await this.ask("ping_", {}).catch(() => undefined);
  }

  private lost(): void {
    clearInterval(this.heartbeat);
    clearTimeout(this.retry);
    this.setOnline(false);
    if (this.stop.signal.aborted) return;
    this.failures += 1;
    this.retry = setTimeout(() => void this.again(), this.backoff.next());
  }

  private async again(): Promise<void> {
    if (this.refused) {
      this.refused = false;
      await this.options.onRefused().catch(() => undefined);
    }
    if (this.failures === GIVE_UP_WEBSOCKET && !this.options.makeWire) await this.poll();
    if (!this.stop.signal.aborted) this.wire.open();
  }

  private async poll(): Promise<void> {
    const polling = await import("./polling").catch(() => null);
    if (polling) this.wire = polling.pollingWire(this.options.origin, this.options.token, this.events());
  }

  private setOnline(online: boolean): void {
    if (this.online === online) return;
    this.online = online;
    this.options.onOnline(online);
  }

  private wakeUps(): void {
    const { signal } = this.stop;
    const now = (): void => {
      if (!this.online) this.reconnect();
    };
    addEventListener("online", () => this.reconnect(), { signal });
    addEventListener("offline", () => this.wire.close(), { signal });
    addEventListener("pageshow", now, { signal });
    document.addEventListener(
      "visibilitychange",
      () => {
        if (document.visibilityState !== "visible") return;
        // After sleep a line may look alive: ask.
        if (this.online) void this.beat();
        else now();
      },
      { signal },
    );
  }
}
