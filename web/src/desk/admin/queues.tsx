import { useDesk } from "../context";
import { useLoad } from "../load";
import { percent, Shown, Table } from "../page";
import { t } from "../text";
import type { Setup } from "../types";

const DAYS: Record<string, string> = { mon: "월", tue: "화", wed: "수", thu: "목", fri: "금", sat: "토", sun: "일" };

/** How the queues are set: hours and holidays, targets, skills, order of service. */
export function Queues() {
  const { api } = useDesk();
  const setup = useLoad(() => api.setup());
  const heads = [t("대기열"), t("운영 시간"), t("공휴일"), t("응답 목표"), t("해결 목표"), t("목표 비율"), t("필요한 기술"), t("배정 순서")];
  return (
    <Shown of={setup}>
      {(data) => (
        <>
          <Table caption={t("대기열")} heads={heads}>
            {data.queues.map((queue) => (
              <tr key={queue.name}>
                <th scope="row">
                  {queue.label} <span class="meta">{queue.name}</span>
                </th>
                <td>
                  <Week queue={queue} />
                </td>
                <td>{Object.keys(queue.week).length === 0 ? "–" : queue.holidays === "open" ? t("열어요") : t("쉬어요")}</td>
                <td class="number">{t("{n}초", { n: queue.answer_within })}</td>
                <td class="number">{t("{n}분", { n: Math.round(queue.resolve_within / 60) })}</td>
                <td class="number">{percent(queue.target)}</td>
                <td>{queue.skills.join(", ") || "–"}</td>
                <td class="meta">{queue.routing.join(" → ")}</td>
              </tr>
            ))}
          </Table>
          <p class="meta">
            {t("한 사람이 통화 {voice}건 또는 대화 {chat}건까지 맡고, 제안은 {seconds}초 동안 기다려요", {
              voice: data.capacity.voice,
              chat: data.capacity.chat,
              seconds: data.offer_seconds,
            })}
          </p>
        </>
      )}
    </Shown>
  );
}

function Week({ queue }: { queue: Setup["queues"][number] }) {
  const days = Object.entries(queue.week);
  if (!days.length) return <>{t("언제나")}</>;
  return (
    <ul>
      {days.map(([day, span]) => (
        <li key={day}>
          {t(DAYS[day] ?? day)} {span === "closed" ? t("쉬어요") : span}
        </li>
      ))}
      {queue.closed_on.map((day) => (
        <li key={day}>
          {day} {t("쉬어요")}
        </li>
      ))}
    </ul>
  );
}
