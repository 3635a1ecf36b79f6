import { ChevronDown } from "lucide-preact";
import { duration } from "../../shared/formats";
import { Dots } from "../agents/my-state";
import { useDesk, useDeskState, useNow } from "../context";
import { Menu } from "../menu";
import { isMine } from "../order";
import { Table } from "../page";
import { t } from "../text";
import type { AgentState, BoardAgent } from "../types";
import { nameOf, STATES, stateWord } from "../words";

export function AgentTable({ agents }: { agents: BoardAgent[] }) {
  const now = useNow();
  const supervisor = useDeskState((state) => state.user?.role !== "agent");
  const heads = [t("상담원"), t("상태"), t("상태 시간"), t("맡은 상담"), t("고객"), t("기술")];
  return (
    <Table caption={t("상담원")} heads={heads}>
      {agents.length === 0 && (
        <tr>
          <td colSpan={heads.length} class="none">
            {t("지금 자리에 있는 상담원이 없어요")}
          </td>
        </tr>
      )}
      {agents.map((agent) => (
        <tr key={agent.id}>
          <th scope="row">
            {agent.name}
            {agent.profile.team && <span class="meta"> · {agent.profile.team}</span>}
          </th>
          <td>{supervisor ? <StateMenu agent={agent} /> : <span class={`agent-state ${agent.state}`}>{stateWord(agent.state)}</span>}</td>
          <td class="number">{agent.state_since && duration(Math.max(0, now - Date.parse(agent.state_since)) / 1000)}</td>
          <td>
            <Dots holds={agent.holds} capacity={agent.capacity} />
          </td>
          <td>
            <Customers id={agent.id} />
          </td>
          <td class="meta">{Object.keys(agent.profile.skills).join(", ")}</td>
        </tr>
      ))}
    </Table>
  );
}

function Customers({ id }: { id: string }) {
  const names = useDeskState((state) =>
    Object.values(state.cases)
      .filter((of) => isMine(of, id))
      .map((of) => nameOf(of.customer.name))
      .join(", "),
  );
  return <>{names}</>;
}

/** A supervisor corrects the state of somebody who forgot it. */
function StateMenu({ agent }: { agent: BoardAgent }) {
  const desk = useDesk();
  const items = (Object.keys(STATES) as AgentState[]).map((state) => ({
    label: t(STATES[state]),
    checked: state === agent.state,
    onPick: () => void desk.trying(() => desk.api.setAgentState(agent.id, state)),
  }));
  return (
    <Menu label={t("{name} 상태: {state}", { name: agent.name, state: stateWord(agent.state) })} class={`state-btn small ${agent.state}`} items={items}>
      <span class="dot" aria-hidden="true" />
      {stateWord(agent.state)}
      <ChevronDown size={12} aria-hidden="true" />
    </Menu>
  );
}
