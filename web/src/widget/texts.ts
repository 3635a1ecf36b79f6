/** Everything the widget itself says. 해요체; buttons are short nouns or end in -기. */
import { minutesRange } from "../shared/formats";
import type { State } from "./protocol";

export const TEXT = {
  panel: "상담 창",
  botLabel: "AI 상담",
  botState: "보통 바로 답해요",
  human: "사람 연결",
  askHuman: "상담원 연결해 주세요",
  close: "상담 닫기",
  wider: "창 넓히기",
  narrower: "창 좁히기",
  composer: "메시지를 입력해 주세요",
  send: "보내기",
  more: "더 보기",
  mic: "음성으로 상담하기",
  ended: "상담이 끝났어요",
  endedHint: "상담이 끝났어요. 새로 문의할 수 있어요",
  again: "새로 문의하기",
  queueUnknown: "순서대로 연결하고 있어요",
  queueTitle: "상담원 연결 중",
  calling: "상담원을 부르고 있어요.",
  callingHint: "창을 닫아도 알려 드려요.",
  callingLong: "시간이 걸릴 수 있어요. 전화로 받으실 수도 있어요.",
  callback: "전화로 받기",
  askCallback: "전화로 상담받고 싶어요",
  leave: "기다리지 않기",
  left: "대기를 취소했어요",
  agentState: "답변 중",
  closedHours: "지금은 상담 시간이 아니에요",
  offline: "인터넷 연결이 끊겼어요. 다시 연결하고 있어요",
  back: "다시 연결됐어요",
  connecting: "연결하고 있어요",
  waiting: "연결되면 보낼게요",
  sending: "보내는 중이에요",
  sent: "보냈어요",
  read: "읽었어요",
  failed: "보내지 못했어요. 다시 보내 주세요",
  retry: "다시 보내기",
  remove: "지우기",
  serverError: "잠시 문제가 생겼어요. 조금 뒤에 다시 해 주세요",
  typing: "입력 중",
  older: "이전 메시지 보기",
  readLine: "여기까지 읽었어요",
  toEnd: "맨 아래로",
  helpful: "도움돼요",
  notHelpful: "아니에요",
  whyNot: "어떤 점이 아쉬웠나요?",
  reasons: ["내용이 틀려요", "질문과 달라요", "이해하기 어려워요"],
  thanks: "알려 주셔서 고마워요. 상담원에게 이어서 물어보시겠어요?",
  feedbackFailed: "의견을 저장하지 못했어요",
  source: "원문 보기",
  sourceTitle: "답변의 근거",
  closeSheet: "근거 닫기",
  newWindow: "새 창",
  download: "대화 내려받기",
  privacy: "개인정보 안내",
  privacyLine: "상담 내용은 답변을 위해 저장돼요.",
  messages: "대화 내용",
  quick: "빠른 답장",
  me: "나",
  ok: "확인",
} as const;

export const unreadPill = (count: number): string => `새 메시지 ${count}개`;
export const typingBy = (name: string): string => `${name} 상담원이 입력 중이에요`;
export const botTyping = (name: string): string => `${name} 입력 중`;
export const agentTitle = (name: string): string => `${name} 상담원`;
export const agentMoved = (from: string, to: string): string => `${from} → ${to} 상담원으로 바뀌었어요`;
export const citationLabel = (index: number, title: string): string => `근거 ${index}: ${title}`;
export const pageOf = (page: number): string => `${page}쪽`;

/** 앞에 3명 · 약 4~6분. The first of the queue has nobody in front. */
export function queueLine(queue: State["queue"]): string {
  if (!queue?.position) return TEXT.queueUnknown;
  const ahead = queue.position - 1;
  const wait = queue.wait ? ` · 약 ${minutesRange(queue.wait.min, queue.wait.max)}` : "";
  return (ahead ? `앞에 ${ahead}명` : "바로 다음 순서예요") + wait;
}
