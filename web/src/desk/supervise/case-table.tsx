import { duration } from "../../shared/formats";
import { useDesk, useDeskState, useNow } from "../context";
import { Channel, Mood } from "../icons";
import { isMine, isWaiting, pressure, sortCases, waitsSince } from "../order";
import { Table } from "../page";
import { casesIn } from "../state";
import { t } from "../text";
import type { Case } from "../types";
import { useUi } from "../ui";
import { nameOf } from "../words";
import { TakeButtons } from "./take-buttons";

const MOST = 100;

/** Open conversations, whose time is up first on top. Watching is silent. */
export function CaseTable() {
  const cases = useDeskState((state) => state.cases);
  const { state } = useDesk();
  const now = useNow();
  const supervisor = state.user?.role !== "agent";
  const rows = cases ? sortCases(casesIn(state, "all"), "all").slice(0, MOST) : [];
  const heads = [t("고객"), t("채널"), t("대기열"), t("상담원"), t("기다림"), t("기분"), ""];
  return (
    <Table caption={t("열린 상담")} heads={heads}>
      {rows.length === 0 && (
        <tr>
          <td colSpan={heads.length} class="none">
            {t("진행 중인 상담이 없어요")}
          </td>
        </tr>
      )}
      {rows.map((of) => (
        <CaseRow key={of.id} of={of} now={now} supervisor={supervisor} />
      ))}
    </Table>
  );
}

function CaseRow({ of, now, supervisor }: { of: Case; now: number; supervisor: boolean }) {
  const ui = useUi();
  const me = useDeskState((state) => state.user?.id ?? "");
  const queues = useDeskState((state) => state.queues);
  const since = waitsSince(of);
  const strain = pressure(of, now);
  return (
    <tr>
      <th scope="row">
        {nameOf(of.customer.name)} <span class="meta">{of.goal ?? of.reason.text}</span>
      </th>
      <td>
        <Channel of={of.channel} />
      </td>
      <td>{queues[of.queue] ?? of.queue}</td>
      <td>{of.agent?.name ?? (of.offered_to ? t("{name}에게 제안 중", { name: of.offered_to.name }) : t("대기"))}</td>
      <td class={strain === "late" ? "number alarm" : "number"}>
        {since !== null && duration(Math.max(0, now - since) / 1000)}
        {strain === "late" && ` ${t("초과")}`}
      </td>
      <td>{of.sentiment && <Mood label={of.sentiment.label} />}</td>
      <td>
        <div class="row-acts">
          <button type="button" class="btn small" onClick={() => ui.openCase(of.id)}>
            {t("보기")}
          </button>
          {supervisor && !isMine(of, me) && (
            <>
              <button type="button" class="btn small" onClick={() => ui.openCase(of.id, true)}>
                {t("귓속말")}
              </button>
              <TakeButtons of={of} waiting={isWaiting(of)} small />
            </>
          )}
        </div>
      </td>
    </tr>
  );
}
