import { expect, it } from "vitest";
import type { Entry } from "./outbox";
import type { Message } from "./protocol";
import { layout, lines, merge, unread } from "./thread";

function message(seq: number, kind: Message["speaker"]["kind"] = "bot", more: Partial<Message> = {}): Message {
  return {
    id: `m${seq}`,
    seq,
    speaker: { kind, name: kind === "bot" ? "이음이" : "" },
    text: `글 ${seq}`,
    timestamp: new Date(Date.UTC(2026, 10, 22, 6, seq)).toISOString(),
    buttons: [],
    citations: [],
    ...more,
  };
}

function entry(id: string, more: Partial<Entry> = {}): Entry {
  return { id, text: id, createdAt: Date.UTC(2026, 10, 22, 6, 30), status: "waiting", ...more };
}

const ids = (all: { id: string }[]): string[] => all.map((one) => one.id);

it("orders by seq, whatever the order of arrival", () => {
  expect(ids(merge([message(3)], [message(7), message(1)]))).toEqual(["m1", "m3", "m7"]);
});

it("takes each message once, though sync and socket both bring it", () => {
  const first = merge([], [message(1), message(2)]);
  expect(ids(merge(first, [message(2), message(3)]))).toEqual(["m1", "m2", "m3"]);
});

it("keeps the list itself where nothing came", () => {
  const all = [message(1)];
  expect(merge(all, [])).toBe(all);
});

it("places a message on its way before the answer that overtook its acknowledgement", () => {
  const shown = lines([message(3), message(6)], [entry("mine", { status: "sending", after: 3 })], 0);
  expect(ids(shown)).toEqual(["m3", "mine", "m6"]);
});

it("puts what waits at the end, in the order of writing", () => {
  expect(ids(lines([message(3)], [entry("a"), entry("b")], 0))).toEqual(["m3", "a", "b"]);
});

it("drops the copy of a message that the server already shows", () => {
  const stored = message(4, "customer", { id: "mine", client_msg_id: "mine" });
  const shown = lines([stored], [entry("mine", { status: "sending", after: 3 })], 0);
  expect(shown).toHaveLength(1);
  expect(shown[0]).toMatchObject({ delivery: "sent", seq: 4 });
});

it("tells sent from read, and only of the customer's own", () => {
  const shown = lines([message(1, "customer"), message(2), message(3, "customer")], [], 1);
  expect(shown.map((line) => line.delivery)).toEqual(["read", undefined, "sent"]);
});

it("takes what stands before an agent's answer for read", () => {
  const shown = lines([message(1, "customer"), message(2, "agent"), message(3, "customer")], [], 0);
  expect(shown.map((line) => line.delivery)).toEqual(["read", undefined, "sent"]);
});

it("keeps the same object for an unchanged line", () => {
  const all = [message(1, "customer")];
  expect(lines(all, [], 0)[0]).toBe(lines(all, [], 0)[0]);
});

it("offers a person where the service failed, not where the customer was too fast", () => {
  const failed = (code: string): Entry => entry(code, { status: "failed", problem: { code, title: "글" } });
  const shown = lines([], [failed("internal"), failed("too_many_messages")], 0);
  expect(shown.map((line) => line.offersPerson)).toEqual([true, false]);
});

it("groups one speaker within three minutes, and begins each day", () => {
  const late = message(9, "bot", { timestamp: new Date(Date.UTC(2026, 10, 22, 15, 1)).toISOString() });
  const places = layout([message(1), message(2), message(3, "customer"), message(8), late]);
  expect(places.map(({ first, last, day }) => [first, last, Boolean(day)])).toEqual([
    [true, false, true],
    [false, true, false],
    [true, true, false],
    [true, true, false],
    [true, true, true], // 00:01 in Seoul
  ]);
});

it("counts what others said after the last seen", () => {
  expect(unread([message(1), message(2, "customer"), message(3), message(4, "agent")], 1)).toBe(2);
});
