import { BellRing, ChevronDown } from "lucide-preact";
import { duration } from "../../shared/formats";
import { useDesk, useDeskState, useNow } from "../context";
import { Channel, Mood } from "../icons";
import { Menu } from "../menu";
import { offersOf } from "../state";
import { t } from "../text";
import type { Case } from "../types";
import { nameOf, urgencyWord } from "../words";

/** Why somebody passes an offer on; who handed the case over reads it. */
const REASONS = ["다른 상담이 밀려 있어요", "제가 맡는 업무가 아니에요", "곧 자리를 비워요"];

/** Cases that are offered to me, top right. They take no focus: what is being typed goes on. */
export function Offers() {
  const now = useNow();
  const offers = useDeskState((state) => state.cases);
  const open = useDeskState((state) => state.selected);
  const { state } = useDesk();
  // An open case offers itself where one writes.
  const found = offers ? offersOf(state, now).filter((of) => of.id !== open) : [];
  const first = found[0];
  return first ? <Offer key={first.id} of={first} count={found.length} now={now} /> : null;
}

function Offer({ of, count, now }: { of: Case; count: number; now: number }) {
  const desk = useDesk();
  return (
    <section class="offer" aria-label={t("새 상담")}>
      <header>
        <BellRing size={16} aria-hidden="true" />
        <h2>{of.target ? t("나에게 온 전달이에요") : t("새 상담이 들어왔어요")}</h2>
        {count > 1 && <span class="count">1 / {count}</span>}
        <TimeLeft of={of} now={now} />
      </header>
      <p class="facts">
        <Channel of={of.channel} />
        <b>{nameOf(of.customer.name)}</b>
        {of.urgency !== "normal" && <span class={`urgency ${of.urgency}`}>{urgencyWord(of.urgency)}</span>}
        {of.sentiment && <Mood label={of.sentiment.label} />}
      </p>
      <p class="why">{[of.goal, of.reason.text].filter(Boolean).join(" · ")}</p>
      {of.last_message && <p class="quote">“{of.last_message.text}”</p>}
      <p class="where">
        <Origin of={of} />
        <span class="waited">{t("기다린 시간 {time}", { time: duration((now - Date.parse(of.waiting_since)) / 1000) })}</span>
      </p>
      <footer>
        <DeclineMenu id={of.id} />
        <button type="button" class="btn primary" onClick={() => void desk.accept(of.id)}>
          {t("받기")} <kbd>F2</kbd>
        </button>
      </footer>
    </section>
  );
}

/** Which queue it comes from, or who hands it over. */
function Origin({ of }: { of: Case }) {
  const queues = useDeskState((state) => state.queues);
  if (of.target && of.handed_by) return <span>{t("{name} 상담원이 전달", { name: of.handed_by.name })}</span>;
  return <span>{t("대기열: {queue}", { queue: queues[of.queue] ?? of.queue })}</span>;
}

/** The server's time-out, in the server's time. */
export function TimeLeft({ of, now }: { of: Case; now: number }) {
  const until = Date.parse(of.offer_expires_at ?? "");
  if (Number.isNaN(until)) return null;
  const left = Math.max(0, (until - now) / 1000);
  return (
    <span class="left" title={t("이만큼 뒤에 다음 상담원에게 넘어가요")}>
      <Ring part={Math.min(1, left / FULL)} />
      {duration(Math.ceil(left))}
    </span>
  );
}

/** Seconds that fill the ring; the usual time-out. */
const FULL = 20;
const ROUND = 2 * Math.PI * 7;

function Ring({ part }: { part: number }) {
  return (
    <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true" class="ring">
      <circle cx="9" cy="9" r="7" class="ring-ground" />
      <circle cx="9" cy="9" r="7" class="ring-left" stroke-dasharray={`${ROUND * part} ${ROUND}`} transform="rotate(-90 9 9)" />
    </svg>
  );
}

/** Pass it on, with or without a word why. */
export function DeclineMenu({ id, onDone }: { id: string; onDone?: () => void }) {
  const desk = useDesk();
  const decline = (reason: string) => (): void => void desk.decline(id, reason).then(onDone);
  const items = [
    ...REASONS.map((reason) => ({ label: t(reason), onPick: decline(reason) })),
    { label: t("이유 없이 넘기기"), hint: "X", divider: true, onPick: decline("") },
  ];
  return (
    <Menu label={t("넘기기")} class="btn ghost" items={items}>
      {t("넘기기")} <ChevronDown size={14} aria-hidden="true" />
    </Menu>
  );
}
