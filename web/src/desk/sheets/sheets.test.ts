import { expect, it } from "vitest";
import { followUpAt } from "./follow-up";
import { bodyOfTransfer } from "./transfer";

it("asks for whom the case is", () => {
  expect(bodyOfTransfer({ to: "next", note: " 카드 " })).toEqual({ note: "카드" });
  expect(bodyOfTransfer({ to: "agent", agent: "u1", note: "카드" })).toEqual({ note: "카드", to_agent: "u1" });
  expect(bodyOfTransfer({ to: "queue", queue: "general", note: "카드" })).toEqual({ note: "카드", queue: "general" });
  expect(bodyOfTransfer({ to: "skill", skill: "card", note: "카드" })).toEqual({ note: "카드", skills: ["card"] });
});

it("takes a matter up again in Korea's time", () => {
  const wednesday = Date.parse("2026-11-25T23:30:00+09:00");
  expect(followUpAt("hour", wednesday)).toBe("2026-11-25T15:30:00.000Z");
  expect(followUpAt("tomorrow", wednesday)).toBe("2026-11-26T00:00:00.000Z");
  expect(followUpAt("monday", wednesday)).toBe("2026-11-30T00:00:00.000Z");
  expect(followUpAt("monday", Date.parse("2026-11-30T10:00:00+09:00"))).toBe("2026-12-07T00:00:00.000Z");
});
