/** What the customer sent and the server has not acknowledged: kept until it is, sent in order, each once. */
import { newId } from "./forms";
import type { Problem, SaidAck } from "./protocol";

/** Older ones are no longer what the customer wants to say. */
export const KEEP_MS = 24 * 3_600_000;
export const MOST = 50;

export interface Entry {
  /** The `client_msg_id`, which makes sending it again harmless. */
  id: string;
  text: string;
  payload?: string;
  createdAt: number;
  status: "waiting" | "sending" | "failed";
  /** The last seq known when it left. */
  after?: number;
  problem?: Problem;
}

/** Where entries outlive a reload. */
export interface OutboxStore {
  all(): Promise<Entry[]>;
  put(entry: Entry): Promise<void>;
  delete(id: string): Promise<void>;
  clear(): Promise<void>;
}

export interface OutboxOptions {
  store: OutboxStore;
  /** Resolves with the server's answer; rejects if none came, and the entry then waits for the next flush. */
  send: (entry: Entry) => Promise<SaidAck>;
  /** The last seq known now. */
  cursor: () => number;
  onChange: () => void;
  onSent: (entry: Entry, seq: number) => void;
  onFailed: (entry: Entry) => void;
  now?: () => number;
}

export class Outbox {
  entries: Entry[] = [];
  private flushing = false;
  private readonly now: () => number;

  constructor(private readonly options: OutboxOptions) {
    this.now = options.now ?? Date.now;
  }

  /** Takes over what an earlier page left; what was being sent then waits again. */
  async load(): Promise<void> {
    const kept = await this.options.store.all();
    const fresh = kept.filter((entry) => this.now() - entry.createdAt < KEEP_MS);
    const stale = kept.filter((entry) => !fresh.includes(entry));
    await Promise.all(stale.map((entry) => this.options.store.delete(entry.id)));
    const known = new Set(this.entries.map((entry) => entry.id));
    const old = fresh.filter((entry) => !known.has(entry.id)).map(waitAgain);
    this.entries = [...old, ...this.entries].sort((a, b) => a.createdAt - b.createdAt);
    this.options.onChange();
  }

  /** False if too many wait already; nothing is taken then. */
  add(text: string, payload?: string): boolean {
    if (this.entries.length >= MOST) return false;
    const last = this.entries.at(-1)?.createdAt ?? 0;
    const entry: Entry = {
      id: newId(),
      text,
      createdAt: Math.max(this.now(), last + 1),
      status: "waiting",
      ...(payload === undefined ? {} : { payload }),
    };
    this.entries = [...this.entries, entry];
    this.options.onChange();
    void this.options.store.put(entry);
    return true;
  }

  /** Sends what waits, one after the other. Called after adding and after each reconnect; safe at any time. */
  async flush(): Promise<void> {
    if (this.flushing) return;
    this.flushing = true;
    try {
      for (let entry = this.next(); entry; entry = this.next()) await this.sendOne(entry);
    } catch {
      // No answer: the connection is gone, and the next one flushes again.
    } finally {
      this.flushing = false;
    }
  }

  retry(id: string): void {
    const entry = this.entries.find((one) => one.id === id);
    if (entry?.problem?.code === "message_id_reused") {
      // Under this id the server has another message: it goes as a new one.
      this.remove(id);
      this.add(entry.text, entry.payload);
    } else this.change(id, ({ problem: _, after: __, ...rest }) => ({ ...rest, status: "waiting" }));
  }

  /** Also when the server shows that it has the message, whatever became of the acknowledgement. */
  remove(id: string): void {
    if (!this.entries.some((entry) => entry.id === id)) return;
    this.entries = this.entries.filter((entry) => entry.id !== id);
    this.options.onChange();
    void this.options.store.delete(id);
  }

  async clear(): Promise<void> {
    this.entries = [];
    this.options.onChange();
    await this.options.store.clear();
  }

  private next(): Entry | undefined {
    return this.entries.find((entry) => entry.status === "waiting");
  }

  private async sendOne(entry: Entry): Promise<void> {
    const leaving = this.change(entry.id, (now) => ({ ...now, status: "sending", after: this.options.cursor() }));
    try {
      const ack = await this.options.send(leaving);
      if (!this.entries.some((other) => other.id === entry.id)) return;
      if (ack.ok) {
        this.options.onSent(leaving, ack.seq);
        this.remove(entry.id);
      } else {
        this.options.onFailed(this.change(entry.id, (now) => ({ ...now, status: "failed", problem: ack.error })));
      }
    } catch (error) {
      this.change(entry.id, waitAgain);
      throw error;
    }
  }

  private change(id: string, how: (entry: Entry) => Entry): Entry {
    let changed: Entry | undefined;
    this.entries = this.entries.map((entry) => (entry.id === id ? (changed = how(entry)) : entry));
    if (!changed) throw new Error("no such entry");
    this.options.onChange();
    void this.options.store.put(changed);
    return changed;
  }
}

function waitAgain({ after: _, ...entry }: Entry): Entry {
  return { ...entry, status: entry.status === "failed" ? "failed" : "waiting" };
}
