import { ThumbsDown, ThumbsUp } from "lucide-preact";
import { useDeskState } from "../context";
import { CustomerView } from "../customer/customer";
import { useCustomer } from "../customer/use-customer";
import { Curve } from "./curve";
import { Sources } from "../messages";
import { isMine } from "../order";
import type { Packet } from "../types";
import { Journey } from "./journey";
import { Section } from "./section";
import { Slots } from "./slots";
import { useUi } from "../ui";
import { t } from "../text";

/** The handoff packet, always in this order. */
export function PacketView({ packet }: { packet: Packet }) {
  const of = useDeskState((state) => state.cases[packet.case_id]);
  const user = useDeskState((state) => state.user);
  const mine = of !== undefined && isMine(of, user?.id ?? "");
  const known = useCustomer(packet);
  return (
    <>
      <Summary packet={packet} />
      <Goal packet={packet} />
      <Slots packet={packet} mine={mine} may={mine || user?.role !== "agent"} />
      <Tried packet={packet} />
      <Section title={t("기분")}>
        <Curve turns={packet.sentiment.turns} trend={packet.sentiment.trend} />
      </Section>
      <CustomerView packet={packet} known={known} />
      <Journey caseId={packet.case_id} contacts={known.customer?.contacts ?? []} />
    </>
  );
}

function Summary({ packet }: { packet: Packet }) {
  const ui = useUi();
  return (
    <Section title={t("요약")}>
      <ol class="summary">
        {packet.summary.map(({ label, text, seq }) => (
          <li key={label}>
            <span class="label">{label}</span>
            {seq === null ? (
              <span class="text">{text}</span>
            ) : (
              <button type="button" class="text jump" title={t("이 메시지로 가기")} onClick={() => ui.jump(seq)}>
                {text}
              </button>
            )}
          </li>
        ))}
      </ol>
    </Section>
  );
}

function Goal({ packet }: { packet: Packet }) {
  const ui = useUi();
  const { goal } = packet;
  if (!goal) {
    return (
      <Section title={t("목표")}>
        <p class="none">{t("진행하던 업무가 없어요")}</p>
      </Section>
    );
  }
  const { next, next_seq: seq } = goal;
  return (
    <Section title={t("목표")}>
      <p class="goal-line">
        <b>{goal.name}</b>
        <span class="step">
          {goal.done}/{goal.total} {t("단계")}
        </span>
      </p>
      <progress class="goal-bar" value={goal.done} max={Math.max(goal.total, 1)} aria-label={t("{total}단계 가운데 {done}단계", { total: goal.total, done: goal.done })} />
      {next && (
        <p class="next">
          {t("다음")}: {next}
          {seq !== null && (
            <button type="button" class="link" onClick={() => ui.jump(seq)}>
              {t("질문 보기")}
            </button>
          )}
        </p>
      )}
    </Section>
  );
}

function Tried({ packet }: { packet: Packet }) {
  const ui = useUi();
  return (
    <Section title={t("이미 안내한 답")} count={packet.answers_tried.length}>
      {packet.answers_tried.length === 0 && <p class="none">{t("안내한 답이 없어요")}</p>}
      <ul class="tried">
        {packet.answers_tried.map((answer, place) => (
          <li key={`${answer.seq}-${place}`}>
            <p class="question">
              {answer.question}
              <Feedback of={answer.feedback} />
            </p>
            {answer.outcome === "none" ? (
              <p class="none">{t("답을 찾지 못했어요")}</p>
            ) : (
              <>
                <p class="answer">{answer.text}</p>
                <Sources citations={answer.citations.slice(0, 2)} />
              </>
            )}
            {answer.seq !== null && (
              <button type="button" class="link" onClick={() => ui.jump(answer.seq as number)}>
                {t("대화에서 보기")}
              </button>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Feedback({ of }: { of: string | null }) {
  if (of !== "up" && of !== "down") return null;
  const Icon = of === "up" ? ThumbsUp : ThumbsDown;
  return (
    <span class={`feedback ${of}`}>
      <Icon size={12} aria-hidden="true" />
      {of === "up" ? t("도움돼요") : t("아니에요")}
    </span>
  );
}
