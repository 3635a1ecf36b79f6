/** What the desk does: calls, live events and what follows from them. Components read the store and call this. */
import { type Announcer } from "../shared/announcer";
import { type Tone, notify, play } from "./alerts";
import { Api, Failure, wordsOf } from "./api";
import { loadOutbox, loadToken, saveOutbox, saveToken, type Settings } from "./drafts";
import { attachWord } from "./josa";
import { Live } from "./live";
import { isMine, isWaiting } from "./order";
import { type Action, reduce, START, type State, threadOf, type Toast } from "./state";
import { createStore, type Store } from "./store";
import type { Outgoing } from "./thread";
import type { AgentState, Case, Message, Tab } from "./types";
import { withTitle } from "./words";

/** A typing mark without news is over. */
const TYPING_MS = 6_000;
const TOAST_MS = 5_000;
const PACKET_MS = 250;
const OPEN_TABS: Tab[] = ["mine", "waiting", "all"];

export class Desk {
  readonly store: Store<State, Action> = createStore(START, reduce);
  readonly api = new Api();
  readonly live: Live;
  settings: () => Settings = () => ({ theme: "auto", density: "comfortable", sound: false, notices: false, singleKeys: true });
  announcer: Announcer | null = null;
  private toastId = 0;
  private queues = new Map<string, Promise<void>>();
  private packetTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.api.onSignedOut = () => this.over();
    this.live = new Live({
      onCase: (of) => this.caseTold(of),
      onMessage: (id, message) => this.messageTold(id, message),
      onTyping: (id, speaker, on) => this.typingTold(id, speaker, on),
      onSeen: (id, seq) => this.store.dispatch({ type: "seen-by-customer", id, seq }),
      onPacket: (id) => this.packetTold(id),
      onConnect: () => void this.catchUp(),
      onConnected: (connected) => this.store.dispatch({ type: "connected", connected }),
      onSessionOver: () => this.over(),
    });
    let outbox = this.store.get().outbox;
    this.store.subscribe(() => {
      const { user, outbox: now } = this.store.get();
      if (user && now !== outbox) saveOutbox(user.id, now);
      outbox = now;
    });
  }

  get state(): State {
    return this.store.get();
  }

  // -- signing in and out ---------------------------------------------------------------------------------------------

  async restore(): Promise<void> {
    const token = loadToken();
    if (!token) return this.store.dispatch({ type: "signed-out", over: false });
    this.api.token = token;
    try {
      await this.begin();
    } catch (error) {
      if (error instanceof Failure && error.signedOut) return;
      this.store.dispatch({ type: "signed-out", over: false, unreached: wordsOf(error) });
    }
  }

  async signIn(username: string, password: string): Promise<void> {
    this.api.token = null;
    const { token } = await this.api.login(username, password);
    this.api.token = token;
    saveToken(token);
    await this.begin();
  }

  private async begin(): Promise<void> {
    const [user, { codes }, { templates }, { intents }] = await Promise.all([
      this.api.me(),
      this.api.wrapupCodes(),
      this.api.templates(),
      this.api.labels(),
    ]);
    this.store.dispatch({ type: "signed-in", user, outbox: loadOutbox(user.id) });
    this.store.dispatch({ type: "words", codes, templates, intents });
    this.live.start(this.api.token ?? "");
  }

  async signOut(): Promise<void> {
    this.live.stop();
    await this.api.logout().catch(() => undefined);
    this.forget(false);
  }

  private over(): void {
    if (this.state.user || this.state.restoring) this.forget(this.state.user !== null || loadToken() !== null);
  }

  private forget(over: boolean): void {
    this.live.stop();
    this.api.token = null;
    saveToken(null);
    this.store.dispatch({ type: "signed-out", over });
  }

  async setState(state: AgentState): Promise<void> {
    await this.trying(async () => this.store.dispatch({ type: "user", user: await this.api.setState(state) }));
  }

  // -- lists and conversations ----------------------------------------------------------------------------------------

  /** After each connection: lists anew, the open conversation from its cursor. */
  private async catchUp(): Promise<void> {
    const { selected, tab } = this.state;
    const lists = OPEN_TABS.map((one) => this.loadList(one));
    if (tab === "closed") lists.push(this.loadList("closed"));
    await Promise.all([...lists, selected ? this.follow(selected) : undefined]);
  }

  async loadList(tab: Tab, more = false): Promise<void> {
    this.store.dispatch({ type: "list-loading", tab });
    const before = more ? null : this.state.cases;
    try {
      const cursor = more ? this.state.lists[tab].cursor : null;
      const page = await this.api.cases(tab, cursor ?? undefined);
      this.store.dispatch({ type: "list", tab, cases: page.cases, cursor: page.cursor, before });
    } catch (error) {
      this.store.dispatch({ type: "list-failed", tab, why: wordsOf(error) });
    }
  }

  showTab(tab: Tab): void {
    this.store.dispatch({ type: "tab", tab });
    if (tab === "closed") void this.loadList("closed");
  }

  async open(id: string | null): Promise<void> {
    const before = this.state.selected;
    if (before === id) return;
    if (before) this.live.unwatch(before);
    this.store.dispatch({ type: "select", id });
    // What is open offers itself.
    if (id) this.store.dispatch({ type: "offer-gone", id });
    if (id) await Promise.all([this.follow(id), this.loadPacket(id)]);
  }

  /** Watches a conversation and fetches what isn't here yet; over HTTP where the socket is down. */
  async follow(id: string): Promise<void> {
    const { cursor, status } = threadOf(this.state, id);
    if (status !== "ready") this.store.dispatch({ type: "thread-loading", id });
    try {
      const watched = await this.live.watch(id, cursor);
      const found = watched.ok ? watched : await this.api.messages(id, cursor);
      this.store.dispatch({ type: "messages", id, messages: found.messages, cursor: found.cursor });
    } catch (error) {
      this.store.dispatch({ type: "thread-failed", id, why: wordsOf(error) });
    }
  }

  async loadPacket(id: string): Promise<void> {
    this.store.dispatch({ type: "packet-loading", id });
    try {
      this.store.dispatch({ type: "packet", id, packet: await this.api.packet(id) });
    } catch (error) {
      this.store.dispatch({ type: "packet-failed", id, why: wordsOf(error) });
    }
  }

  async refresh(id: string): Promise<void> {
    try {
      this.store.dispatch({ type: "case", case: await this.api.case(id) });
      await this.follow(id);
    } catch {
      // What is shown stays; the next event or connection brings the rest.
    }
  }

  // -- acts -----------------------------------------------------------------------------------------------------------

  /** Takes a case. The open conversation, its draft and caret stay where they are, unless nothing is open. */
  async accept(id: string, open = !this.state.selected): Promise<void> {
    await this.trying(async () => {
      const taken = await this.api.act(id, "accept");
      this.store.dispatch({ type: "case", case: taken });
      this.store.dispatch({ type: "offer-gone", id });
      if (open) {
        this.showTab("mine");
        await this.open(id);
      } else if (this.state.selected !== id) {
        this.toast({ text: `${withTitle(taken.customer.name)} 상담을 받았어요`, tone: "ok", open: id });
      } else this.showTab("mine");
    }, id);
  }

  async decline(id: string): Promise<void> {
    this.store.dispatch({ type: "declined", id });
    await this.trying(() => this.api.act(id, "decline"), id);
  }

  /** Transfer, return or close. Raises `Failure` for the sheet to show. */
  async end(id: string, act: "transfer" | "return" | "close", body: object): Promise<void> {
    const version = this.state.cases[id]?.version;
    try {
      const changed = await this.api.act(id, act, { ...body, ...(version ? { version } : {}) });
      this.store.dispatch({ type: "case", case: changed });
    } catch (error) {
      if (error instanceof Failure && error.stale) await this.refresh(id);
      throw error;
    }
    const done = { transfer: "대기 목록으로 전달했어요", return: "AI에게 돌려줬어요", close: "상담을 마무리했어요" };
    this.toast({ text: done[act], tone: "ok" });
  }

  /** Puts a message in the list at once and sends it after those before it. */
  send(id: string, kind: "messages" | "notes", text: string): void {
    const message: Outgoing = { clientId: newId(), kind, text, at: Date.now(), state: "sending" };
    this.enqueue(id, message);
  }

  resend(id: string, message: Outgoing): void {
    const { why: _, ...rest } = message;
    this.enqueue(id, { ...rest, state: "sending" });
  }

  dropOutgoing(id: string, clientId: string): void {
    this.store.dispatch({ type: "outgoing-dropped", id, clientId });
  }

  private enqueue(id: string, message: Outgoing): void {
    this.store.dispatch({ type: "outgoing", id, message });
    const before = this.queues.get(id) ?? Promise.resolve();
    this.queues.set(id, before.then(() => this.deliver(id, message)));
  }

  private async deliver(id: string, message: Outgoing): Promise<void> {
    try {
      const line = await this.api.write(id, message.kind, message.text, message.clientId);
      this.store.dispatch({ type: "messages", id, messages: [line], cursor: 0 });
      this.store.dispatch({ type: "outgoing-dropped", id, clientId: message.clientId });
    } catch (error) {
      this.store.dispatch({ type: "outgoing-failed", id, clientId: message.clientId, why: wordsOf(error) });
      this.announcer?.alert("보내지 못했어요. 다시 보내 주세요");
      if (error instanceof Failure && error.stale) await this.refresh(id);
    }
  }

  /** The newest line is in view. */
  read(id: string): void {
    const of = this.state.cases[id];
    const last = threadOf(this.state, id).messages.at(-1);
    if (!of?.unread || !last || !isMine(of, this.state.user?.id ?? "")) return;
    this.live.seen(id, last.seq);
    this.store.dispatch({ type: "read", id });
  }

  // -- what is told ---------------------------------------------------------------------------------------------------

  private caseTold(of: Case): void {
    const known = this.state.cases[of.id];
    this.store.dispatch({ type: "case", case: of });
    const arrived = isWaiting(of) && (!known || !isWaiting(known));
    if (arrived && this.state.user?.state === "available" && known?.agent?.id !== this.state.user.id) this.offer(of);
    const mine = isMine(of, this.state.user?.id ?? "");
    const more = of.unread > (known?.unread ?? 0);
    if (mine && more && (document.hidden || this.state.selected !== of.id)) {
      this.attention("message", `${withTitle(of.customer.name)} 새 메시지`, of.id);
    }
  }

  private offer(of: Case): void {
    if (of.id === this.state.selected) return this.attention("offer", "새 상담이 들어왔어요", of.id);
    this.store.dispatch({ type: "offer", id: of.id, at: Date.now() });
    if (!this.state.offers.some((offer) => offer.id === of.id)) return;
    this.announcer?.say(`새 상담이 들어왔어요. ${withTitle(of.customer.name)}, ${of.goal ?? of.reason.text}. F2로 받아요`);
    this.attention("offer", "새 상담이 들어왔어요", of.id);
  }

  private attention(tone: Tone, title: string, id: string): void {
    const { sound, notices } = this.settings();
    if (sound) play(tone);
    if (notices && document.hidden) notify(title, () => void this.open(id));
  }

  private messageTold(id: string, message: Message): void {
    this.store.dispatch({ type: "messages", id, messages: [message], cursor: message.seq });
    if (id === this.state.selected && message.speaker.kind === "customer") {
      const name = withTitle(this.state.cases[id]?.customer.name ?? "고객");
      this.announcer?.say(`${name}: ${message.text}`);
    }
  }

  private typingTold(id: string, speaker: { kind: string; name: string }, on: boolean): void {
    const customer = speaker.kind === "customer";
    const until = on ? Date.now() + TYPING_MS : 0;
    this.store.dispatch({ type: "typing", id, customer, name: speaker.name, until });
    if (!customer && on) {
      setTimeout(() => this.store.dispatch({ type: "typing", id, customer, name: "", until: 0 }), TYPING_MS);
    }
  }

  private packetTold(id: string): void {
    if (id !== this.state.selected) return;
    clearTimeout(this.packetTimer);
    this.packetTimer = setTimeout(() => void this.loadPacket(id), PACKET_MS);
  }

  // -- words ----------------------------------------------------------------------------------------------------------

  toast(toast: Omit<Toast, "id">): void {
    const id = (this.toastId += 1);
    this.store.dispatch({ type: "toast", toast: { ...toast, id } });
    setTimeout(() => this.store.dispatch({ type: "toast-gone", id }), TOAST_MS);
  }

  /** Runs an act; a failure is said in a toast, and what it was about is looked at again. */
  private async trying(act: () => Promise<unknown>, id?: string): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (error instanceof Failure && error.signedOut) return;
      this.toast({ text: wordsOf(error), tone: "danger" });
      this.announcer?.alert(wordsOf(error));
      if (id && error instanceof Failure && (error.stale || error.status === 404)) {
        this.store.dispatch({ type: "offer-gone", id });
        await this.refresh(id);
      }
    }
  }
}

/** "김서연 님이 입력 중이에요" */
export function typingWords(name: string): string {
  return `${attachWord(withTitle(name), "이/가")} 입력 중이에요`;
}

/** Unlike `crypto.randomUUID`, also over plain HTTP inside a company's network. */
function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
