import { Trash2 } from "lucide-preact";
import { useState } from "preact/hooks";
import { day } from "../../shared/formats";
import { useDesk, useDeskState } from "../context";
import { t } from "../text";
import { channelWord } from "../words";
import * as calls from "./calls";
import type { Acting } from "./customer";

/** What the bot remembers because the customer agreed: since when, from where, until when. */
export function Facts({ customer, act }: Acting) {
  const desk = useDesk();
  const supervisor = useDeskState((state) => state.user?.role !== "agent");
  const [asking, setAsking] = useState(false);
  if (!customer.facts.length) return null;
  const forget = async (): Promise<void> => {
    setAsking(false);
    await act(() => calls.forgetFacts(desk.api, customer.id), t("기억한 내용을 지웠어요"));
  };
  return (
    <div class="facts-known" role="group" aria-label={t("고객이 동의해서 기억하는 내용")}>
      <h4>{t("고객이 동의해서 기억하는 내용")}</h4>
      <dl>
        {customer.facts.map((fact) => (
          <div key={fact.name}>
            <dt>{fact.label}</dt>
            <dd>
              {fact.value}
              <span class="meta">
                {t("{day}에 들음", { day: day(fact.remembered_at) })}
                {fact.channel && ` · ${channelWord(fact.channel)}`}
                {` · ${t("{day}까지", { day: day(fact.expires_at) })}`}
              </span>
            </dd>
          </div>
        ))}
      </dl>
      {supervisor && !asking && (
        <button type="button" class="btn small" onClick={() => setAsking(true)}>
          <Trash2 size={14} aria-hidden="true" /> {t("기억 지우기")}
        </button>
      )}
      {asking && (
        <p class="ask" role="alert">
          <span>{t("기억한 내용을 모두 지우고 다시 묻지 않아요. 되돌릴 수 없어요. 나눈 대화는 남아요.")}</span>
          <button type="button" class="btn small ghost" onClick={() => setAsking(false)}>
            {t("취소")}
          </button>
          <button type="button" class="btn small danger" onClick={() => void forget()}>
            {t("지우기")}
          </button>
        </p>
      )}
    </div>
  );
}
