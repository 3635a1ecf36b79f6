/** As much of KakaoTalk's skill format (version 2.0) as a messenger shows. Unknown components are passed over. */

export interface Button {
  label: string;
  action: "webLink" | "message" | "phone" | "block" | "share" | "operator";
  webLinkUrl?: string;
  messageText?: string;
  phoneNumber?: string;
  extra?: Record<string, unknown>;
}

export interface QuickReply {
  label: string;
  action: "message" | "block";
  messageText?: string;
  extra?: Record<string, unknown>;
}

export interface Card {
  title?: string;
  description?: string;
  thumbnail?: { imageUrl: string; altText?: string };
  buttons?: Button[];
  buttonLayout?: "vertical" | "horizontal";
}

export interface Output {
  simpleText?: { text: string };
  textCard?: Card;
  basicCard?: Card;
  carousel?: { type: "textCard" | "basicCard"; items: Card[] };
  simpleImage?: { imageUrl: string; altText: string };
}

export interface SkillResponse {
  version: string;
  template?: { outputs?: Output[]; quickReplies?: QuickReply[] };
  useCallback?: boolean;
  data?: { text?: string };
}

/** What an agent or the service said. */
export interface PersonLine {
  id: string;
  seq: number;
  speaker: { kind: "agent" | "system"; name: string };
  text: string;
  timestamp: string;
}

export type Bubble =
  | { from: "me"; key: string; text: string; at: number; failed?: boolean }
  | { from: "bot"; key: string; outputs: Output[]; at: number }
  /** The promise of an answer by callback; gone once it came. */
  | { from: "waiting"; key: string; text: string; at: number }
  | { from: "agent"; key: string; name: string; text: string; at: number }
  | { from: "notice"; key: string; text: string; at: number };

let made = 0;

/** A key that is unique on this page. */
export function nextKey(): string {
  made += 1;
  return `b${made}`;
}

/** A skill's answer as bubbles: its outputs, or the promise that they come by callback. */
export function bubblesOf(response: SkillResponse, at = Date.now()): Bubble[] {
  if (response.useCallback) {
    return [{ from: "waiting", key: nextKey(), text: response.data?.text ?? "답을 찾고 있어요.", at }];
  }
  const outputs = (response.template?.outputs ?? []).filter(
    (output) => output.simpleText || output.textCard || output.basicCard || output.carousel || output.simpleImage,
  );
  return outputs.length ? [{ from: "bot", key: nextKey(), outputs, at }] : [];
}

export function quickRepliesOf(response: SkillResponse): QuickReply[] {
  return response.template?.quickReplies ?? [];
}

export function bubbleOf(line: PersonLine): Bubble {
  const at = new Date(line.timestamp).getTime();
  return line.speaker.kind === "agent"
    ? { from: "agent", key: line.id, name: line.speaker.name, text: line.text, at }
    : { from: "notice", key: line.id, text: line.text, at };
}

/** A callback takes the place of the oldest promise. */
export function fulfil(bubbles: readonly Bubble[], answer: SkillResponse): Bubble[] {
  const promise = bubbles.findIndex((bubble) => bubble.from === "waiting");
  const rest = bubbles.filter((_, index) => index !== promise);
  return [...rest, ...bubblesOf({ ...answer, useCallback: false })];
}
