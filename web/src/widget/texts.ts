/** Everything the widget itself says, in Korean. 해요체; buttons are short nouns or end in -기. Other languages: `languages`. */
import { minutesRange } from "../shared/formats";
import type { Problem, State } from "./protocol";

const KOREAN = {
  lang: "ko",
  launcher: "상담 열기",
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
  /** By code; the server's titles are Korean. */
  choices: {} as Record<string, string>,
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
  guide: "안내",
  attachedImage: "첨부 이미지",
  attachedFile: "첨부 파일",
  fileName: (title: string): string => `${title || "상담"} 대화.txt`,
  previousCard: "이전 카드",
  nextCard: "다음 카드",
  cards: (count: number): string => `카드 ${count}장`,
  edit: "고치기",
  choose: "골라 주세요",
  today: "오늘",
  optional: "(선택)",
  required: "꼭 필요한 항목이에요",
  badPhone: "전화번호를 다시 확인해 주세요",
  badMail: "이메일 주소를 다시 확인해 주세요",
  badNumber: "숫자로 적어 주세요",
  tooLong: (most: number): string => `${most}자까지 쓸 수 있어요`,
  maskedSecret: "개인정보라서 가렸어요",
  formErrors: (count: number): string => `확인할 항목이 ${count}개 있어요`,
  formOver: "이 양식은 이제 쓰지 않아요",
  formSent: "작성한 내용을 보냈어요",
  sendFile: "사진·파일 보내기",
  takePhoto: "사진 찍기",
  dropHere: "여기에 놓으면 보내 드려요",
  filesOnTheWay: "보내는 파일",
  sendingFile: (name: string): string => `${name} 보내는 중`,
  cancelFile: (name: string): string => `${name} 보내기 취소`,
  removeFile: (name: string): string => `${name} 지우기`,
  saveFile: (name: string): string => `${name} 내려받기`,
  fileGone: "파일을 불러오지 못했어요",
  fileTooBig: (most: number): string => `${most}MB까지 보낼 수 있어요`,
  fileType: "이 형식은 보낼 수 없어요. 이미지나 PDF로 보내 주세요",
  emptyFile: "빈 파일은 보낼 수 없어요",
  uploadFailed: "파일을 올리지 못했어요",
  photoSent: "사진을 보냈어요",
  fileSent: (name: string): string => `파일을 보냈어요: ${name}`,
  surveyTitle: "상담은 어떠셨나요?",
  faces: ["아주 나빠요", "나빠요", "보통이에요", "좋아요", "아주 좋아요"],
  recommendTitle: "주변에 추천하고 싶으신가요? (선택)",
  recommendEnds: ["전혀 아니에요", "꼭 추천해요"],
  surveyComment: "더 하실 말씀이 있으면 적어 주세요 (선택)",
  surveyDone: "의견을 남겨 주셔서 고마워요",
  skip: "건너뛰기",
  unreadName: (count: number): string => `, 안 읽은 메시지 ${count}개`,
  unreadPill: (count: number): string => `새 메시지 ${count}개`,
  typingBy: (name: string): string => `${name} 상담원이 입력 중이에요`,
  stopAnswer: "멈추기",
  stopping: "멈추는 중이에요",
  answerStopped: "답변을 멈췄어요",
  botTyping: (name: string): string => `${name} 입력 중`,
  agentTitle: (name: string): string => `${name} 상담원`,
  agentMoved: (from: string, to: string): string => `${from} → ${to} 상담원으로 바뀌었어요`,
  citationLabel: (index: number, title: string): string => `근거 ${index}: ${title}`,
  pageOf: (page: number): string => `${page}쪽`,
  ahead: (count: number): string => (count ? `앞에 ${count}명` : "바로 다음 순서예요"),
  about: (min: number, max: number): string => `약 ${minutesRange(min, max)}`,
};

type Words<T> = T extends string[] ? readonly string[] : T extends string ? string : T;
export type Texts = { [Key in keyof typeof KOREAN]: Words<(typeof KOREAN)[Key]> };

/** The language of now. Read it when something is drawn, not when a module is loaded. */
export const TEXT: Texts = { ...KOREAN };

/** Speak another language from the next drawing on; Korean without any. */
export function speak(texts: Texts = KOREAN): void {
  Object.assign(TEXT, texts);
}

/** What the server says of a failure, in the language of now; it says both. */
export function problemWords(problem: Problem | undefined): string {
  return (TEXT.lang === "ko" ? problem?.title : problem?.detail) || TEXT.failed;
}

/** 앞에 3명 · 약 4~6분. The first of the queue has nobody in front. */
export function queueLine(queue: State["queue"]): string {
  if (!queue?.position) return TEXT.queueUnknown;
  const wait = queue.wait ? ` · ${TEXT.about(queue.wait.min, queue.wait.max)}` : "";
  return TEXT.ahead(queue.position - 1) + wait;
}
