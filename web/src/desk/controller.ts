/** What the desk does: calls and acts. What the server tells is in told.ts. Components read the store and call this. */
import { type Announcer } from "../shared/announcer";
import { when } from "../shared/formats";
import { Api, Failure, wordsOf } from "./api";
import { serverNow } from "./clock";
import { DEFAULTS, loadOutbox, loadToken, saveOutbox, saveToken, type Settings } from "./drafts";
import { lead } from "./leader";
import { Live } from "./live";
import { isMine, offeredTo } from "./order";
import { Sender } from "./sending";
import { type Action, offersOf, reduce, START, type State, threadOf, type Toast } from "./state";
import { createStore, type Store } from "./store";
import { t } from "./text";
import { Told } from "./told";
import type { AgentState, Tab } from "./types";
import { withTitle } from "./words";

const TOAST_MS = 5_000;
const PACKET_MS = 250;
/** Tabs that are kept up to date all the time; the others when they are shown. */
const LIVE_TABS: Tab[] = ["mine", "waiting", "all"];

export class Desk {
  readonly store: Store<State, Action> = createStore(START, reduce);
  readonly api = new Api();
  readonly live: Live;
  readonly sender: Sender;
  /** Cases that are or were just offered to me: their end is worth a word. */
  readonly offered = new Set<string>();
  settings: () => Settings = () => DEFAULTS;
  announcer: Announcer | null = null;
  private readonly told = new Told(this);
  private toastId = 0;
  private packetTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.api.onSignedOut = () => this.over();
    this.live = new Live(this.told);
    this.sender = new Sender(this.api, this.store, {
      alert: (words) => this.announcer?.alert(words),
      stale: (id) => this.refresh(id),
      undo: () => (this.settings().undo ? this.state.options.undo_seconds * 1000 : 0),
    });
    window.addEventListener("pagehide", () => this.sender.leave());
    window.addEventListener("beforeunload", (event) => this.sender.holdsFiles && event.preventDefault());
    let outbox = this.store.get().outbox;
    this.store.subscribe(() => {
      const { user, outbox: now } = this.store.get();
      if (user && now !== outbox) saveOutbox(user.id, now);
      outbox = now;
    });
    lead();
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
    // What is shown first is asked for first: it needn't wait for the socket, after which all lists are looked at again.
    void this.loadList(this.state.tab);
    const [user, { codes }, { templates }, { intents, queues }, options] = await Promise.all([
      this.api.me(),
      this.api.wrapupCodes(),
      this.api.templates(),
      this.api.labels(),
      this.api.options(),
    ]);
    this.store.dispatch({ type: "options", options });
    const outbox = loadOutbox(user.id);
    this.store.dispatch({ type: "signed-in", user, outbox });
    this.sender.takeUp(outbox);
    this.store.dispatch({ type: "words", codes, templates, intents, queues });
    this.live.start(this.api.token ?? "");
  }

  async signOut(): Promise<void> {
    await this.sender.settleAll();
    this.live.stop();
    await this.api.logout().catch(() => undefined);
    this.forget(false);
  }

  /** The token is void. */
  over(): void {
    if (this.state.user || this.state.restoring) this.forget(this.state.user !== null || loadToken() !== null);
  }

  private forget(over: boolean): void {
    this.live.stop();
    this.told.silence();
    this.offered.clear();
    this.api.token = null;
    saveToken(null);
    this.store.dispatch({ type: "signed-out", over });
  }

  async setState(state: AgentState): Promise<void> {
    this.store.dispatch({ type: "taken-away", away: false });
    await this.trying(async () => this.store.dispatch({ type: "user", user: await this.api.setState(state) }));
  }

  // -- lists and conversations ----------------------------------------------------------------------------------------

  /** After each connection: me and my colleagues, lists anew, the open conversation from its cursor, what is held. */
  async catchUp(): Promise<void> {
    const { selected, tab } = this.state;
    const lists = LIVE_TABS.map((one) => this.loadList(one));
    if (!LIVE_TABS.includes(tab)) lists.push(this.loadList(tab));
    this.sender.goOn();
    await Promise.all([...lists, this.loadAgents(), this.loadCallbacks(), selected ? this.follow(selected) : undefined]);
    const me = this.state.user?.id ?? "";
    for (const of of Object.values(this.state.cases)) if (offeredTo(of, me)) this.offered.add(of.id);
  }

  async loadAgents(): Promise<void> {
    try {
      const { agents } = await this.api.agents();
      this.store.dispatch({ type: "agents", agents });
    } catch {
      // Names of colleagues come with the next connection; nothing waits for them.
    }
  }

  async loadCallbacks(): Promise<void> {
    try {
      const { callbacks } = await this.api.callbacks();
      this.store.dispatch({ type: "callbacks", callbacks });
    } catch {
      // Cases are there without the times; they come with the next look.
    }
  }

  /** An act on a call-back; its times are read again. */
  async callback(id: string, act: () => Promise<unknown>, words: string): Promise<void> {
    const done = await this.trying(act, id);
    if (!done) return;
    this.toast({ text: words, tone: "ok" });
    await Promise.all([this.loadCallbacks(), this.refresh(id)]);
  }

  /** A question to a colleague; the case stays mine. Raises `Failure` for the sheet to show. */
  async consult(id: string, agentId: string, note: string): Promise<void> {
    await this.api.act(id, "consult", { agent_id: agentId, note });
    this.toast({ text: t("{name} 상담원에게 물었어요", { name: this.state.agents[agentId]?.name ?? "" }), tone: "ok" });
  }

  /** The case comes back to me later. Raises `Failure` for the sheet to show. */
  async followUp(id: string, at: string, note: string): Promise<void> {
    this.store.dispatch({ type: "case", case: await this.api.followUp(id, at, note) });
    this.toast({ text: t("{time}에 다시 올 거예요", { time: when(at) }), tone: "ok" });
    void this.loadCallbacks();
  }

  /** From the colleague who has it. */
  async takeOver(id: string): Promise<void> {
    const done = await this.trying(async () => this.store.dispatch({ type: "case", case: await this.api.takeOver(id) }), id);
    if (!done) return;
    this.showTab("mine");
    this.toast({ text: t("상담을 가져왔어요"), tone: "ok", open: id });
  }

  /** For a colleague. Raises `Failure` for the dialog to show. */
  async assign(id: string, agentId: string, note: string): Promise<void> {
    this.store.dispatch({ type: "case", case: await this.api.assign(id, agentId, note) });
    this.toast({ text: t("{name} 상담원에게 배정했어요", { name: this.state.agents[agentId]?.name ?? "" }), tone: "ok" });
  }

  /** While a case is wrapped up nothing new is offered; gives what ends that. An offer that is there already stays. */
  wrapUp(): () => void {
    const offered = offersOf(this.state, serverNow()).length > 0;
    if (this.state.user?.state !== "available" || offered) return () => undefined;
    void this.setState("wrapup");
    return () => {
      if (this.state.user?.state === "wrapup") void this.setState("available");
    };
  }

  async setSlots(id: string, slots: Record<string, string>): Promise<boolean> {
    const done = await this.trying(async () => this.store.dispatch({ type: "case", case: await this.api.setSlots(id, slots) }), id);
    if (done) this.toast({ text: t("저장했어요"), tone: "ok" });
    return done;
  }

  async tag(id: string, tags: string[]): Promise<void> {
    await this.trying(async () => this.store.dispatch({ type: "case", case: await this.api.tag(id, tags) }), id);
  }

  async loadList(tab: Tab, more = false): Promise<void> {
    this.store.dispatch({ type: "list-loading", tab });
    const before = more ? null : this.state.cases;
    const { token } = this.api;
    try {
      const cursor = more ? this.state.lists[tab].cursor : null;
      const page = await this.api.cases(tab, cursor ?? undefined);
      // Somebody else may have signed in meanwhile.
      if (token !== this.api.token) return;
      this.store.dispatch({ type: "list", tab, cases: page.cases, cursor: page.cursor, before });
    } catch (error) {
      this.store.dispatch({ type: "list-failed", tab, why: wordsOf(error) });
    }
  }

  showTab(tab: Tab): void {
    this.store.dispatch({ type: "tab", tab });
    if (!LIVE_TABS.includes(tab)) void this.loadList(tab);
    if (tab === "callbacks") void this.loadCallbacks();
  }

  async open(id: string | null): Promise<void> {
    const before = this.state.selected;
    if (before === id) return;
    if (before) this.live.unwatch(before);
    this.store.dispatch({ type: "select", id });
    if (!id) return;
    const known = this.state.cases[id] ? undefined : this.refresh(id);
    await Promise.all([known, this.follow(id), this.loadPacket(id)]);
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

  /** The customer was forgotten: nothing of the conversation stays on this page, what is left of the case is read anew. */
  async forgotten(id: string): Promise<void> {
    await this.open(null);
    this.store.dispatch({ type: "forgotten", id });
    await this.refresh(id);
  }

  async loadPacket(id: string): Promise<void> {
    this.store.dispatch({ type: "packet-loading", id });
    try {
      this.store.dispatch({ type: "packet", id, packet: await this.api.packet(id) });
    } catch (error) {
      this.store.dispatch({ type: "packet-failed", id, why: wordsOf(error) });
    }
  }

  /** Several changes in a row are one look. */
  packetChanged(id: string): void {
    clearTimeout(this.packetTimer);
    this.packetTimer = setTimeout(() => void this.loadPacket(id), PACKET_MS);
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
    const me = this.state.user?.id ?? "";
    const twice = this.state.cases[id] && isMine(this.state.cases[id], me);
    this.offered.delete(id);
    await this.trying(async () => {
      const taken = await this.api.act(id, "accept");
      this.store.dispatch({ type: "case", case: taken });
      const words = twice ? t("이미 받은 상담이에요") : t("{name} 상담을 받았어요", { name: withTitle(taken.customer.name) });
      if (open || this.state.selected === id) this.showTab("mine");
      if (open) await this.open(id);
      if (twice || this.state.selected !== id) this.toast({ text: words, tone: "ok", open: id });
    }, id);
  }

  async decline(id: string, reason = ""): Promise<void> {
    this.offered.delete(id);
    await this.trying(async () => {
      const changed = await this.api.act(id, "decline", { reason });
      this.store.dispatch({ type: "case", case: changed });
      this.toast({ text: t("다른 상담원에게 넘겼어요"), tone: "info" });
    }, id);
  }

  /** Transfer, return or close. Raises `Failure` for the sheet to show. */
  async end(id: string, act: "transfer" | "return" | "close", body: object): Promise<void> {
    // What was written last belongs to the case that ends.
    if (await this.sender.settle(id)) await this.refresh(id);
    const version = this.state.cases[id]?.version;
    try {
      const changed = await this.api.act(id, act, { ...body, ...(version ? { version } : {}) });
      this.store.dispatch({ type: "case", case: changed });
      const done = {
        transfer: changed.target ? t("{name} 님에게 전달했어요", { name: changed.target.name }) : t("대기 목록으로 전달했어요"),
        return: t("AI에게 돌려줬어요"),
        close: t("상담을 마무리했어요"),
      };
      this.toast({ text: done[act], tone: "ok" });
    } catch (error) {
      if (error instanceof Failure && error.stale) await this.refresh(id);
      throw error;
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

  // -- words ----------------------------------------------------------------------------------------------------------

  toast(toast: Omit<Toast, "id">, ms = TOAST_MS): void {
    const id = (this.toastId += 1);
    this.store.dispatch({ type: "toast", toast: { ...toast, id } });
    setTimeout(() => this.store.dispatch({ type: "toast-gone", id }), ms);
  }

  /** Runs an act; a failure is said in a toast, and what it was about is looked at again. */
  async trying(act: () => Promise<unknown>, id?: string): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (error) {
      if (error instanceof Failure && error.signedOut) return false;
      this.toast({ text: wordsOf(error), tone: "danger" });
      this.announcer?.alert(wordsOf(error));
      if (id && error instanceof Failure && (error.stale || error.status === 404)) await this.refresh(id);
      return false;
    }
  }
}
