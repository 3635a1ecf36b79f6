/** Keys in two layers. Physical keys (`event.code`) in the command layer, so that ㅓ and J are the same key. */
import { takenByIme } from "../shared/ime";

export type Command =
  | "next" | "previous" | "open" | "list" | "thread" | "reply" | "note" | "packet" | "assist" | "trace" | "bot"
  | "accept" | "decline" | "close" | "transfer" | "return" | "state" | "find" | "palette" | "shortcuts"
  | "first" | "last" | "suggestion" | "suggestion1" | "suggestion2" | "suggestion3" | "leave";

export interface Press {
  code: string;
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  isComposing: boolean;
  keyCode: number;
}

export interface Place {
  /** Focus is in a text field. */
  typing: boolean;
  /** Focus is on something that Enter presses: a button, a link, a row. */
  onControl: boolean;
  /** Single keys are switched on. */
  singleKeys: boolean;
}

interface Entry {
  command: Command;
  label: string;
  keys: string;
  code?: string;
  shift?: boolean;
}

/** The command layer, in the order of the table. */
export const ENTRIES: Entry[] = [
  { command: "accept", label: "상담 받기", keys: "F2 · A", code: "KeyA" },
  { command: "decline", label: "상담 넘기기", keys: "X", code: "KeyX" },
  { command: "reply", label: "답장 쓰기", keys: "R", code: "KeyR" },
  { command: "note", label: "메모 쓰기", keys: "O", code: "KeyO" },
  { command: "suggestion", label: "추천 답변 넣기", keys: "F8" },
  { command: "suggestion1", label: "추천 답변 1 넣기", keys: "1", code: "Digit1" },
  { command: "suggestion2", label: "추천 답변 2 넣기", keys: "2", code: "Digit2" },
  { command: "suggestion3", label: "추천 답변 3 넣기", keys: "3", code: "Digit3" },
  { command: "close", label: "상담 마무리", keys: "W", code: "KeyW" },
  { command: "transfer", label: "다른 상담원에게 전달", keys: "P", code: "KeyP" },
  { command: "return", label: "AI에게 돌려주기", keys: "B", code: "KeyB" },
  { command: "bot", label: "AI 대화 펼치기", keys: "Y", code: "KeyY" },
  { command: "state", label: "내 상태 바꾸기", keys: "Q", code: "KeyQ" },
  { command: "next", label: "다음 대화", keys: "J", code: "KeyJ" },
  { command: "previous", label: "이전 대화", keys: "K", code: "KeyK" },
  { command: "first", label: "첫 대화", keys: "Home", code: "Home" },
  { command: "last", label: "마지막 대화", keys: "End", code: "End" },
  { command: "open", label: "대화 열기", keys: "Enter", code: "Enter" },
  { command: "list", label: "목록으로", keys: "L", code: "KeyL" },
  { command: "thread", label: "메시지로", keys: "M", code: "KeyM" },
  { command: "packet", label: "고객 정보", keys: "C", code: "KeyC" },
  { command: "assist", label: "도움 패널", keys: "G", code: "KeyG" },
  { command: "trace", label: "대화 흐름", keys: "T", code: "KeyT" },
  { command: "find", label: "목록에서 찾기", keys: "/", code: "Slash" },
  { command: "palette", label: "찾기와 명령", keys: "Ctrl/⌘ + K" },
  { command: "shortcuts", label: "단축키 보기", keys: "?", code: "Slash", shift: true },
];

/** The typing layer, for the table. */
export const TYPING: [string, string][] = [
  ["보내기", "Enter"],
  ["줄바꿈", "Shift + Enter"],
  ["보내고 다음 대화", "Ctrl/⌘ + Enter"],
  ["템플릿", "/"],
  ["추천 답변 넣기", "F8"],
  ["상담 받기", "F2"],
  ["보낸 글 되돌리기 (빈 칸에서)", "Ctrl/⌘ + Z"],
  ["명령 모드로, 닫기", "Esc"],
];

const ENTER = new Set(["Enter", "NumpadEnter"]);

/** The command of a key press, null if it is none of ours. */
export function commandOf(press: Press, place: Place): Command | null {
  const bare = !press.ctrlKey && !press.metaKey && !press.altKey;
  // F2 needs no focus and no finished syllable: it changes nothing of what is being typed.
  if (press.code === "F2" && bare && !press.shiftKey) return "accept";
  if (takenByIme(press as KeyboardEvent)) return null;
  if (press.code === "F8" && bare && !press.shiftKey) return "suggestion";
  if (press.code === "KeyK" && (press.ctrlKey || press.metaKey) && !press.altKey && !press.shiftKey) return "palette";
  if (press.code === "Escape" && bare) return "leave";
  if (place.typing || !bare || !place.singleKeys) return null;
  if (ENTER.has(press.code)) return place.onControl ? null : "open";
  const found = ENTRIES.find((entry) => entry.code === press.code && Boolean(entry.shift) === press.shiftKey);
  return found?.command ?? null;
}

const FIELDS = new Set(["text", "search", "password", "email", "tel", "number", ""]);

/** Where the focus is. */
export function placeOf(element: Element | null, singleKeys: boolean): Place {
  const input = element instanceof HTMLInputElement && FIELDS.has(element.type);
  const typing =
    input ||
    element instanceof HTMLTextAreaElement ||
    element instanceof HTMLSelectElement ||
    (element instanceof HTMLElement && element.isContentEditable);
  const onControl = element instanceof HTMLElement && element.matches("button, a[href], summary, input, [role=menuitemradio]");
  return { typing, onControl, singleKeys };
}
