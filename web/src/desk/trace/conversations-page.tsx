import { ArrowLeft } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import { when } from "../../shared/formats";
import { useDesk, useDeskState } from "../context";
import { Channel } from "../icons";
import { useLoad } from "../load";
import { Page, Shown } from "../page";
import { t } from "../text";
import { nameOf } from "../words";
import { type Going, goingOn, ofConversation } from "./calls";
import { TraceView } from "./trace";

const EVERY_MS = 5_000;
const OWNERS: Record<string, string> = {
  bot: "AI와 이야기 중",
  queued: "상담원을 기다림",
  offered: "상담원을 기다림",
  agent: "상담원과 이야기 중",
  wrapup: "마무리 중",
  closed: "끝남",
};

/** Conversations of the last day, those with the bot alone as well, and the trace of one of them. */
export default function ConversationsPage() {
  const { api } = useDesk();
  const found = useLoad(() => goingOn(api), "", EVERY_MS);
  const [shown, setShown] = useState<string | null>(null);
  return (
    <Page title={t("대화 흐름")} hint={t("최근 24시간, 5초마다 새로 고쳐요")}>
      <div class={shown ? "going with-trace" : "going"}>
        <div class="going-list">
          <Shown of={found}>
            {({ conversations }) => (
              <ul aria-label={t("최근 대화")}>
                {conversations.length === 0 && <li class="none">{t("최근 24시간에 나눈 대화가 없어요")}</li>}
                {conversations.map((of) => (
                  <Row key={of.id} of={of} current={of.id === shown} onShow={() => setShown(of.id)} />
                ))}
              </ul>
            )}
          </Shown>
        </div>
        {shown && <Watched key={shown} id={shown} onBack={() => setShown(null)} />}
      </div>
    </Page>
  );
}

function Row({ of, current, onShow }: { of: Going; current: boolean; onShow: () => void }) {
  return (
    <li>
      <button type="button" class="going-row" aria-current={current ? "true" : undefined} onClick={onShow}>
        <span class="top">
          <Channel of={of.channel} />
          <b>{of.goal ?? nameOf(of.customer.name)}</b>
          <span class="meta">{of.last_at && when(of.last_at)}</span>
        </span>
        <span class="last">{of.last_text}</span>
        <span class="meta">
          {t(OWNERS[of.owner] ?? of.owner)} · {t("{n}번 말함", { n: of.turns })}
        </span>
      </button>
    </li>
  );
}

function Watched({ id, onBack }: { id: string; onBack: () => void }) {
  const { live } = useDesk();
  const connected = useDeskState((state) => state.connected);
  useEffect(() => {
    live.watchConversation(id, true);
    return () => live.watchConversation(id, false);
  }, [id, connected, live]);
  return (
    <div class="going-trace">
      <button type="button" class="btn small back" onClick={onBack}>
        <ArrowLeft size={14} aria-hidden="true" />
        {t("목록으로")}
      </button>
      <TraceView of={ofConversation(id)} />
    </div>
  );
}
