import { describe, expect, it } from "vitest";
import type { TraceKind, TraceLine } from "./calls";
import { turnsOf } from "./turns";

const line = (kind: TraceKind, ko: string): TraceLine => ({ seq: 1, at: "", kind, ko, en: ko, name: "", why: "" });

describe("turns of a trace", () => {
  const lines = [line("step", "시작"), line("customer", "카드 분실"), line("command", "시작해요"), line("inner", "값"), line("customer", "네")];

  it("come newest first, what was before the first words last", () => {
    expect(turnsOf(lines, true).map(({ said, lines: all }) => [said?.ko ?? null, all.map(({ ko }) => ko)])).toEqual([
      ["네", []],
      ["카드 분실", ["시작해요", "값"]],
      [null, ["시작"]],
    ]);
  });

  it("leave inner values out unless they are wanted", () => {
    expect(turnsOf(lines, false)[1]?.lines.map(({ ko }) => ko)).toEqual(["시작해요"]);
  });
});
