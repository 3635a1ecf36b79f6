import { describe, expect, it } from "vitest";
import { aMessage } from "../samples";
import { itemsOf, placed } from "../thread";
import { mergePast, oneLine } from "./one-line";
import type { PastLine } from "./types";

/** Lines of another conversation at these seconds. */
function past(section: string, ...seconds: number[]): PastLine[] {
  return seconds.map((at, place) => ({ ...aMessage(at, "customer"), seq: place + 1, section, masked: false }));
}

const shown = (messages: { text: string }[]): string[] => messages.map(({ text }) => text);

describe("one line of several conversations", () => {
  it("stands in order of time", () => {
    const here = [aMessage(2, "customer"), aMessage(5, "agent"), aMessage(9, "customer")];
    expect(shown(oneLine(here, past("k#h1", 1, 3, 7), false))).toEqual(["1번째 말", "2번째 말", "3번째 말", "5번째 말", "7번째 말", "9번째 말"]);
  });

  it("shows nothing older than what was loaded while there is more", () => {
    const here = [aMessage(2, "customer"), aMessage(5, "agent")];
    expect(shown(oneLine(here, past("k#h1", 3, 7), true))).toEqual(["3번째 말", "5번째 말", "7번째 말"]);
    expect(oneLine(here, [], true)).toEqual(here);
  });

  it("has each line once where pages overlap", () => {
    const lines = past("k#h1", 1, 3, 7);
    expect(mergePast(lines.slice(0, 2), lines.slice(1)).map(placed)).toEqual(["k#h1:1", "k#h1:2", "k#h1:3"]);
  });

  it("is divided where another conversation begins, and never joins their lines", () => {
    const here = [aMessage(4, "customer"), aMessage(9, "customer")];
    const items = itemsOf(oneLine(here, [...past("k#h1", 1, 2), ...past("v#", 6)], false));
    expect(items.map(({ kind, ...rest }) => ("section" in rest ? `${kind} ${rest.section}` : kind))).toEqual([
      "section k#h1", "group", "section ", "day", "group", "section v#", "group", "section ", "day", "group",
    ]);
    expect(new Set(items.map(({ key }) => key)).size).toBe(items.length);
  });

  it("folds the bot's part within its own conversation", () => {
    const bot = past("k#h1", 1, 2, 3, 4, 5, 6, 7).map((line, place) => ({ ...line, speaker: { kind: place % 2 ? ("bot" as const) : ("customer" as const), name: "" } }));
    const items = itemsOf(oneLine([aMessage(8, "customer"), aMessage(9, "bot")], bot, false));
    expect(items.filter(({ kind }) => kind === "bot")).toHaveLength(1);
    for (const item of items) if (item.kind === "bot") expect(new Set(item.messages.map(({ section }) => section)).size).toBe(1);
  });
});
