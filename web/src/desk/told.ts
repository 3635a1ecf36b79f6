/** What the server tells, and what the desk makes of it: words, tones, notices. */
import { type Tone, notify, play } from "./alerts";
import { serverNow } from "./clock";
import type { Desk } from "./controller";
import { attachWord } from "./josa";
import { leads } from "./leader";
import type { Listener } from "./live";
import { isMine, isWaiting, offeredTo } from "./order";
import { offersOf, threadOf } from "./state";
import { t } from "./text";
import type { Agent, Case, Message, Person, ServiceLevel } from "./types";
import { nameOf, withTitle } from "./words";

/** A typing mark without news is over. */
const TYPING_MS = 6_000;
/** Who is taken to be away hears of it so soon after the offer that was missed last. */
const AFTER_MISSED_MS = 3_000;
/** The tone of an offer is repeated until it is answered. */
const RING_MS = 5_000;
const ADVICE_MS = 30_000;

/** What an offer's end is called where it wasn't my own doing. */
const GONE: Record<string, string> = {
  missed: "시간이 지나 다음 상담원에게 넘어갔어요",
  left: "상담 가능 상태가 아니어서 다음 상담원에게 넘어갔어요",
  another_picked: "다른 상담을 먼저 받으셔서 다음 상담원에게 넘어갔어요",
  left_queue: "고객이 대기를 취소했어요",
};

export class Told implements Listener {
  private missedAt = 0;
  private ringing = new Map<string, ReturnType<typeof setInterval>>();

  constructor(private readonly desk: Desk) {}

  private get me(): string {
    return this.desk.state.user?.id ?? "";
  }

  // -- cases and offers -----------------------------------------------------------------------------------------------

  onCase(of: Case): void {
    const { desk } = this;
    const known = desk.state.cases[of.id];
    desk.store.dispatch({ type: "case", case: of });
    if (offeredTo(of, this.me)) desk.offered.add(of.id);
    else this.quiet(of.id);
    const more = of.unread > (known?.unread ?? 0);
    if (isMine(of, this.me) && more && (document.hidden || desk.state.selected !== of.id)) {
      this.attention("message", t("{name} 새 메시지", { name: withTitle(of.customer.name) }), of.id);
    }
  }

  onOffer(of: Case): void {
    this.desk.store.dispatch({ type: "case", case: of });
    this.desk.offered.add(of.id);
    const name = withTitle(of.customer.name);
    this.desk.announcer?.say(t("새 상담이 들어왔어요. {name}, {why}. F2로 받아요", { name, why: of.goal ?? of.reason.text }));
    const ring = (): void => {
      const open = offersOf(this.desk.state, serverNow()).some(({ id }) => id === of.id);
      if (open) this.attention("offer", t("새 상담이 들어왔어요"), of.id);
      else this.quiet(of.id);
    };
    this.quiet(of.id);
    this.ringing.set(of.id, setInterval(ring, RING_MS));
    ring();
  }

  onOfferGone(id: string, reason: string): void {
    const { desk } = this;
    this.quiet(id);
    const of = desk.state.cases[id];
    const wasMine = desk.offered.delete(id);
    if (!wasMine || !of || isMine(of, this.me)) return;
    if (reason === "missed") this.missedAt = Date.now();
    const words = reason === "accepted" ? lost(of) : GONE[reason];
    if (words) desk.toast({ text: `${nameOf(of.customer.name)}: ${t(words)}`, tone: "info" });
  }

  private quiet(id: string): void {
    clearInterval(this.ringing.get(id));
    this.ringing.delete(id);
  }

  /** Another session is over: nothing rings any more. */
  silence(): void {
    for (const id of [...this.ringing.keys()]) this.quiet(id);
  }

  private attention(tone: Tone, title: string, id: string): void {
    if (!leads()) return;
    const { sound, notices } = this.desk.settings();
    if (sound && this.desk.state.user?.state !== "call") play(tone);
    if (notices && document.hidden) notify(title, () => void this.desk.open(id));
  }

  // -- people ---------------------------------------------------------------------------------------------------------

  onAgent(agent: Agent): void {
    const { desk } = this;
    const before = desk.state.user?.state;
    desk.store.dispatch({ type: "agents", agents: [agent] });
    if (agent.id !== this.me || agent.state === before) return;
    if (agent.state === "away" && Date.now() - this.missedAt < AFTER_MISSED_MS) {
      desk.store.dispatch({ type: "taken-away", away: true });
      desk.announcer?.alert(t("응답이 없어 자리 비움으로 바꿨어요"));
    }
  }

