import { ChevronDown } from "lucide-preact";
import { duration } from "../../shared/formats";
import { useDesk, useDeskState, useNow } from "../context";
import { Menu } from "../menu";
import { holdsOf } from "../state";
import { t } from "../text";
import type { AgentState, Load } from "../types";
import { STATES, stateWord } from "../words";

/** My state, with how long it has been so, and what I hold of what I can. */
export function MyState() {
  const desk = useDesk();
  const state = useDeskState((all) => all.user?.state ?? "offline");
  const since = useDeskState((all) => all.user?.state_since ?? null);
  const name = useDeskState((all) => all.user?.name ?? "");
  const now = useNow();
  const items = (Object.keys(STATES) as AgentState[]).map((key) => ({
    label: t(STATES[key]),
    checked: key === state,
    onPick: () => void desk.setState(key),
  }));
  return (
    <div class="me">
      <Menu id="state-menu" label={t("내 상태: {state}", { state: stateWord(state) })} class={`state-btn ${state}`} items={items}>
        <span class="dot" aria-hidden="true" />
        <span class="state-name">{stateWord(state)}</span>
        <ChevronDown size={14} aria-hidden="true" />
      </Menu>
      {since && (
        <span class="state-time" title={t("이 상태로 지낸 시간")}>
          {duration(Math.max(0, now - Date.parse(since)) / 1000)}
        </span>
      )}
      <Capacity />
      <span class="my-name" title={name}>
        {name}
      </span>
    </div>
  );
}

/** A call fills a person, chats share one: whichever there is more of is shown. */
function Capacity() {
  const capacity = useDeskState((all) => all.user?.capacity);
  const voice = useDeskState((all) => holdsOf(all).voice);
  const chat = useDeskState((all) => holdsOf(all).chat);
  if (!capacity) return null;
  return <Dots holds={{ voice, chat }} capacity={capacity} />;
}

export function Dots({ holds, capacity }: { holds: Load; capacity: Load }) {
  const calls = holds.voice > 0;
  const held = calls ? holds.voice : holds.chat;
  const most = calls ? capacity.voice : capacity.chat;
  const words = calls
    ? t("통화 {held}건, 최대 {most}건", { held, most })
    : t("대화 {held}건, 최대 {most}건", { held, most });
  return (
    <span class={held >= most ? "capacity full" : "capacity"} title={words}>
      <span class="sr-only">{words}</span>
      <span class="dots" aria-hidden="true">
        {Array.from({ length: Math.min(most, 5) }, (_, place) => (
          <i key={place} class={place < held ? "on" : ""} />
        ))}
      </span>
      <span aria-hidden="true">
        {held}/{most}
      </span>
    </span>
  );
}

/** After offers that ran out: how to come back. */
export function TakenAway() {
  const desk = useDesk();
  const away = useDeskState((state) => state.takenAway);
  if (!away) return null;
  return (
    <div class="taken-away" role="alert">
      <p>{t("응답이 없어 자리 비움으로 바꿨어요")}</p>
      <button type="button" class="btn small" onClick={() => void desk.setState("available")}>
        {t("상담 가능으로 돌아가기")}
      </button>
    </div>
  );
}
