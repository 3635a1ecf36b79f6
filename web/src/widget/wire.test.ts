import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Wire, webSocketWire } from "./wire";

class FakeSocket {
  static made: FakeSocket[] = [];
  static readonly OPEN = 1;
  readyState = 1;
  sent: string[] = [];
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;

  constructor(readonly address: URL) {
    FakeSocket.made.push(this);
  }
  send(frame: string): void {
    this.sent.push(frame);
  }
  close(): void {
    this.readyState = 3;
  }
  says(frame: string): void {
    this.onmessage?.({ data: frame });
  }
}

const events = { onOpen: vi.fn(), onClose: vi.fn(), onRefused: vi.fn(), onEvent: vi.fn() };
let wire: Wire;
let socket: FakeSocket;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeSocket);
  for (const heard of Object.values(events)) heard.mockReset();
  FakeSocket.made = [];
  wire = webSocketWire("https://bank.example", () => "token-1", events);
  wire.open();
  socket = FakeSocket.made[0]!;
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function accepted(): void {
  socket.says('0{"sid":"a","pingInterval":20000,"pingTimeout":20000}');
  socket.says('40{"sid":"b"}');
}

it("shows its token and is open once the server accepts it", () => {
  expect(socket.address.href).toBe("wss://bank.example/socket.io/?EIO=4&transport=websocket");
  accepted();
  expect(socket.sent).toEqual(['40{"token":"token-1"}']);
  expect(events.onOpen).toHaveBeenCalledOnce();
});

it("answers the server's ping", () => {
  accepted();
  socket.says("2");
  expect(socket.sent.at(-1)).toBe("3");
});

it("hears events and sends signals", () => {
  accepted();
  socket.says('42["bot_uttered",{"text":"줄\\n바꿈"}]');
  expect(events.onEvent).toHaveBeenCalledWith("bot_uttered", { text: "줄\n바꿈" });
  wire.emit("typing", { on: true });
  expect(socket.sent.at(-1)).toBe('42["typing",{"on":true}]');
});

it("matches answers to questions", async () => {
  accepted();
  const first = wire.ask("a", {}, 1000);
  const second = wire.ask("b", {}, 1000);
  expect(socket.sent.slice(-2)).toEqual(['420["a",{}]', '421["b",{}]']);
  socket.says('431[{"ok":2}]');
  socket.says('430[{"ok":1}]');
  expect(await first).toEqual({ ok: 1 });
  expect(await second).toEqual({ ok: 2 });
});

it("gives up a question without an answer, and all of them when the line is lost", async () => {
  accepted();
  const late = expect(wire.ask("a", {}, 1000)).rejects.toThrow("no answer");
  vi.advanceTimersByTime(1000);
  await late;
  const lost = expect(wire.ask("b", {}, 1000)).rejects.toThrow("line lost");
  socket.onclose?.();
  await lost;
  expect(events.onClose).toHaveBeenCalledOnce();
});

it("tells a refused token from a lost line", () => {
  socket.says('0{"sid":"a"}');
  socket.says('44{"message":"bad_token"}');
  expect(events.onRefused).toHaveBeenCalledOnce();
  expect(events.onClose).toHaveBeenCalledOnce();
});

it("drops an attempt that takes too long, and hears nothing of it later", () => {
  vi.advanceTimersByTime(10_000);
  expect(events.onClose).toHaveBeenCalledOnce();
  wire.open();
  accepted();
  expect(events.onOpen).not.toHaveBeenCalled();
  socket = FakeSocket.made[1]!;
  accepted();
  expect(events.onOpen).toHaveBeenCalledOnce();
});
