import { useDesk } from "../context";
import { useLoad } from "../load";
import { Shown, Table } from "../page";
import { t } from "../text";

const POLICIES: Record<string, string> = {
  negative_sentiment: "고객의 기분이 나빠질 때",
  repeated_failure: "여러 번 알아듣지 못할 때",
  worsening_mood: "대화하면서 기분이 나빠질 때",
  threat: "위협이나 신고를 예고할 때",
  abuse: "거친 말을 할 때",
  asked_for_person: "사람을 찾을 때",
  no_answer: "자료에 답이 없을 때",
  flow: "업무가 요청할 때",
  segment: "정해진 고객일 때",
  sensitive_topic: "민감한 주제일 때",
  value_at_risk: "큰 금액이 걸릴 때",
  channel: "정해진 채널일 때",
};

/** When the bot calls a person, as config.yml says. */
export function Policies() {
  const { api } = useDesk();
  const setup = useLoad(() => api.setup());
  return (
    <Shown of={setup}>
      {(data) => (
        <Table caption={t("상담원 연결 정책")} heads={[t("언제"), t("이름"), t("설정")]}>
          {data.escalation.length === 0 && (
            <tr>
              <td colSpan={3} class="none">
                {t("정책이 없어요. 고객이 사람을 찾으면 연결해요")}
              </td>
            </tr>
          )}
          {data.escalation.map((policy, place) => (
            <tr key={`${policy.name}-${place}`}>
              <th scope="row">{t(POLICIES[policy.name] ?? policy.name)}</th>
              <td class="meta">{policy.name}</td>
              <td class="meta">{settingWords(policy.settings)}</td>
            </tr>
          ))}
        </Table>
      )}
    </Shown>
  );
}

function settingWords(settings: Record<string, unknown>): string {
  return Object.entries(settings)
    .map(([key, value]) => `${key}: ${typeof value === "object" ? JSON.stringify(value) : String(value)}`)
    .join(" · ");
}
