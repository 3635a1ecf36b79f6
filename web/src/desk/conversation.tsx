import { ArrowLeft, Bot, CircleCheck, CornerUpRight, Info, PanelRight } from "lucide-preact";
import { Composer } from "./composer";
import { useDesk, useDeskState, useNow } from "./context";
import { duration } from "../shared/formats";
import { Channel, Clock, Mood } from "./icons";
import { isMine, isOpen, isWaiting, pressure, waitsSince } from "./order";
import { Thread } from "./thread-view";
import type { Case } from "./types";
import { useUi } from "./ui";
import { urgencyWord, whyClosed, withTitle } from "./words";

interface Props {
  jump: { seq: number; count: number } | null;
  botOpen: boolean;
  toggleBot: () => void;
}

export function Conversation({ jump, botOpen, toggleBot }: Props) {
  const id = useDeskState((state) => state.selected);
  const of = useDeskState((state) => (id ? (state.cases[id] ?? null) : null));
  const me = useDeskState((state) => state.user?.id ?? "");
  if (!id || !of) return <Nothing />;
  const mine = isMine(of, me);
  return (
    <main class="conversation" aria-label={`${withTitle(of.customer.name)} 대화`}>
      <Head of={of} mine={mine} />
      <Thread key={`thread-${id}`} of={of} mine={mine} jump={jump} botOpen={botOpen} toggleBot={toggleBot} />
      {isWaiting(of) ? (
        <TakeBar of={of} />
      ) : isOpen(of) ? (
        <Composer key={`composer-${id}`} of={of} mine={mine} me={me} />
      ) : (
        <ClosedBar of={of} />
      )}
    </main>
  );
}

function Nothing() {
  const waiting = useDeskState((state) => Object.values(state.cases).filter(isWaiting).length);
  const desk = useDesk();
  return (
    <main class="conversation nothing" aria-label="대화">
      <div class="empty big">
        <p class="title">{waiting ? `${waiting}명이 기다리고 있어요` : "대화를 골라 주세요"}</p>
        <p>{waiting ? "대기 목록에서 골라 받아 주세요" : "J와 K로 위아래로 옮기고, ?를 누르면 단축키를 볼 수 있어요"}</p>
        {waiting > 0 && (
          <button type="button" class="btn" onClick={() => desk.showTab("waiting")}>
            대기 목록 보기
          </button>
        )}
      </div>
    </main>
  );
}

function Head({ of, mine }: { of: Case; mine: boolean }) {
  const desk = useDesk();
  const ui = useUi();
  return (
    <header class="head">
      <button type="button" class="icon-btn back" aria-label="목록으로" onClick={() => void desk.open(null)}>
        <ArrowLeft size={20} />
      </button>
      <div class="who">
        <h2>
          <span class="name">{of.customer.name}</span>
          {of.urgency !== "normal" && isOpen(of) && <span class={`urgency ${of.urgency}`}>{urgencyWord(of.urgency)}</span>}
        </h2>
        <p class="meta">
          <Channel of={of.channel} />
          {of.goal && <span class="goal">{of.goal}</span>}
          <Waited of={of} />
          {isOpen(of) && of.sentiment && <Mood label={of.sentiment.label} />}
        </p>
      </div>
      {mine && (
        <div class="acts">
          <button type="button" class="btn ghost" title="AI에게 돌려주기 (B)" aria-label="AI에게 돌려주기" onClick={() => ui.openSheet("return")}>
            <Bot size={16} aria-hidden="true" />
            <span>AI에게</span>
          </button>
          <button type="button" class="btn ghost" title="다른 상담원에게 전달 (P)" onClick={() => ui.openSheet("transfer")}>
            <CornerUpRight size={16} aria-hidden="true" />
            <span>전달</span>
          </button>
          <button type="button" class="btn" title="상담 마무리 (W)" onClick={() => ui.openSheet("close")}>
            <CircleCheck size={16} aria-hidden="true" />
            <span>마무리</span>
          </button>
        </div>
      )}
      <button type="button" class="icon-btn info" aria-label="고객 정보" onClick={() => ui.showPanel("packet")}>
        <PanelRight size={20} class="wide-only" aria-hidden="true" />
        <Info size={20} class="phone-only" aria-hidden="true" />
      </button>
    </header>
  );
}

/** How long the customer waits for somebody or for an answer. */
function Waited({ of }: { of: Case }) {
  const now = useNow();
  const since = waitsSince(of);
  if (since === null) return null;
  const strain = pressure(of, now);
  return (
    <span class={`time ${strain}`}>
      <Clock size={12} aria-hidden="true" />
      {isWaiting(of) ? "대기 " : "답변 "}
      {duration((now - since) / 1000)}
      {strain === "late" && <b> 초과</b>}
    </span>
  );
}

function TakeBar({ of }: { of: Case }) {
  const desk = useDesk();
  return (
    <div class="take-bar">
      <p>
        <b>대기 중인 상담이에요.</b> {of.reason.text}
      </p>
      <div class="acts">
        <button type="button" class="btn ghost" onClick={() => void desk.decline(of.id).then(() => desk.open(null))}>
          넘기기 <kbd>X</kbd>
        </button>
        <button type="button" class="btn primary" onClick={() => void desk.accept(of.id, true)}>
          상담 받기 <kbd>F2</kbd>
        </button>
      </div>
    </div>
  );
}

function ClosedBar({ of }: { of: Case }) {
  const codes = useDeskState((state) => state.codes);
  const label = codes.find((one) => one.code === of.outcome?.code)?.label;
  return (
    <div class="closed-bar">
      <p>
        <b>{whyClosed(of)}</b>
        {label && ` · ${label}`}
        {of.agent && ` · ${of.agent.name}`}
      </p>
      {of.outcome?.note && <p class="note-text">{of.outcome.note}</p>}
    </div>
  );
}
