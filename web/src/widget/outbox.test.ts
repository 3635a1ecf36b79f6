import { beforeEach, expect, it, vi } from "vitest";
import { type Entry, KEEP_MS, MOST, Outbox, type OutboxOptions } from "./outbox";
import { MemoryOutboxStore } from "./outbox-store";
import type { SaidAck } from "./protocol";

let store: MemoryOutboxStore;
let said: string[];
let now: number;
let answer: (entry: Entry) => Promise<SaidAck>;
const onSent = vi.fn();
const onFailed = vi.fn();

function open(options: Partial<OutboxOptions> = {}): Outbox {
  return new Outbox({
    store,
    cursor: () => 7,
    onChange: () => undefined,
    onSent,
    onFailed,
    now: () => now,
    send: (entry) => {
      said.push(entry.text);
      return answer(entry);
    },
    ...options,
  });
}

beforeEach(() => {
  store = new MemoryOutboxStore();
  said = [];
  now = 1_000_000;
  answer = async (entry) => ({ ok: true, seq: 10, id: entry.id });
  onSent.mockReset();
  onFailed.mockReset();
});

it("sends what came under another message's id again under a new one", async () => {
  const problem = { code: "message_id_reused", title: "이 메시지는 전해지지 않았어요. 다시 보내 주세요.", detail: "", remedy: "" };
  const ids: string[] = [];
  answer = async (entry) => {
    ids.push(entry.id);
    return ids.length === 1 ? { ok: false, error: problem } : { ok: true, seq: 11, id: entry.id };
  };
  const outbox = open();
  outbox.add("다른 말");
  await outbox.flush();
  expect(outbox.entries.map(({ status }) => status)).toEqual(["failed"]);
  outbox.retry(outbox.entries[0]!.id);
  await outbox.flush();
  expect([said, outbox.entries, new Set(ids).size]).toEqual([["다른 말", "다른 말"], [], 2]);
});

it("sends in order, one at a time, and forgets what was acknowledged", async () => {
  const outbox = open();
  let atOnce = 0;
  let most = 0;
  answer = async (entry) => {
    atOnce += 1;
    most = Math.max(most, atOnce);
    await Promise.resolve();
    atOnce -= 1;
    return { ok: true, seq: 10, id: entry.id };
  };
  for (const text of ["하나", "둘", "셋"]) outbox.add(text);
  await Promise.all([outbox.flush(), outbox.flush()]);
  expect(said).toEqual(["하나", "둘", "셋"]);
  expect(most).toBe(1);
  expect(outbox.entries).toEqual([]);
  expect(await store.all()).toEqual([]);
  expect(onSent).toHaveBeenCalledTimes(3);
});

it("outlives a reload with the same ids, in order, even if it was cut off while sending", async () => {
  const before = open();
  before.add("하나");
  before.add("둘", "/payload");
  answer = () => new Promise(() => undefined);
  void before.flush();
  const ids = before.entries.map((entry) => entry.id);

  const after = open();
  answer = async (entry) => ({ ok: true, seq: 10, id: entry.id });
  await after.load();
  expect(after.entries.map(({ id, text, payload, status }) => [id, text, payload, status])).toEqual([
    [ids[0], "하나", undefined, "waiting"],
    [ids[1], "둘", "/payload", "waiting"],
  ]);
  said = [];
  await after.flush();
  expect(said).toEqual(["하나", "둘"]);
});

it("keeps an unanswered message for the next line, under the same id", async () => {
  const outbox = open();
  const ids: string[] = [];
  answer = (entry) => {
    ids.push(entry.id);
    return ids.length === 1 ? Promise.reject(new Error("line lost")) : Promise.resolve({ ok: true, seq: 3, id: entry.id });
  };
  outbox.add("안녕");
  outbox.add("하세요");
  await outbox.flush();
  expect(said).toEqual(["안녕"]);
  expect(outbox.entries.map((entry) => entry.status)).toEqual(["waiting", "waiting"]);
  await outbox.flush();
  expect(said).toEqual(["안녕", "안녕", "하세요"]);
  expect(new Set(ids.slice(0, 2)).size).toBe(1);
});

it("shows a refusal, goes on with the rest, and sends again when asked", async () => {
  const outbox = open();
  answer = async (entry) =>
    entry.text === "하나"
      ? { ok: false, error: { code: "internal", title: "잠시 문제가 생겼어요" } }
      : { ok: true, seq: 10, id: entry.id };
  outbox.add("하나");
  outbox.add("둘");
  await outbox.flush();
  expect(outbox.entries).toMatchObject([{ text: "하나", status: "failed", problem: { code: "internal" } }]);
  expect(onFailed).toHaveBeenCalledOnce();

  answer = async (entry) => ({ ok: true, seq: 11, id: entry.id });
  outbox.retry(outbox.entries[0]!.id);
  expect(outbox.entries[0]).not.toHaveProperty("problem");
  await outbox.flush();
  expect(outbox.entries).toEqual([]);
});

it("notes where the conversation stood when a message left", async () => {
  const outbox = open();
  let left: Entry | undefined;
  answer = async (entry) => {
    left = entry;
    return { ok: true, seq: 10, id: entry.id };
  };
  outbox.add("안녕");
  expect(outbox.entries[0]?.after).toBeUndefined();
  await outbox.flush();
  expect(left?.after).toBe(7);
});

it("drops what was removed while it was on its way", async () => {
  const outbox = open();
  let arrive: (ack: SaidAck) => void = () => undefined;
  answer = () => new Promise((resolve) => (arrive = resolve));
  outbox.add("안녕");
  const flushing = outbox.flush();
  outbox.remove(outbox.entries[0]!.id);
  arrive({ ok: true, seq: 10, id: null });
  await flushing;
  expect(onSent).not.toHaveBeenCalled();
});

it("forgets what is older than a day", async () => {
  open().add("어제");
  now += KEEP_MS;
  const outbox = open();
  await outbox.load();
  expect(outbox.entries).toEqual([]);
  expect(await store.all()).toEqual([]);
});

it("takes no more than it can keep", () => {
  const outbox = open();
  for (let count = 0; count < MOST; count += 1) expect(outbox.add(`${count}`)).toBe(true);
  expect(outbox.add("하나 더")).toBe(false);
  expect(outbox.entries).toHaveLength(MOST);
});
