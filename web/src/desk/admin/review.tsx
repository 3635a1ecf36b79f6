import { when } from "../../shared/formats";
import { useDesk, useDeskState } from "../context";
import { useLoad } from "../load";
import { Shown, Table } from "../page";
import { t } from "../text";

const REASONS: Record<string, string> = {
  thumbs_down: "도움 안 됨",
  corrected: "고객이 고침",
  handed_over: "상담원에게 감",
  low_confidence: "확신이 낮음",
};

/** Messages that the bot got wrong, without personal data, the most frequent first. */
export function Review() {
  const { api } = useDesk();
  const intents = useDeskState((state) => state.intents);
  const review = useLoad(() => api.review());
  const heads = [t("고객의 말"), t("횟수"), t("알아들은 뜻"), t("확신"), t("까닭"), t("마지막")];
  return (
    <Shown of={review}>
      {(data) => (
        <>
          <Table caption={t("다시 볼 말, 최근 30일 {n}건", { n: data.total })} heads={heads}>
            {data.items.length === 0 && (
              <tr>
                <td colSpan={heads.length} class="none">
                  {t("다시 볼 말이 없어요")}
                </td>
              </tr>
            )}
            {data.items.map((item) => (
              <tr key={item.key}>
                <th scope="row">
                  {item.text}
                  {item.variants.length > 0 && <div class="meta">{item.variants.join(" / ")}</div>}
                </th>
                <td class="number">{t("{n}번", { n: item.count })}</td>
                <td>{intents[item.intent] ?? (item.intent || "–")}</td>
                <td class="number">{Math.round(item.confidence * 100)}%</td>
                <td>{item.reasons.map((reason) => t(REASONS[reason] ?? reason)).join(", ")}</td>
                <td class="number">{when(item.at)}</td>
              </tr>
            ))}
          </Table>
          <p class="meta">{t("뜻을 정하려면 명령줄에서 sangdam review를 실행해 주세요")}</p>
        </>
      )}
    </Shown>
  );
}
