import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Backoff } from "./backoff";
import { Connection, type ConnectionOptions } from "./connection";
import type { Sync } from "./protocol";
import type { Wire, WireEvents } from "./wire";

let events: WireEvents;
let opened: number;
let asked: { event: string; payload: unknown }[];
/** What the server answers; null is silence. */
let answers: Record<string, unknown>;
let cursor: number;
let options: ConnectionOptions;
let connection: Connection;

const sync = { ok: true, conversation_id: "web-1", messages: [], cursor: 5, state: { owner: "bot" } } as unknown as Sync;

class FakeWire implements Wire {
  open(): void {
    opened += 1;
  }
  close(): void {
    events.onClose();
  }
  emit(): void {}
  ask<T>(event: string, payload: unknown, within: number): Promise<T> {
    asked.push({ event, payload });
    const answer = answers[event];
    if (answer) return Promise.resolve(answer as T);
    return new Promise((_, reject) => setTimeout(() => reject(new Error("no answer")), within));
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  opened = 0;
  asked = [];
  answers = { session_request: sync, ping_: { ok: true } };
  cursor = 0;
  options = {
    origin: "https://bank.example",
    token: () => "token",
    cursor: () => cursor,
    onSync: vi.fn(),
    onMessage: vi.fn(),
    onPiece: vi.fn(),
    onState: vi.fn(),
    onTyping: vi.fn(),
    onSeen: vi.fn(),
    onOnline: vi.fn(),
    onRefused: vi.fn(async () => undefined),
    makeWire: (_, __, heard) => {
      events = heard;
      return new FakeWire();
    },
  };
  connection = new Connection(options);
  connection.start();
});

afterEach(() => {
  connection.close();
  vi.useRealTimers();
});

async function connect(): Promise<void> {
  events.onOpen();
  await vi.advanceTimersByTimeAsync(0);
}

it("asks for what it missed, by the last seq seen, and is online then", async () => {
  cursor = 42;
  await connect();
  expect(asked[0]).toEqual({ event: "session_request", payload: { after: 42 } });
  expect(options.onSync).toHaveBeenCalledWith(sync);
  expect(connection.online).toBe(true);
});

it("dials again after half a second, then after twice as long", async () => {
  events.onClose();
  await vi.advanceTimersByTimeAsync(499);
  expect(opened).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(opened).toBe(2);
  events.onClose();
  await vi.advanceTimersByTimeAsync(999);
  expect(opened).toBe(2);
  await vi.advanceTimersByTimeAsync(1);
  expect(opened).toBe(3);
});

it("dials at once when the browser is online again", async () => {
  events.onClose();
  dispatchEvent(new Event("online"));
  expect(opened).toBe(2);
});

it("notices within 45 seconds a line on which nothing comes back", async () => {
  await connect();
  answers = {};
  await vi.advanceTimersByTimeAsync(45_000);
  expect(connection.online).toBe(false);
  expect(opened).toBe(2);
});

it("makes the line anew when a message gets no answer, and says so", async () => {
  await connect();
  const said = expect(connection.say({ message: "안녕" })).rejects.toThrow("no answer");
  await vi.advanceTimersByTimeAsync(30_000);
  await said;
  expect(opened).toBeGreaterThan(1);
});

it("takes nothing while it is offline", async () => {
  await expect(connection.say({ message: "안녕" })).rejects.toThrow("offline");
});

it("fetches a fresh token before it tries again with a refused one", async () => {
  events.onRefused();
  events.onClose();
  await vi.advanceTimersByTimeAsync(500);
  expect(options.onRefused).toHaveBeenCalledOnce();
  expect(opened).toBe(2);
});

it("rests after close", async () => {
  connection.close();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(opened).toBe(1);
});

it("backs off to half a minute, spread by a quarter", () => {
  const [low, high] = [new Backoff(500, 30_000, () => 0), new Backoff(500, 30_000, () => 1)];
  const tail = (backoff: Backoff): number => Array.from({ length: 12 }, () => backoff.next()).at(-1) ?? 0;
  expect(tail(low)).toBe(22_500);
  expect(tail(high)).toBe(37_500);
});
