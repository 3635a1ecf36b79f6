/** Messages on their way: one after another in each conversation, kept through a lost connection, never sent twice. */
import { type Api, Failure, type Words, wordsOf } from "./api";
import type { Action } from "./state";
import type { Store } from "./store";
import { t } from "./text";
import type { State } from "./state";
import type { Message } from "./types";
import type { Outgoing } from "./thread";

interface Hands {
  alert(words: string): void;
  stale(id: string): Promise<void>;
  /** For so many ms a message can be called back; 0: it goes at once. */
  undo(): number;
}

/** Without a word from the socket a held message is tried again after so many ms. */
const AGAIN_MS = 10_000;
/** Words that waited for longer are sent only if the agent wants it. */
const STALE_MS = 600_000;

export class Sender {
  private readonly queues = new Map<string, Promise<void>>();
  private wake: (() => void)[] = [];
  /** By message: ends the time in which it can be called back. */
  private readonly waiting = new Map<string, () => void>();

  constructor(
    private readonly api: Api,
    private readonly store: Store<State, Action>,
    private readonly hands: Hands,
  ) {}

  /** Puts a message in the list at once and sends it after those before it. */
  send(id: string, kind: "messages" | "notes", text: string, mentions: string[] = []): void {
    const named = mentions.length ? { mentions } : {};
    this.add(id, { clientId: newId(), kind, text, at: Date.now(), state: "sending", ...named });
  }

  /** What the agent wrote, in the customer's language. */
  sendTranslated(id: string, text: string, translated: { original: string; language: string }): void {
    this.add(id, { clientId: newId(), kind: "messages", text, at: Date.now(), state: "sending", translated });
  }

  sendFile(id: string, file: File): void {
    this.add(id, { clientId: newId(), kind: "messages", text: file.name, at: Date.now(), state: "sending", file });
  }

  private add(id: string, message: Outgoing): void {
    const undo = message.kind === "messages" ? this.hands.undo() : 0;
    this.enqueue(id, undo > 0 ? { ...message, state: "undo", until: message.at + undo } : message);
  }

  /** What can be called back last; null if all is on its way. */
  lastUndoable(id: string): Outgoing | null {
    return (this.store.get().outbox[id] ?? []).filter(({ state }) => state === "undo").at(-1) ?? null;
  }

  /** Nobody gets it. */
  callBack(id: string, clientId: string): void {
    this.drop(id, clientId);
    this.waiting.get(clientId)?.();
  }

  /** Everything of a conversation is on its way, called back no more; whether anything was waiting. */
  async settle(id: string): Promise<boolean> {
    const held = (this.store.get().outbox[id] ?? []).filter(({ state }) => state === "undo");
    for (const { clientId } of held) this.waiting.get(clientId)?.();
    if (held.length) await this.queues.get(id);
    return held.length > 0;
  }

  async settleAll(): Promise<void> {
    await Promise.all(Object.keys(this.store.get().outbox).map((id) => this.settle(id)));
  }

  /** No more time to call anything back: who leaves the page has meant it. */
  leave(): void {
    for (const [id, messages] of Object.entries(this.store.get().outbox)) {
      for (const message of messages) {
        if (message.state === "undo" && !message.file) this.api.writeLeaving(id, wordsIn(message));
      }
    }
  }

  /** Whether a file would be lost with the page. */
  get holdsFiles(): boolean {
    return Object.values(this.store.get().outbox).some((messages) => messages.some(({ file, state }) => file && state !== "failed"));
  }

  /**
   * What was on its way when the page was left is sent again: the server takes each id once. What is older is left to the
   * agent, as it may not fit any more.
   */
  takeUp(outbox: Record<string, Outgoing[]>, now = Date.now()): void {
    for (const [id, messages] of Object.entries(outbox)) {
      for (const message of messages) {
        if (message.state === "failed") continue;
        if (now - message.at < STALE_MS) this.resend(id, message);
        else this.store.dispatch({ type: "outgoing-failed", id, clientId: message.clientId, why: t("보내지 못했어요") });
      }
    }
  }

  resend(id: string, message: Outgoing): void {
    const { why: _, ...rest } = message;
    this.enqueue(id, { ...rest, state: "sending" });
  }

  drop(id: string, clientId: string): void {
    this.store.dispatch({ type: "outgoing-dropped", id, clientId });
  }

  /** The server is reached again: what is held goes on. */
  goOn(): void {
    const waiting = this.wake;
    this.wake = [];
    for (const wake of waiting) wake();
  }

  private enqueue(id: string, message: Outgoing): void {
    this.store.dispatch({ type: "outgoing", id, message });
    const before = this.queues.get(id) ?? Promise.resolve();
    this.queues.set(
      id,
      before.then(() => this.deliver(id, message)),
    );
  }

  private async deliver(id: string, message: Outgoing): Promise<void> {
    await this.undoTime(message);
    while (this.wanted(id, message)) {
      try {
        const line = await this.write(id, message);
        this.store.dispatch({ type: "messages", id, messages: [line], cursor: 0 });
        this.drop(id, message.clientId);
        return;
      } catch (error) {
        if (error instanceof Failure && error.unreached) {
          this.store.dispatch({ type: "outgoing-held", id, clientId: message.clientId });
          await this.reached();
          continue;
        }
        this.store.dispatch({ type: "outgoing-failed", id, clientId: message.clientId, why: wordsOf(error) });
        this.hands.alert(t("보내지 못했어요. 다시 보내 주세요"));
        if (error instanceof Failure && error.stale) await this.hands.stale(id);
        return;
      }
    }
  }

  private write(id: string, message: Outgoing): Promise<Message> {
    const { clientId, kind, file } = message;
    const leaves = (share: number): void => this.store.dispatch({ type: "outgoing-leaves", id, clientId, share });
    if (message.until) leaves(0);
    return file ? this.api.sendFile(id, file, clientId, leaves) : this.api.write(id, kind, wordsIn(message));
  }

  private undoTime({ clientId, until }: Outgoing): Promise<void> {
    const left = (until ?? 0) - Date.now();
    if (left <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.waiting.delete(clientId);
        resolve();
      };
      const timer = setTimeout(done, left);
      this.waiting.set(clientId, done);
    });
  }

  /** Not dropped meanwhile, and nobody signed out. */
  private wanted(id: string, message: Outgoing): boolean {
    return (this.store.get().outbox[id] ?? []).some((one) => one.clientId === message.clientId);
  }

  private reached(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, AGAIN_MS);
      this.wake.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

function wordsIn({ clientId, text, mentions, translated }: Outgoing): Words {
  return { text, client_msg_id: clientId, ...(mentions ? { mentions } : {}), ...translated };
}

/** Unlike `crypto.randomUUID`, also over plain HTTP inside a company's network. */
function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
