import { time } from "../../shared/formats";
import { useDesk, useDeskState } from "../context";
import { useLoad } from "../load";
import { Page, percent, Shown } from "../page";
import { t } from "../text";
import type { Board, Survey } from "../types";
import { AgentTable } from "./agent-table";
import { CaseTable } from "./case-table";
import { QueueTable } from "./queue-table";
import { surveyFigures } from "./survey-figures";
import { waitWords } from "./words";

const EVERY_MS = 5_000;
/** Surveys come in slowly, and are read from the conversations one by one. */
const SURVEYS_EVERY_MS = 60_000;

/** Who waits where and how long, who is there, what was promised and kept. */
export default function BoardPage() {
  const { api } = useDesk();
  // A change of any case or colleague is worth a look at once.
  const cases = useDeskState((state) => Object.values(state.cases).map((of) => of.version).reduce((a, b) => a + b, 0));
  const agents = useDeskState((state) => Object.values(state.agents).map((agent) => agent.state).join());
  const board = useLoad(() => api.board(), `${cases}-${agents}`, EVERY_MS);
  const surveys = useLoad(() => api.surveys(), "surveys", SURVEYS_EVERY_MS);
  const hint = board.data ? t("{time} 기준, 5초마다 새로 고쳐요", { time: time(board.data.at) }) : "";
  return (
    <Page title={t("현황")} hint={hint}>
      <Shown of={board}>
        {(data) => (
          <>
            <Tiles board={data} surveys={surveys.data?.surveys ?? []} />
            <QueueTable queues={data.queues} />
            <AgentTable agents={data.agents} />
            <CaseTable />
          </>
        )}
      </Shown>
    </Page>
  );
}

function Tiles({ board, surveys }: { board: Board; surveys: Survey[] }) {
  const said = surveyFigures(surveys.filter(({ about }) => about === "agent"));
  const ofBot = surveyFigures(surveys.filter(({ about }) => about === "bot"));
  const waiting = board.queues.reduce((sum, queue) => sum + queue.waiting, 0);
  const longest = Math.max(0, ...board.queues.map((queue) => queue.longest_wait));
  const late = board.queues.some((queue) => queue.waiting > 0 && queue.longest_wait > queue.answer_within);
  const kept = board.queues.filter((queue) => queue.answered_in_time !== null);
  const level = kept.length ? kept.reduce((sum, queue) => sum + (queue.answered_in_time ?? 0), 0) / kept.length : null;
  const low = kept.some((queue) => (queue.answered_in_time ?? 1) < queue.target);
  const busy = board.agents.filter((agent) => agent.holds.voice + agent.holds.chat > 0).length;
  const free = board.agents.filter((agent) => agent.state === "available").length;
  const { totals } = board;
  return (
    <dl class="tiles">
      <Tile name={t("대기")} value={String(waiting)} note={t("지금")} />
      <Tile name={t("가장 오래 기다림")} value={waiting ? waitWords(longest) : "–"} note={late ? t("목표 초과") : t("지금")} alarm={late} />
      <Tile name={t("응답 목표 지킴")} value={percent(level)} note={low ? t("목표 미달") : t("최근 상담")} alarm={low} />
      <Tile name={t("대기 포기")} value={percent(totals.abandoned)} note={t("최근 24시간")} />
      <Tile name={t("상담 중 / 상담 가능")} value={`${busy} / ${free}`} note={t("지금")} />
      <Tile name={t("AI 해결")} value={percent(totals.containment)} note={t("최근 24시간, 대화 {n}건", { n: totals.conversations })} />
      <Tile
        name={t("불편한 고객")}
        value={String(totals.moods.negative)}
        note={t("열린 상담 {n}건 가운데", { n: totals.moods.negative + totals.moods.neutral + totals.moods.positive })}
        alarm={totals.moods.negative > 0}
      />
      <Tile
        name={t("만족도")}
        value={said.satisfaction === null ? "–" : `${said.satisfaction.toFixed(1)} / 5`}
        note={t("최근 마친 상담, 응답 {n}건", { n: said.answers })}
      />
      {ofBot.answers > 0 && (
        <Tile
          name={t("AI 상담 만족도")}
          value={`${(ofBot.satisfaction ?? 0).toFixed(1)} / 5`}
          note={t("AI가 혼자 마친 상담, 응답 {n}건", { n: ofBot.answers })}
        />
      )}
      <Tile
        name={t("추천 지수(NPS)")}
        value={said.nps === null ? "–" : String(said.nps)}
        note={t("최근 마친 상담, 응답 {n}건", { n: said.recommendations })}
      />
    </dl>
  );
}

function Tile({ name, value, note, alarm = false }: { name: string; value: string; note: string; alarm?: boolean }) {
  return (
    <div class={alarm ? "tile alarm" : "tile"}>
      <dt>{name}</dt>
      <dd class="big">{value}</dd>
      <dd class="meta">{note}</dd>
    </div>
  );
}
