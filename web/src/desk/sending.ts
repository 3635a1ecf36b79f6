/** Messages on their way: one after another in each conversation, kept through a lost connection, never sent twice. */
import { type Api, Failure, wordsOf } from "./api";
import type { Action } from "./state";
import type { Store } from "./store";
import { t } from "./text";
import type { State } from "./state";
import type { Outgoing } from "./thread";

/** Without a word from the socket a held message is tried again after so many ms. */
const AGAIN_MS = 10_000;
/** Words that waited for longer are sent only if the agent wants it. */
const STALE_MS = 600_000;

export class Sender {
  private readonly queues = new Map<string, Promise<void>>();
  private wake: (() => void)[] = [];

  constructor(
    private readonly api: Api,
    private readonly store: Store<State, Action>,
    private readonly hands: { alert(words: string): void; stale(id: string): Promise<void> },
  ) {}

  /** Puts a message in the list at once and sends it after those before it. */
  send(id: string, kind: "messages" | "notes", text: string, mentions: string[] = []): void {
    const named = mentions.length ? { mentions } : {};
    this.enqueue(id, { clientId: newId(), kind, text, at: Date.now(), state: "sending", ...named });
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
    while (this.wanted(id, message)) {
      try {
        const line = await this.api.write(id, message.kind, message.text, message.clientId, message.mentions);
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

/** Unlike `crypto.randomUUID`, also over plain HTTP inside a company's network. */
function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
