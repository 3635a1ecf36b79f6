import { describe, expect, it } from "vitest";
import { aCase, ME } from "../samples";
import type { Agent, Packet } from "../types";
import { choicesFor, mentionsIn, triggerAt } from "./choices";
import { empties, filled, valuesOf } from "./variables";

const colleague = (id: string, name: string): Agent => ({
  id,
  name,
  state: "available",
  state_label: "",
  state_since: null,
  profile: { team: "", queues: [], skills: {}, languages: [], voice: null, chat: null },
});

describe("what opens the list", () => {
  it("is a slash anywhere, and an at sign in notes only", () => {
    expect(triggerAt("네 /인", 4, false)).toMatchObject({ mark: "/", typed: "인" });
    expect(triggerAt("@박", 2, true)).toMatchObject({ mark: "@", typed: "박" });
    expect(triggerAt("@박", 2, false)).toBeNull();
    expect(triggerAt("a@박", 3, true)).toBeNull();
  });
});

it("offers colleagues by part of their name and by initial consonants", () => {
  const agents = [colleague("a", "박준호"), colleague("b", "김민지")];
  const found = (typed: string) => choicesFor({ mark: "@", from: 0, to: 1, typed }, [], agents, String);
  expect(found("ㅂㅈㅎ").map((one) => [one.mention, one.text])).toEqual([["a", "@박준호 "]]);
  expect(found("")).toHaveLength(2);
});

it("names whom the note still names", () => {
  const named = new Map([
    ["a", "박준호"],
    ["b", "김민지"],
  ]);
  expect(mentionsIn("@박준호 봐 주세요", named)).toEqual(["a"]);
});

describe("variables", () => {
  const of = aCase({ customer: { name: "김서연" }, goal: "카드 분실 신고" });
  const slot = (label: string, value: unknown) => ({ name: label, label, value, source_seq: null, confirmed: true, source: "", type: "text", choices: [] });
  const packet = { slots: [slot("카드 종류", "신용카드"), slot("전화번호", "010-****-5678")] } as unknown as Packet;

  it("take what is known of customer, agent, flow and values", () => {
    const text = "{{고객.이름}}, {{ 상담원.이름 }}이에요. {{업무}}: {{값.카드 종류}}";
    expect(filled(text, valuesOf(of, ME, packet))).toBe("김서연 님, 김민지이에요. 카드 분실 신고: 신용카드");
  });

  it("stay where nothing is known, and never become stars", () => {
    const text = filled("{{값.전화번호}} {{값.없는 값}}", valuesOf(of, ME, packet));
    expect(empties(text)).toEqual(["값.전화번호", "값.없는 값"]);
  });
});
