import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Live } from "./live";
import type { Piece } from "./protocol";

const piece = (text: string, message_id = "m1"): Piece => ({ message_id, text, speaker: { kind: "bot", name: "이음" } });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("draws the newest at most every 80 ms", () => {
  const changed = vi.fn();
  const live = new Live(changed);
  live.take(piece(""));
  vi.advanceTimersByTime(1);
  expect(live.now?.text).toBe("");
  for (const text of ["가", "가 나", "가 나 다"]) live.take(piece(text));
  vi.advanceTimersByTime(70);
  expect(changed).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(20);
  expect(live.now?.text).toBe("가 나 다");
  expect(changed).toHaveBeenCalledTimes(2);
});

it("ends with its message, also where a piece still waited to be drawn", () => {
  const live = new Live(() => undefined);
  live.take(piece("가"));
  vi.advanceTimersByTime(1);
  live.take(piece("가 나"));
  live.end();
  vi.advanceTimersByTime(200);
  expect(live.now).toBeNull();
});

it("is given up without news", () => {
  const live = new Live(() => undefined);
  live.take(piece("가"));
  vi.advanceTimersByTime(29_000);
  live.take(piece("가 나"));
  vi.advanceTimersByTime(29_000);
  expect(live.now?.text).toBe("가 나");
  vi.advanceTimersByTime(2_000);
  expect(live.now).toBeNull();
});

it("a new answer may be stopped anew", () => {
  const live = new Live(() => undefined);
  live.take(piece("가"));
  vi.advanceTimersByTime(1);
  live.stop();
  live.take(piece("가 나"));
  expect(live.stopping).toBe(true);
  live.take(piece("다", "m2"));
  expect(live.stopping).toBe(false);
});
