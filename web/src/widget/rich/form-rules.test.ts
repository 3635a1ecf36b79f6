import { describe, expect, it } from "vitest";
import type { FormField } from "../protocol";
import { choicesOf, masked, problemOf, problemsOf, shown, tidied } from "./form-rules";

const field = (parts: Partial<FormField>): FormField => ({
  slot: "a",
  label: "가",
  type: "text",
  required: true,
  help: "",
  choices: [],
  max_length: 20,
  days: 7,
  weekdays: [1, 2, 3, 4, 5],
  earliest: "09:00",
  latest: "10:30",
  step: 30,
  ...parts,
});

describe("what a field takes", () => {
  it.each([
    [{}, "", "꼭 필요한 항목이에요"],
    [{}, "   ", "꼭 필요한 항목이에요"],
    [{ required: false }, "", ""],
    [{}, "가".repeat(21), "20자까지 쓸 수 있어요"],
    [{ type: "phone" }, "010-1234-5678", ""],
    [{ type: "phone" }, "+82 10 1234 5678", ""],
    [{ type: "phone" }, "1588-0000", ""],
    [{ type: "phone" }, "12", "전화번호를 다시 확인해 주세요"],
    [{ type: "email" }, "a@b.kr", ""],
    [{ type: "email" }, "a@b", "이메일 주소를 다시 확인해 주세요"],
    [{ type: "number" }, "1,200", ""],
    [{ type: "number" }, "천이백", "숫자로 적어 주세요"],
  ] as const)("%j with %j: %j", (parts, value, problem) => {
    expect(problemOf(field(parts), value)).toBe(problem);
  });

  it("is asked of every field", () => {
    const form = { title: "", submit: "", fields: [field({ slot: "a" }), field({ slot: "b", required: false })] };
    expect(problemsOf(form, {})).toEqual({ a: "꼭 필요한 항목이에요" });
  });
});

it.each([
  ["900101-1234567", "900101-*******"],
  ["제 번호는 9001011234567이에요", "제 번호는 900101-*******이에요"],
  ["4321 1234 5678 9010", "4321-****-****-9010"],
  ["010-1234-5678", "010-1234-5678"],
  ["2026-11-26 15:00", "2026-11-26 15:00"],
])("masks %j as %j", (typed, hidden) => {
  expect(masked(typed)).toBe(hidden);
});

it("shows a telephone number as people write it", () => {
  expect(tidied(field({ type: "phone" }), " 01012345678 ")).toBe("010-1234-5678");
  expect(tidied(field({ type: "phone" }), "+82-10-1234-5678")).toBe("010-1234-5678");
});

describe("what can be chosen", () => {
  // A Friday evening in Korea, when it is still Friday in UTC too.
  const friday = Date.parse("2026-11-27T10:00:00Z");

  it("is each working day from today on, in the bank's zone", () => {
    const days = choicesOf(field({ type: "date" }), friday);
    expect(days.map((day) => day.value)).toEqual(["2026-11-27", "2026-11-30", "2026-12-01", "2026-12-02", "2026-12-03"]);
    expect(days[0]?.words).toBe("오늘, 11월 27일 (금)");
    expect(days[1]?.words).toBe("11월 30일 (월)");
  });

  it("is today in Korea where UTC is a day behind", () => {
    const [first] = choicesOf(field({ type: "date" }), Date.parse("2026-11-26T20:00:00Z"));
    expect(first?.value).toBe("2026-11-27");
  });

  it("is each step between the first and the last time", () => {
    expect(choicesOf(field({ type: "time" })).map((choice) => choice.words)).toEqual([
      "오전 9:00",
      "오전 9:30",
      "오전 10:00",
      "오전 10:30",
    ]);
  });
});

it("shows what was chosen in words", () => {
  expect(shown(field({ type: "time" }), "15:00")).toBe("오후 3:00");
  expect(shown(field({ type: "date" }), "2026-11-26")).toContain("11월 26일 (목)");
  expect(shown(field({}), "대출")).toBe("대출");
});
