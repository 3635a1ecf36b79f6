import { CornerDownLeft } from "lucide-preact";
import { useDeskState } from "../context";
import { Sources } from "../messages";
import { isMine } from "../order";
import type { Packet } from "../types";
import { useUi } from "../ui";
import { t } from "../text";

/** Suggested replies. They go into the composer, never straight to the customer. */
export function Assist({ packet, id }: { packet: Packet; id: string }) {
  const ui = useUi();
  const mine = useDeskState((state) => {
    const of = state.cases[id];
    return of ? isMine(of, state.user?.id ?? "") : false;
  });
  const found = packet.suggested_replies;
  return (
    <section class="assist" aria-label={t("추천 답변")}>
      <h3>{t("추천 답변")}</h3>
      {found.length === 0 && (
        <div class="empty">
          <p class="title">{t("추천할 답이 없어요")}</p>
          <p>{t("고객의 말과 맞는 문서를 찾지 못했어요")}</p>
        </div>
      )}
      <ol class="suggestions">
        {found.map((suggestion, place) => (
          <li key={suggestion.text} class="suggestion">
            <p class="suggestion-text">{suggestion.text}</p>
            {suggestion.citations.length > 0 ? (
              <Sources citations={suggestion.citations} />
            ) : (
              <p class="source-none">{t("업무 흐름의 질문이에요")}</p>
            )}
            <button
              type="button"
              class="btn small"
              disabled={!mine}
              onClick={() => ui.insert(suggestion)}
            >
              <CornerDownLeft size={14} aria-hidden="true" />
              <span class="sr-only">{t("추천 답변 {n}", { n: place + 1 })}</span> {t("넣기")} <kbd>{place === 0 ? "F8" : place + 1}</kbd>
            </button>
          </li>
        ))}
      </ol>
      <p class="assist-foot">{mine ? t("넣은 뒤 고쳐서 보낼 수 있어요. 저절로 보내지 않아요") : t("상담을 받으면 답장에 넣을 수 있어요")}</p>
    </section>
  );
}
