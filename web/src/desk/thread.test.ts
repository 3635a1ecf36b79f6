import { describe, expect, it } from "vitest";
import { aMessage } from "./samples";
import { itemsOf, mergeMessages, type Outgoing, stillOut } from "./thread";

describe("merging", () => {
  it("keeps each line once and in order, whatever comes twice or late", () => {
    const known = [aMessage(1, "customer"), aMessage(5, "bot")];
    const merged = mergeMessages(known, [aMessage(5, "bot"), aMessage(3, "bot"), aMessage(9, "agent")]);
    expect(merged.map((message) => message.seq)).toEqual([1, 3, 5, 9]);
  });

  it("puts a single new line at the end", () => {
    const known = [aMessage(1, "customer")];
    expect(mergeMessages(known, [aMessage(2, "bot")]).map((message) => message.seq)).toEqual([1, 2]);
    expect(mergeMessages([], [aMessage(2, "bot")])).toHaveLength(1);
  });

  it("takes a message that came back out of those on their way", () => {
    const out = (clientId: string): Outgoing => ({ clientId, kind: "messages", text: "네", at: 0, state: "sending" });
    const back = [aMessage(7, "agent", { client_msg_id: "d1" }), aMessage(8, "note", { id: "d2" })];
    expect(stillOut([out("d1"), out("d2"), out("d3")], back).map((one) => one.clientId)).toEqual(["d3"]);
  });
});

describe("items", () => {
  const talk = [
    aMessage(1, "customer"),
    aMessage(2, "bot"),
    aMessage(3, "customer", {
      understanding: {
        intent: "unknown",
        confidence: 0.1,
        sentiment: { label: "neutral", score: 1 },
        out_of_scope: false,
        entities: [],
      },
    }),
    aMessage(4, "bot"),
    aMessage(5, "bot"),
    aMessage(6, "customer"),
    aMessage(7, "bot"),
    aMessage(8, "system"),
    aMessage(9, "agent"),
    aMessage(10, "agent"),
  ];

  it("folds the bot's part, but not the customer's last words before a person came", () => {
    const [day, fold, last, bot, notice, agent] = itemsOf(talk);
    expect(day?.kind).toBe("day");
    expect(fold).toMatchObject({ kind: "bot", turns: 2, failed: 1 });
    expect(last).toMatchObject({ kind: "group", messages: [{ seq: 6 }] });
    expect(bot).toMatchObject({ messages: [{ seq: 7 }] });
    expect(notice).toMatchObject({ messages: [{ seq: 8 }] });
    expect(agent).toMatchObject({ messages: [{ seq: 9 }, { seq: 10 }] });
  });

  it("counts a low confidence that gave a value as understood", () => {
    const gave = talk.map((message) =>
      message.understanding
        ? { ...message, understanding: { ...message.understanding, entities: [{ entity: "phone", text: "x", value: "x" }] } }
        : message,
    );
    expect(itemsOf(gave)[1]).toMatchObject({ kind: "bot", failed: 0 });
  });

  it("leaves a short talk with the bot open", () => {
    expect(itemsOf(talk.slice(0, 3)).map((item) => item.kind)).toEqual(["day", "group", "group", "group"]);
  });

  it("parts groups by speaker, by time and by day", () => {
    const later = aMessage(3, "agent", { timestamp: "2026-11-25T01:30:00Z" });
    const tomorrow = aMessage(4, "agent", { timestamp: "2026-11-25T16:00:00Z" });
    const kinds = itemsOf([aMessage(1, "agent"), aMessage(2, "agent"), later, tomorrow]).map((item) => item.kind);
    expect(kinds).toEqual(["day", "group", "group", "day", "group"]);
  });
});
