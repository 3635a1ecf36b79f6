import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Api, Words } from "./api";
import { Sender } from "./sending";
import { reduce, START } from "./state";
import { createStore } from "./store";
import type { Message } from "./types";

/** What reached the server, in order. */
let taken: string[] = [];
let leaving: string[] = [];

function line(text: string, id: string): Message {
  const speaker = { kind: "agent", name: "김민지" } as const;
  return { id, seq: taken.length, speaker, text, timestamp: "2026-11-25T00:00:00Z", buttons: [], citations: [], client_msg_id: id };
}

const server = {
  write: async (_: string, __: string, { text, client_msg_id, original }: Words) => {
    taken.push(original ? `${text} (${original})` : text);
    return line(text, client_msg_id);
  },
  sendFile: async (_: string, file: File, id: string) => {
    taken.push(file.name);
    return line(file.name, id);
  },
  writeLeaving: (_: string, { text, original }: Words) => void leaving.push(original ? `${text} (${original})` : text),
} as unknown as Api;

function sender(undo = 3000) {
  const store = createStore(START, reduce);
  const made = new Sender(server, store, { alert: () => undefined, stale: async () => undefined, undo: () => undo });
  return { store, made, out: () => store.get().outbox.c1 ?? [] };
}

beforeEach(() => {
  vi.useFakeTimers();
  taken = [];
  leaving = [];
});
afterEach(() => vi.useRealTimers());

it("sends at once where nothing can be called back", async () => {
  const { made, out } = sender(0);
  made.send("c1", "messages", "안녕하세요");
  await vi.advanceTimersByTimeAsync(0);
  expect([taken, out()]).toEqual([["안녕하세요"], []]);
});

it("sends a translation with what it is of, also while the page goes away", async () => {
  const { made } = sender();
  made.sendTranslated("c1", "I blocked it.", { original: "정지했어요", language: "en" });
  made.leave();
  await vi.advanceTimersByTimeAsync(3000);
  expect([leaving, taken]).toEqual([["I blocked it. (정지했어요)"], ["I blocked it. (정지했어요)"]]);
});

it("gives a moment to call a message back, and then nobody gets it", async () => {
  const { made, out } = sender();
  made.send("c1", "messages", "잘못 쓴 말");
  await vi.advanceTimersByTimeAsync(2900);
  expect(taken).toEqual([]);
  expect(made.lastUndoable("c1")?.text).toBe("잘못 쓴 말");
  made.callBack("c1", out()[0]?.clientId ?? "");
  await vi.advanceTimersByTimeAsync(60_000);
  expect([taken, out()]).toEqual([[], []]);
});

it("keeps the order, files included, and delivers after the moment", async () => {
  const { made, out } = sender();
  made.sendFile("c1", new File(["x"], "약관.pdf"));
  made.send("c1", "messages", "약관이에요");
  made.send("c1", "notes", "약관을 보냄");
  expect(out().map(({ state }) => state)).toEqual(["undo", "undo", "sending"]);
  await vi.advanceTimersByTimeAsync(3100);
  expect([taken, out()]).toEqual([["약관.pdf", "약관이에요", "약관을 보냄"], []]);
});

it("delivers at once what a case that ends still holds", async () => {
  const { made, out } = sender();
  made.send("c1", "messages", "감사합니다");
  await vi.advanceTimersByTimeAsync(0);
  expect(await made.settle("c1")).toBe(true);
  expect([taken, out()]).toEqual([["감사합니다"], []]);
  expect(await made.settle("c1")).toBe(false);
});

it("loses nothing with the page: words leave with it, and are taken up under the same id", async () => {
  const { made, out } = sender();
  made.send("c1", "messages", "곧 갈게요");
  made.sendFile("c1", new File(["x"], "a.png"));
  await vi.advanceTimersByTimeAsync(0);
  made.leave();
  expect([leaving, made.holdsFiles]).toEqual([["곧 갈게요"], true]);
  const [message] = out();
  const later = sender();
  later.made.takeUp({ c1: message ? [message] : [] });
  await vi.advanceTimersByTimeAsync(3100);
  expect(taken.filter((text) => text === "곧 갈게요")).toHaveLength(2);
});
