import { BellRing } from "lucide-preact";
import { useEffect } from "preact/hooks";
import { duration } from "../shared/formats";
import { useDesk, useDeskState, useNow } from "./context";
import { Channel, Mood } from "./icons";
import { urgencyWord } from "./words";

/** After it the card goes away by itself; the case stays among the waiting ones. */
const SHOWN_MS = 30_000;

/** A new case, top right. It takes no focus: what is being typed goes on. */
export function Offers() {
  const offers = useDeskState((state) => state.offers);
  const first = offers[0];
  return first ? <Offer key={first.id} id={first.id} at={first.at} count={offers.length} /> : null;
}

function Offer({ id, at, count }: { id: string; at: number; count: number }) {
  const desk = useDesk();
  const of = useDeskState((state) => state.cases[id]);
  const now = useNow();
  const left = Math.max(0, at + SHOWN_MS - now);
  useEffect(() => {
    if (left === 0) desk.store.dispatch({ type: "offer-gone", id });
  }, [left, id, desk]);
  if (!of) return null;
  return (
    <section class="offer" aria-label="새 상담">
      <header>
        <BellRing size={16} aria-hidden="true" />
        <h2>새 상담이 들어왔어요</h2>
        {count > 1 && <span class="count">1 / {count}</span>}
        <span class="left" title="이만큼 뒤에 대기 목록으로 옮겨요">
          <Ring part={left / SHOWN_MS} />
          {duration(Math.ceil(left / 1000))}
        </span>
      </header>
      <p class="facts">
        <Channel of={of.channel} />
        <b>{of.customer.name}</b>
        {of.urgency !== "normal" && <span class={`urgency ${of.urgency}`}>{urgencyWord(of.urgency)}</span>}
        {of.sentiment && <Mood label={of.sentiment.label} />}
      </p>
      <p class="why">{[of.goal, of.reason.text].filter(Boolean).join(" · ")}</p>
      {of.last_message && <p class="quote">“{of.last_message.text}”</p>}
      <footer>
        <button type="button" class="btn ghost" onClick={() => void desk.decline(id)}>
          넘기기 <kbd>X</kbd>
        </button>
        <button type="button" class="btn primary" onClick={() => void desk.accept(id)}>
          받기 <kbd>F2</kbd>
        </button>
      </footer>
    </section>
  );
}

const ROUND = 2 * Math.PI * 7;

function Ring({ part }: { part: number }) {
  return (
    <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true" class="ring">
      <circle cx="9" cy="9" r="7" class="ring-ground" />
      <circle cx="9" cy="9" r="7" class="ring-left" stroke-dasharray={`${ROUND * part} ${ROUND}`} transform="rotate(-90 9 9)" />
    </svg>
  );
}
