import { expect, it } from "vitest";
import { typingWords } from "./told";
import { heightOf, pointsOf } from "./packet/curve";
import { aCase } from "./samples";
import { bodyOf } from "./sheets/sheet";
import type { Packet } from "./types";
import { lastSpeaker, trendWords, whyClosed, withTitle } from "./words";

it("gives names their title and the right particle", () => {
  expect(withTitle("김서연")).toBe("김서연 님");
  expect(withTitle("방문자 1234")).toBe("방문자 1234");
  expect(typingWords("김서연")).toBe("김서연 님이 입력 중이에요");
  expect(typingWords("방문자 1234")).toBe("방문자 1234가 입력 중이에요");
});

it("says the curve in words", () => {
  const turn = (label: "positive" | "neutral" | "negative") => ({ seq: 1, label, score: 0.9 });
  expect(trendWords([turn("neutral"), turn("negative")], "worse")).toBe("보통에서 불편으로, 나빠지고 있어요");
  expect(trendWords([turn("neutral"), turn("neutral")], "same")).toBe("보통, 비슷해요");
  expect(trendWords([], "same")).toBe("아직 알 수 없어요");
});

it("draws good moods high and bad ones low, within the frame", () => {
  const heights = (["positive", "neutral", "negative"] as const).map((label) => heightOf({ seq: 1, label, score: 1 }));
  expect(heights).toEqual([8, 24, 40]);
  expect(pointsOf([{ seq: 1, label: "neutral", score: 1 }])[0]?.x).toBe(8);
});

it("says who spoke last and why one can't write", () => {
  const mine = aCase({ state: "agent", agent: { id: "me", name: "김민지" }, last_message: { speaker: "agent", text: "네", timestamp: null } });
  expect(lastSpeaker(mine, "me")).toBe("나: ");
  expect(lastSpeaker(mine, "you")).toBe("김민지: ");
  expect(whyClosed(aCase({ state: "closed", outcome: { code: "left_queue", note: "" } }))).toBe("고객이 대기를 취소했어요");
  expect(whyClosed(aCase({ state: "returned" }))).toBe("AI에게 돌려준 상담이에요");
});

it("returns only the values that were changed", () => {
  const packet = {
    missing_slots: [{ name: "card_type", label: "카드 종류", type: "categorical", choices: ["신용카드"] }],
    slots: [{ name: "phone", label: "전화번호", value: "010-****-5678", type: "text", choices: [] }],
  } as unknown as Packet;
  const values = { code: "resolved", note: " 확인함 ", "slot.card_type": "신용카드", "slot.phone": "" };
  expect(bodyOf("return", values, packet)).toEqual({ code: "resolved", note: "확인함", slots: { card_type: "신용카드" } });
  expect(bodyOf("close", values, packet)).toEqual({ code: "resolved", note: "확인함" });
});
