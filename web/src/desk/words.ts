/** Names of things, as the desk says them. */
import { attachWord } from "./josa";
import { t } from "./text";
import type { AgentState, Case, MoodLabel, Urgency } from "./types";

export const STATES: Record<AgentState, string> = {
  available: "상담 가능",
  call: "통화 중",
  wrapup: "마무리 중",
  meal: "식사",
  break: "휴식",
  training: "교육",
  away: "자리 비움",
  offline: "오프라인",
};

const CHANNELS: Record<string, string> = {
  webchat: "웹",
  kakao: "카톡",
  rest: "연동",
  voice: "전화",
  navertalk: "네이버",
  line: "라인",
};
const MOODS: Record<MoodLabel, string> = { positive: "좋음", neutral: "보통", negative: "불편" };
const URGENCIES: Record<Urgency, string> = { normal: "", high: "빨리", urgent: "급함" };
const SPEAKERS: Record<string, string> = { agent: "상담원", bot: "AI", note: "메모" };
const SOURCES: Record<string, string> = {
  user: "고객이 말함",
  button: "고객이 고름",
  agent: "상담원이 적음",
  action: "조회함",
  flow: "업무가 정함",
  initial: "처음 값",
};
const RESOLUTIONS: Record<string, string> = {
  closed: "마무리",
  returned: "AI에게 돌려줌",
  transferred: "전달",
  abandoned: "고객이 대기를 취소",
};
const TRENDS = { better: "나아지고 있어요", same: "비슷해요", worse: "나빠지고 있어요" };

export const stateWord = (state: AgentState): string => t(STATES[state] ?? state);
export const channelWord = (channel: string): string => t(CHANNELS[channel] ?? channel);
export const moodWord = (label: MoodLabel): string => t(MOODS[label]);
export const urgencyWord = (urgency: Urgency): string => t(URGENCIES[urgency]);
export const sourceWord = (source: string): string => t(SOURCES[source] ?? "");
export const resolutionWord = (resolution: string): string => t(RESOLUTIONS[resolution] ?? resolution);

const NAMELESS = /^방문자(?= \d)/;

/** A customer's name; visitors without one are numbered by the server, in Korean. */
export const nameOf = (name: string): string => name.replace(NAMELESS, t("방문자"));

/** "김서연 님", and visitors without a name as they are. */
export function withTitle(name: string): string {
  return NAMELESS.test(name) ? nameOf(name) : t("{name} 님", { name });
}

/** Who said a line that was found. */
export const speakerWord = (speaker: string): string => (speaker === "customer" ? t("고객") : t(SPEAKERS[speaker] ?? speaker));

/** What stands before the last words of a row. */
export function lastSpeaker(of: Case, me: string): string {
  const speaker = of.last_message?.speaker ?? "";
  if (speaker === "customer" || !speaker) return "";
  if (speaker === "agent") return of.agent?.id === me ? t("나: ") : `${of.agent?.name ?? t("상담원")}: `;
  return `${t(SPEAKERS[speaker] ?? speaker)}: `;
}

const CLOSED: Record<string, string> = { returned: "AI에게 돌려준 상담이에요", closed: "마친 상담이에요" };

/** Why one can't write here, in words. */
export function whyClosed(of: Case): string {
  if (of.outcome?.code === "left_queue") return t("고객이 대기를 취소했어요");
  return t(CLOSED[of.state] ?? "");
}

/** "보통에서 불편으로", for those who can't see the curve. */
export function trendWords(turns: { label: MoodLabel }[], trend: "better" | "same" | "worse"): string {
  const first = turns[0];
  const last = turns.at(-1);
  if (!first || !last) return t("아직 알 수 없어요");
  const now = t(TRENDS[trend]);
  if (first.label === last.label) return `${moodWord(last.label)}, ${now}`;
  const to = attachWord(moodWord(last.label), "으로/로");
  return t("{from}에서 {to}, {now}", { from: moodWord(first.label), to, now });
}
