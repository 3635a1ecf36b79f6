import { expect, it } from "vitest";
import EMOJI from "./emoji.json";
import { findEmoji, step } from "./emoji-picker";

it("finds emoji by their name in both languages, by initial consonants, and by half a syllable", () => {
  const first = (typed: string) => findEmoji(typed)[0]?.emoji;
  expect([first("영수증"), first("receipt"), first("ㅇㅅㅈ"), first("바")]).toEqual(["🧾", "🧾", "🧾", "👏"]);
  expect(findEmoji("ㅋㅋㅋㅋ")).toEqual([]);
});

it("puts what was used last first", () => {
  expect(findEmoji("", ["🧾", "👏"]).slice(0, 2).map(({ emoji }) => emoji)).toEqual(["🧾", "👏"]);
  expect(findEmoji("")).toHaveLength(EMOJI.length);
});

it("moves through the grid of eight columns without leaving it, but upwards", () => {
  const moves: [string, number, number | null][] = [
    ["ArrowRight", 0, 1],
    ["ArrowRight", 19, 19],
    ["ArrowLeft", 0, 0],
    ["ArrowDown", 3, 11],
    ["ArrowDown", 15, 19],
    ["ArrowUp", 11, 3],
    ["ArrowUp", 3, -1],
    ["Home", 11, 0],
    ["End", 0, 19],
    ["a", 0, null],
  ];
  for (const [key, from, to] of moves) expect(step(key, from, 20), `${key} from ${from}`).toBe(to);
});
