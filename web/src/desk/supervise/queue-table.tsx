import { percent, Table } from "../page";
import { t } from "../text";
import type { BoardQueue } from "../types";
import { waitWords } from "./words";

export function QueueTable({ queues }: { queues: BoardQueue[] }) {
  const heads = [t("대기열"), t("대기"), t("가장 오래 기다림"), t("상담 중"), t("응답 목표 지킴"), t("해결 목표 지킴"), t("안내한 시간 지킴"), t("운영 시간")];
  return (
    <Table caption={t("대기열")} heads={heads}>
      {queues.map((queue) => (
        <tr key={queue.name}>
          <th scope="row">{queue.label}</th>
          <td class="number">{queue.waiting}</td>
          <Wait queue={queue} />
          <td class="number">{queue.talking}</td>
          <Kept share={queue.answered_in_time} target={queue.target} />
          <Kept share={queue.resolved_in_time} target={queue.target} />
          <td class="number">{percent(queue.promises_held)}</td>
          <td>{queue.open ? queue.hours || t("언제나") : t("지금은 쉬는 시간 · {hours}", { hours: queue.hours })}</td>
        </tr>
      ))}
    </Table>
  );
}

function Wait({ queue }: { queue: BoardQueue }) {
  const late = queue.waiting > 0 && queue.longest_wait > queue.answer_within;
  return (
    <td class={late ? "number alarm" : "number"}>
      {queue.waiting ? waitWords(queue.longest_wait) : "–"}
      {late && ` ${t("초과")}`}
    </td>
  );
}

function Kept({ share, target }: { share: number | null; target: number }) {
  const low = share !== null && share < target;
  return (
    <td class={low ? "number alarm" : "number"}>
      {percent(share)}
      {low && ` ${t("미달")}`}
    </td>
  );
}
