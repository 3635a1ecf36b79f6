/** The socket: what happens, as it happens. After a gap the cursor tells what was missed. */
import { io, type Socket } from "socket.io-client";
import type { Agent, Case, Message, Person, ServiceLevel } from "./types";

/** A short loss is nobody's business. */
const SAY_AFTER = 3_000;

export interface Listener {
  onCase(of: Case): void;
  /** A case is offered to me. */
  onOffer(of: Case): void;
  onOfferGone(id: string, reason: string): void;
  onAgent(agent: Agent): void;
  onServiceLevel(told: ServiceLevel): void;
  /** A colleague asks for advice. */
  onConsult(of: Case, by: Person, note: string): void;
  /** A note names me. */
  onMention(of: Case, by: Person, note: string): void;
  onMessage(id: string, message: Message): void;
  onTyping(id: string, speaker: { kind: string; name: string }, on: boolean): void;
  onSeen(id: string, seq: number): void;
  onPacket(id: string): void;
  /** Something happened in a conversation that is watched. */
  onTrace(conversation: string): void;
  /** Connected, for the first time or again: what was missed must be fetched. */
  onConnect(): void;
  /** Lost for longer than a moment, or back. */
  onConnected(connected: boolean): void;
  onSessionOver(): void;
}

type Watched = { ok: true; messages: Message[]; cursor: number } | { ok: false };

export class Live {
  private socket: Socket | null = null;
  private lost: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly listener: Listener) {}

  start(token: string): void {
    this.stop();
    // Polling first: where a network takes a WebSocket and lets nothing through it, the other way round would wait for a time-out.
    const socket = io("/desk", { auth: { token }, reconnectionDelay: 500, reconnectionDelayMax: 10_000 });
    this.socket = socket;
    const { listener } = this;
    socket.on("case", (of: Case) => listener.onCase(of));
    socket.on("offer", (told: { case: Case }) => listener.onOffer(told.case));
    socket.on("offer_gone", (told: { case_id: string; reason: string }) => listener.onOfferGone(told.case_id, told.reason));
    socket.on("agent", (agent: Agent) => listener.onAgent(agent));
    socket.on("service_level", (told: ServiceLevel) => listener.onServiceLevel(told));
    socket.on("consult", (told: { case: Case; by: Person; note: string }) => listener.onConsult(told.case, told.by, told.note));
    socket.on("mention", (told: { case: Case; by: Person; note: string }) => listener.onMention(told.case, told.by, told.note));
    socket.on("message", (told: { case_id: string; message: Message }) => listener.onMessage(told.case_id, told.message));
    socket.on("typing", (told: { case_id: string; speaker: { kind: string; name: string }; on: boolean }) =>
      listener.onTyping(told.case_id, told.speaker, told.on),
    );
    socket.on("seen", (told: { case_id: string; seq: number }) => listener.onSeen(told.case_id, told.seq));
    socket.on("packet", (told: { case_id: string }) => listener.onPacket(told.case_id));
    socket.on("trace", (told: { conversation_id: string }) => listener.onTrace(told.conversation_id));
    socket.on("session_over", () => listener.onSessionOver());
    socket.on("connect", () => this.found());
    socket.on("disconnect", (reason) => this.missing(socket, reason));
    socket.on("connect_error", (error) => this.refused(error));
    window.addEventListener("online", this.wake);
    document.addEventListener("visibilitychange", this.wake);
  }

  stop(): void {
    clearTimeout(this.lost);
    this.lost = undefined;
    window.removeEventListener("online", this.wake);
    document.removeEventListener("visibilitychange", this.wake);
    this.socket?.removeAllListeners();
    this.socket?.disconnect();
    this.socket = null;
  }

  async watch(id: string, after: number): Promise<Watched> {
    const { socket } = this;
    if (!socket?.connected) return { ok: false };
    try {
      return (await socket.timeout(8_000).emitWithAck("watch", { case_id: id, after })) as Watched;
    } catch {
      return { ok: false };
    }
  }

  unwatch(id: string): void {
    this.say("unwatch", { case_id: id });
  }

  /** Hear of a conversation that needs no case, or no longer. */
  watchConversation(id: string, on: boolean): void {
    this.say(on ? "watch_conversation" : "unwatch_conversation", { conversation_id: id });
  }

  typing(id: string, on: boolean): void {
    this.say("typing", { case_id: id, on });
  }

  seen(id: string, seq: number): void {
    this.say("seen", { case_id: id, seq });
  }

  /** Signals are worth nothing later: without a connection they are dropped. */
  private say(event: string, data: object): void {
    if (this.socket?.connected) this.socket.emit(event, data);
  }

  private found(): void {
    clearTimeout(this.lost);
    this.lost = undefined;
    this.listener.onConnected(true);
    this.listener.onConnect();
  }

  private missing(socket: Socket, reason: string): void {
    this.lost ??= setTimeout(() => this.listener.onConnected(false), SAY_AFTER);
    // The server hung up on purpose, which the client takes as final: a restart is not the end of a shift.
    if (reason === "io server disconnect") socket.connect();
  }

  private refused(error: Error): void {
    const { data } = error as Error & { data?: { code?: string } };
    if (data?.code === "bad_token") this.listener.onSessionOver();
    else this.lost ??= setTimeout(() => this.listener.onConnected(false), SAY_AFTER);
  }

  private readonly wake = (): void => {
    if (document.visibilityState === "visible" && this.socket && !this.socket.connected) this.socket.connect();
  };
}
