import { duration } from "../../shared/formats";
import { t } from "../text";

/** A wait in minutes and seconds. */
export const waitWords = (seconds: number): string => duration(Math.floor(seconds));

const ACTIONS: Record<string, string> = {
  accept: "상담 받음",
  add_identity: "연락처 더함",
  add_user: "계정 만듦",
  assign: "상담 배정",
  callback_attempt: "전화 시도",
  callback_cancel: "전화 예약 취소",
  callback_move: "전화 시간 바꿈",
  change_customer: "고객 정보 고침",
  change_user: "계정 바꿈",
  close: "상담 마무리",
  consult: "의견 물음",
  customer_note: "고객 메모 남김",
  decline: "상담 넘김",
  erase_customer: "고객 기록 지움",
  find_customers: "고객 찾기",
  forget_facts: "고객 기억 지움",
  follow_up: "나중으로 미룸",
  give_back: "AI에게 돌려줌",
  logout: "로그아웃",
  merge_customers: "고객 합침",
  note: "메모 남김",
  packet: "고객 정보 봄",
  record_test: "대화를 테스트로 저장함",
  refuse_merge: "다른 고객이라고 함",
  remove_identity: "연락처 지움",
  requeue: "상담원이 없어 대기로 돌림",
  reveal: "가린 값 봄",
  reveal_identity: "연락처 봄",
  reveal_line: "가린 메시지 봄",
  say: "메시지 보냄",
  search: "찾기",
  set_agent_state: "상담원 상태 바꿈",
  set_profile: "상담원 설정 바꿈",
  set_slots: "값 고침",
  set_state: "내 상태 바꿈",
  tag: "태그 바꿈",
  take_over: "상담 가져옴",
  transfer: "상담 전달",
  undo_merge: "합친 고객 나눔",
  verify_identity: "연락처 확인",
};

/** What somebody did, in words. */
export const actionWord = (action: string): string => t(ACTIONS[action] ?? action);
export const ACTION_NAMES = Object.keys(ACTIONS);
