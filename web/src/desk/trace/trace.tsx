import { Bot, CircleAlert, CornerDownRight, Ear, FileText, Footprints, MessageSquare, PencilLine, Route, UserRound, Wrench } from "lucide-preact";
import { useState } from "preact/hooks";
import { time } from "../../shared/formats";
import { useAfter, useDeskState } from "../context";
import { spoken, t } from "../text";
import type { Traced, TraceKind, TraceLine } from "./calls";
import { RecordButton } from "./record-button";
import { type Turn, turnsOf } from "./turns";
import { useTrace } from "./use-trace";

const ICONS: Record<TraceKind, typeof Bot> = {
  customer: UserRound,
  understood: Ear,
  command: CornerDownRight,
  step: Footprints,
  slot: PencilLine,
  inner: Wrench,
  answer: FileText,
  reply: MessageSquare,
  flow: Route,
  owner: Bot,
  problem: CircleAlert,
};
/** Turns that are unfolded at first: what is going on now. */
const OPEN = 3;

/** What each message was taken for, which step came of it, and why; live, the newest turn on top. */
export function TraceView({ of }: { of: Traced }) {
  const supervisor = useDeskState((state) => state.user?.role !== "agent");
  const { lines, why, again } = useTrace(of);
  const [inner, setInner] = useState(false);
  const slow = useAfter(!lines && !why);
  const turns = lines ? turnsOf(lines, inner) : [];
  return (
    <section class="trace" aria-label={t("대화 흐름")}>
      <div class="trace-head">
        <label class="check">
          <input type="checkbox" checked={inner} onChange={(event) => setInner(event.currentTarget.checked)} />
          <span>{t("내부 값도 보기")}</span>
        </label>
        <span class="grow" />
        {supervisor && <RecordButton of={of} />}
      </div>
      {why && (
        <div class="panel-problem" role="alert">
          <p>{why}</p>
          <button type="button" class="btn small" onClick={again}>
            {t("다시 시도")}
          </button>
        </div>
      )}
      {slow && <span class="skeleton row-like" role="status" aria-label={t("불러오는 중이에요")} />}
      {lines && !turns.length && <p class="none">{t("아직 나눈 이야기가 없어요")}</p>}
      {turns.map((turn, place) => (
        <TurnView key={turn.said?.seq ?? 0} turn={turn} open={place < OPEN} />
      ))}
    </section>
  );
}

function TurnView({ turn, open }: { turn: Turn; open: boolean }) {
  // Once shown, folding is the reader's: a turn that is no longer among the newest stays as it is.
  const [first] = useState(open);
  return (
    <details class="trace-turn" open={first}>
      <summary>
        <span class="said">{turn.said ? words(turn.said) || t("(말 없음)") : t("고객이 말하기 전")}</span>
        {turn.said && <time dateTime={turn.said.at}>{time(turn.said.at)}</time>}
      </summary>
      <ol class="trace-lines">
        {turn.lines.map((line, place) => (
          <LineView key={`${line.seq}-${place}`} line={line} />
        ))}
      </ol>
    </details>
  );
}

function LineView({ line }: { line: TraceLine }) {
  const Icon = ICONS[line.kind];
  return (
    <li class={`trace-line of-${line.kind}`}>
      <Icon size={14} aria-hidden="true" />
      <div>
        <p>{words(line)}</p>
        {line.why && (
          <p class="why">
            {t("까닭")}: <code>{line.why}</code>
          </p>
        )}
        {line.name && <code class="name">{line.name}</code>}
      </div>
    </li>
  );
}

const words = (line: TraceLine): string => (spoken() === "en" ? line.en : line.ko);
