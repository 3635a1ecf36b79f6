import { describe, expect, it } from "vitest";
import { matches } from "./match";
import { inTab, keepOrder, pressure, searchCases, sortCases, waitsSince } from "./order";
import { aCase } from "./samples";

const NOW = Date.parse("2026-11-25T01:10:00Z");
const at = (minutes: number): string => new Date(NOW - minutes * 60_000).toISOString();

describe("order", () => {
  it("puts first whose time is up first, by urgency", () => {
    const cases = [
      aCase({ id: "new", waiting_since: at(0.5) }),
      aCase({ id: "old", waiting_since: at(2) }),
      aCase({ id: "urgent", waiting_since: at(0.4), urgency: "urgent" }),
    ];
    expect(sortCases(cases, "waiting").map((of) => of.id)).toEqual(["urgent", "old", "new"]);
  });

  it("puts conversations that need no answer last, the latest first", () => {
    const mine = (id: string, speaker: string, minutes: number) =>
      aCase({
        id,
        state: "agent",
        agent: { id: "me", name: "김민지" },
        accepted_at: at(9),
        last_message: { speaker, text: "네", timestamp: at(minutes) },
      });
    const cases = [mine("answered", "agent", 1), mine("older", "agent", 5), mine("asks", "customer", 3)];
    expect(sortCases(cases, "mine").map((of) => of.id)).toEqual(["asks", "answered", "older"]);
    expect(waitsSince(cases[0]!)).toBeNull();
  });

  it("shows the latest first among what is over", () => {
    const cases = [
      aCase({ id: "a", state: "closed", closed_at: at(9) }),
      aCase({ id: "b", state: "returned", closed_at: at(1) }),
    ];
    expect(sortCases(cases, "closed").map((of) => of.id)).toEqual(["b", "a"]);
  });
});

describe("a held list", () => {
  it("keeps its rows where they are and takes new ones at the end", () => {
    expect(keepOrder(["a", "b", "c"], ["c", "new", "a"], true)).toEqual({ order: ["a", "c", "new"], moved: true });
  });

  it("says nothing of an order that is the same", () => {
    expect(keepOrder(["a", "b"], ["a", "b"], true)).toEqual({ order: ["a", "b"], moved: false });
  });

  it("is sorted once it is let go", () => {
    expect(keepOrder(["a", "b"], ["b", "a"], false)).toEqual({ order: ["b", "a"], moved: false });
  });
});

it("colours the waiting time by the goal", () => {
  expect(pressure(aCase({ waiting_since: at(0.5) }), NOW)).toBe("calm");
  expect(pressure(aCase({ waiting_since: at(2) }), NOW)).toBe("soon");
  expect(pressure(aCase({ waiting_since: at(3) }), NOW)).toBe("late");
  expect(pressure(aCase({ waiting_since: at(1), urgency: "urgent" }), NOW)).toBe("late");
  expect(pressure(aCase({ state: "closed" }), NOW)).toBe("calm");
});

it("knows which tab a case is in", () => {
  const tabs = (of: ReturnType<typeof aCase>) =>
    (["mine", "waiting", "all", "closed"] as const).filter((tab) => inTab(of, tab, "me"));
  expect(tabs(aCase({}))).toEqual(["waiting", "all"]);
  expect(tabs(aCase({ state: "agent", agent: { id: "me", name: "김민지" } }))).toEqual(["mine", "all"]);
  expect(tabs(aCase({ state: "agent", agent: { id: "you", name: "박준호" } }))).toEqual(["all"]);
  expect(tabs(aCase({ state: "returned", agent: { id: "me", name: "김민지" } }))).toEqual(["closed"]);
});

it("finds rows by name, words and goal", () => {
  const cases = [aCase({ id: "a", customer: { name: "김서연" } }), aCase({ id: "b", goal: "카드 분실 신고" })];
  const found = (typed: string) => searchCases(cases, typed, matches).map((of) => of.id);
  expect(found("서연")).toEqual(["a"]);
  expect(found("ㄱㅅㅇ")).toEqual(["a"]);
  expect(found("분실")).toEqual(["b"]);
  expect(found("")).toEqual(["a", "b"]);
  expect(found("없는 말")).toEqual([]);
});
