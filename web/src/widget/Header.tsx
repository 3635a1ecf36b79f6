import type { JSX } from "preact";
import { Icon } from "./icons";
import type { Assistant, State } from "./protocol";
import { TEXT, queueLine } from "./texts";

export interface HeaderProps {
  state: State;
  movedFrom: string;
  assistant: Assistant;
  wide: boolean;
  canWiden: boolean;
  onHuman: () => void;
  onWiden: () => void;
  onClose: () => void;
}

/** Who speaks, in one line and a state line; a person in reach; out. */
export function Header(props: HeaderProps): JSX.Element {
  const { state, wide } = props;
  const who = speaker(props);
  return (
    <header>
      <span class={`avatar ${state.owner}`}>
        <Icon name={state.owner === "agent" || state.owner === "queue" ? "person" : "bot"} />
      </span>
      <div class="who">
        <h2>
          <span class="name">{who.name}</span>
          {who.chip ? <span class="chip">{who.chip}</span> : null}
        </h2>
        <p>{who.line}</p>
      </div>
      {state.owner === "bot" || state.owner === "closed" ? (
        <button type="button" class="human" onClick={props.onHuman}>
          {TEXT.human}
        </button>
      ) : null}
      {props.canWiden ? (
        <button
          type="button"
          class="icon-button"
          aria-label={wide ? TEXT.narrower : TEXT.wider}
          aria-pressed={wide}
          onClick={props.onWiden}
        >
          <Icon name={wide ? "narrower" : "wider"} />
        </button>
      ) : null}
      <button type="button" class="icon-button" aria-label={TEXT.close} onClick={props.onClose}>
        <Icon name="close" />
      </button>
    </header>
  );
}

function speaker({ state, movedFrom, assistant }: HeaderProps): { name: string; chip?: string; line: string } {
  const { agent, hours } = state;
  if (state.owner === "queue") return { name: TEXT.queueTitle, line: queueLine(state.queue) };
  if (state.owner === "agent" && agent) {
    return movedFrom
      ? { name: TEXT.agentTitle(agent.name), line: TEXT.agentMoved(movedFrom, agent.name) }
      : { name: TEXT.agentTitle(agent.name), line: TEXT.agentState };
  }
  const bot = { name: assistant.bot_name, chip: TEXT.botLabel };
  if (hours && !hours.open) return { ...bot, line: `${TEXT.closedHours} · ${hours.text}` };
  return { ...bot, line: state.owner === "closed" ? TEXT.ended : TEXT.botState };
}
