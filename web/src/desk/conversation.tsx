import { ArrowLeft, Bot, CircleCheck, CornerUpRight, Info, PanelRight } from "lucide-preact";
import { CallbackBar } from "./callbacks/callback-bar";
import { useEffect, useState } from "preact/hooks";
import { Composer } from "./composer/composer";
import { useDesk, useDeskState, useNow } from "./context";
import { duration, when } from "../shared/formats";
import { Channel, Clock, Mood } from "./icons";
import { isFiled, isMine, isOpen, isWaiting, offeredTo, pressure, waitsSince } from "./order";
import { Thread } from "./thread-view";
import { TakeButtons } from "./supervise/take-buttons";
import { Tags } from "./tags/tags";
import type { Case, Survey } from "./types";
import { useUi } from "./ui";
import { nameOf, urgencyWord, whyClosed, withTitle } from "./words";
import { DeclineMenu, TimeLeft } from "./offers/offers";
import { t } from "./text";

interface Props {
  jump: { seq: number; count: number } | null;
  botOpen: boolean;
  toggleBot: () => void;
}

export function Conversation({ jump, botOpen, toggleBot }: Props) {
  const id = useDeskState((state) => state.selected);
  const of = useDeskState((state) => (id ? (state.cases[id] ?? null) : null));
  const me = useDeskState((state) => state.user?.id ?? "");
  const ui = useUi();
  if (!id || !of) return <Nothing />;
  const mine = isMine(of, me);
  return (
    <main
      class="conversation"
      aria-label={t("{name} 대화", { name: withTitle(of.customer.name) })}
      onDragOver={(event) => mine && event.dataTransfer?.types.includes("Files") && event.preventDefault()}
      onDrop={(event) => {
        if (!mine || !event.dataTransfer?.files.length) return;
        event.preventDefault();
        ui.attach([...event.dataTransfer.files]);
      }}
    >
      <Head of={of} mine={mine} />
      <Thread key={`thread-${id}`} of={of} mine={mine} jump={jump} botOpen={botOpen} toggleBot={toggleBot} />
      {(mine || isFiled(of)) && <CallbackBar of={of} mine={mine} />}
      {isWaiting(of) || isFiled(of) ? (
        <TakeBar of={of} />
      ) : isOpen(of) ? (
        <Composer key={`composer-${id}-${mine}`} of={of} mine={mine} me={me} />
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
    <main class="conversation nothing" aria-label={t("대화")}>
      <div class="empty big">
        <p class="title">{waiting ? t("{n}명이 기다리고 있어요", { n: waiting }) : t("대화를 골라 주세요")}</p>
        <p>{waiting ? t("대기 목록에서 골라 받아 주세요") : t("J와 K로 위아래로 옮기고, ?를 누르면 단축키를 볼 수 있어요")}</p>
        {waiting > 0 && (
          <button type="button" class="btn" onClick={() => desk.showTab("waiting")}>
            {t("대기 목록 보기")}
          </button>
        )}
      </div>
    </main>
  );
}

function Head({ of, mine }: { of: Case; mine: boolean }) {
  const desk = useDesk();
  const ui = useUi();
  // A supervisor who looks at a colleague's conversation: neither side is told.
  const watching = useDeskState((state) => state.user?.role !== "agent") && !mine && of.state === "agent";
  return (
    <header class="head">
      <button type="button" class="icon-btn back" aria-label={t("목록으로")} onClick={() => void desk.open(null)}>
        <ArrowLeft size={20} />
      </button>
      <div class="who">
        <h2>
          <span class="name">{nameOf(of.customer.name)}</span>
          {of.urgency !== "normal" && isOpen(of) && <span class={`urgency ${of.urgency}`}>{urgencyWord(of.urgency)}</span>}
        </h2>
        <div class="meta">
          <Channel of={of.channel} />
          {of.goal && <span class="goal">{of.goal}</span>}
          <Waited of={of} />
          {isOpen(of) && of.sentiment && <Mood label={of.sentiment.label} />}
          <Tags of={of} />
        </div>
      </div>
      {mine && (
        <div class="acts">
          <button type="button" class="btn ghost" title={t("AI에게 돌려주기 (B)")} aria-label={t("AI에게 돌려주기")} onClick={() => ui.openSheet("return")}>
            <Bot size={16} aria-hidden="true" />
            <span>{t("AI에게")}</span>
          </button>
          <button type="button" class="btn ghost" title={t("다른 상담원에게 전달 (P)")} onClick={() => ui.openSheet("transfer")}>
            <CornerUpRight size={16} aria-hidden="true" />
            <span>{t("전달")}</span>
          </button>
          <button type="button" class="btn" title={t("상담 마무리 (W)")} onClick={() => ui.openSheet("close")}>
            <CircleCheck size={16} aria-hidden="true" />
            <span>{t("마무리")}</span>
          </button>
        </div>
      )}
      {watching && (
        <div class="acts">
          <span class="watching">{t("조용히 보는 중")}</span>
          <TakeButtons of={of} waiting={false} />
        </div>
      )}
      <button type="button" class="icon-btn info" aria-label={t("고객 정보")} onClick={() => ui.showPanel("packet")}>
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
      {isWaiting(of) ? t("대기 ") : t("답변 ")}
      {duration((now - since) / 1000)}
      {strain === "late" && <b> {t("초과")}</b>}
    </span>
  );
}

/** A case that is nobody's yet: what it is, and how to take it. */
function TakeBar({ of }: { of: Case }) {
  const desk = useDesk();
  const me = useDeskState((state) => state.user?.id ?? "");
  const now = useNow();
  const offered = offeredTo(of, me);
  return (
    <div class={offered ? "take-bar offered" : "take-bar"}>
      <p>
        <b>{takeWords(of, offered)}</b> {of.reason.text}
      </p>
      <div class="acts">
        {offered && <TimeLeft of={of} now={now} />}
        {isWaiting(of) && <DeclineMenu id={of.id} onDone={() => void desk.open(null)} />}
        <button type="button" class="btn primary" onClick={() => void desk.accept(of.id, true)}>
          {t("상담 받기")} <kbd>F2</kbd>
        </button>
      </div>
    </div>
  );
}

function takeWords(of: Case, mine: boolean): string {
  if (mine) return t("나에게 온 상담이에요.");
  if (isFiled(of)) return of.due_at ? t("{time}에 다시 연락할 상담이에요.", { time: when(of.due_at) }) : t("나중에 연락할 상담이에요.");
  if (of.offered_to) return t("{name} 상담원에게 먼저 물어보고 있어요.", { name: of.offered_to.name });
  return t("대기 중인 상담이에요.");
}

function ClosedBar({ of }: { of: Case }) {
  const { api } = useDesk();
  const codes = useDeskState((state) => state.codes);
  const label = codes.find((one) => one.code === of.outcome?.code)?.label;
  const [survey, setSurvey] = useState<Survey | null>(null);
  useEffect(() => {
    setSurvey(null);
    api.survey(of.id).then(setSurvey, () => undefined);
  }, [of.id]);
  return (
    <div class="closed-bar">
      <p>
        <b>{whyClosed(of)}</b>
        {label && ` · ${label}`}
        {of.agent && ` · ${of.agent.name}`}
      </p>
      {of.outcome?.note && <p class="note-text">{of.outcome.note}</p>}
      {survey?.score != null && (
        <p class="note-text">
          {t("만족도 {score}/5", { score: survey.score })}
          {survey.recommend != null && ` · ${t("추천 {score}/10", { score: survey.recommend })}`}
          {survey.comment && ` · “${survey.comment}”`}
        </p>
      )}
    </div>
  );
}