  onServiceLevel({ case_id: id, target, kind }: ServiceLevel): void {
    const { desk } = this;
    const of = desk.state.cases[id];
    const mine = of && isMine(of, this.me);
    if (!of || !(mine || (isWaiting(of) && desk.state.user?.role !== "agent"))) return;
    const name = withTitle(of.customer.name);
    const words = WARNINGS[`${target} ${kind}`];
    if (!words) return;
    desk.toast({ text: t(words, { name: attachWord(name, "이/가") }), tone: kind === "breach" ? "danger" : "info", open: id });
    if (mine) this.attention("late", t("상담 시간을 확인해 주세요"), id);
  }

  onConsult(of: Case, by: Person, note: string): void {
    this.desk.store.dispatch({ type: "case", case: of });
    const text = t("{name} 상담원이 의견을 물어요: {note}", { name: by.name, note });
    this.desk.toast({ text, tone: "info", open: of.id }, ADVICE_MS);
    this.attention("message", t("{name} 상담원이 의견을 물어요", { name: by.name }), of.id);
  }

  onMention(of: Case, by: Person, note: string): void {
    this.desk.store.dispatch({ type: "case", case: of });
    this.desk.toast({ text: t("{name} 상담원이 메모에서 나를 불렀어요: {note}", { name: by.name, note }), tone: "info", open: of.id }, ADVICE_MS);
    this.attention("message", t("{name} 상담원이 메모에서 나를 불렀어요", { name: by.name }), of.id);
  }

  // -- the open conversation ------------------------------------------------------------------------------------------

  onMessage(id: string, message: Message): void {
    const { desk } = this;
    const again = threadOf(desk.state, id).messages.some(({ seq }) => seq === message.seq);
    desk.store.dispatch({ type: "messages", id, messages: [message], cursor: message.seq });
    const words = again ? message.translation?.text : message.text;
    if (id === desk.state.selected && message.speaker.kind === "customer" && words) {
      const name = withTitle(desk.state.cases[id]?.customer.name ?? t("고객"));
      desk.announcer?.say(`${name}: ${words}`);
    }
  }

  onTyping(id: string, speaker: { kind: string; name: string }, on: boolean): void {
    const { store } = this.desk;
    const customer = speaker.kind === "customer";
    const until = on ? serverNow() + TYPING_MS : 0;
    store.dispatch({ type: "typing", id, customer, name: speaker.name, until });
    if (!customer && on) {
      setTimeout(() => store.dispatch({ type: "typing", id, customer, name: "", until: 0 }), TYPING_MS);
    }
  }

  onSeen(id: string, seq: number): void {
    this.desk.store.dispatch({ type: "seen-by-customer", id, seq });
  }

  onPacket(id: string): void {
    if (id === this.desk.state.selected) this.desk.packetChanged(id);
  }

  onTrace(conversation: string): void {
    this.desk.store.dispatch({ type: "traced", conversation });
  }

  // -- the connection -------------------------------------------------------------------------------------------------

  onConnect(): void {
    for (const [id, thread] of Object.entries(this.desk.state.threads)) {
      if (thread.typingUntil || thread.typingName) {
        this.desk.store.dispatch({ type: "typing", id, customer: true, name: "", until: 0 });
        this.desk.store.dispatch({ type: "typing", id, customer: false, name: "", until: 0 });
      }
    }
    void this.desk.catchUp();
  }

  onConnected(connected: boolean): void {
    const { desk } = this;
    const back = connected && !desk.state.connected;
    desk.store.dispatch({ type: "connected", connected });
    if (back) {
      desk.toast({ text: t("다시 연결됐어요. 그사이 온 내용을 모두 가져왔어요"), tone: "ok" });
      desk.announcer?.say(t("다시 연결됐어요"));
    }
  }

  onSessionOver(): void {
    this.desk.over();
  }
}

const WARNINGS: Record<string, string> = {
  "answer warning": "{name} 곧 응답 목표 시간을 넘겨요",
  "answer breach": "{name} 응답 목표 시간을 넘겼어요",
  "resolve warning": "{name} 곧 해결 목표 시간을 넘겨요",
  "resolve breach": "{name} 해결 목표 시간을 넘겼어요",
};

function lost(of: Case): string {
  return of.agent ? t("{name} 상담원이 받았어요", { name: of.agent.name }) : t("다른 상담원이 받았어요");
}

/** "김서연 님이 입력 중이에요" */
export function typingWords(name: string): string {
  return t("{name} 입력 중이에요", { name: attachWord(withTitle(name), "이/가") });
}
