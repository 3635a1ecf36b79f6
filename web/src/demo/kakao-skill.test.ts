import { expect, it } from "vitest";
import { type Bubble, type SkillResponse, bubbleOf, bubblesOf, fulfil, quickRepliesOf } from "./kakao-skill";

const text = (words: string): SkillResponse => ({
  version: "2.0",
  template: { outputs: [{ simpleText: { text: words } }], quickReplies: [{ label: "네", action: "message" }] },
});

it("shows the outputs of an answer as one turn", () => {
  expect(bubblesOf(text("안녕하세요"))).toMatchObject([{ from: "bot", outputs: [{ simpleText: { text: "안녕하세요" } }] }]);
  expect(quickRepliesOf(text("안녕하세요"))).toHaveLength(1);
});

it("shows nothing of components that it does not know", () => {
  const answer = { version: "2.0", template: { outputs: [{ listCard: {} }] } } as unknown as SkillResponse;
  expect(bubblesOf(answer)).toEqual([]);
});

it("shows a promise, and the callback in its place", () => {
  const promised = bubblesOf({ version: "2.0", useCallback: true, data: { text: "생각 중이에요" } });
  expect(promised).toMatchObject([{ from: "waiting", text: "생각 중이에요" }]);
  const mine: Bubble = { from: "me", key: "m", text: "네", at: 0 };
  expect(fulfil([...promised, mine], text("답이에요")).map((bubble) => bubble.from)).toEqual(["me", "bot"]);
});

it("tells an agent from a notice", () => {
  const line = { id: "1", seq: 1, text: "글", timestamp: "2026-11-22T06:05:00Z" };
  expect(bubbleOf({ ...line, speaker: { kind: "agent", name: "김민지" } })).toMatchObject({ from: "agent", name: "김민지" });
  expect(bubbleOf({ ...line, speaker: { kind: "system", name: "" } }).from).toBe("notice");
});
