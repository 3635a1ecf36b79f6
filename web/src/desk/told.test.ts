import { beforeEach, describe, expect, it, vi } from "vitest";
import { Desk } from "./controller";
import { aCase, ME } from "./samples";
import { Told } from "./told";
import type { Case } from "./types";

const SOON = "2100-01-01T00:00:00Z";
const offered = (part: Partial<Case> = {}): Case =>
  aCase({ state: "offered", offered_to: { id: "me", name: "김민지" }, offer_expires_at: SOON, ...part });

let desk: Desk;
let told: Told;
const toasts = (): string[] => desk.state.toasts.map((toast) => toast.text);

beforeEach(() => {
  vi.useFakeTimers();
  desk = new Desk();
  told = new Told(desk);
  desk.store.dispatch({ type: "signed-in", user: ME, outbox: {} });
});

describe("an offer that ends", () => {
  it("by its time-out says so, and that I am taken to be away", () => {
    told.onOffer(offered());
    told.onCase(aCase({ version: 2 }));
    told.onOfferGone("case", "missed");
    expect(toasts()).toEqual(["방문자 1234: 시간이 지나 다음 상담원에게 넘어갔어요"]);
    const row = { ...ME, state: "away" as const, state_label: "", profile: { team: "", queues: [], skills: {}, languages: [], voice: null, chat: null } };
    told.onAgent(row);
    expect(desk.state.takenAway).toBe(true);
    expect(desk.state.user?.state).toBe("away");
  });

  it("with a colleague says who took it", () => {
    told.onOffer(offered());
    told.onCase(aCase({ version: 2, state: "agent", agent: { id: "x", name: "박준호" } }));
    told.onOfferGone("case", "accepted");
    expect(toasts()).toEqual(["방문자 1234: 박준호 상담원이 받았어요"]);
  });

  it("by my own hand, in this tab or another, needs no word", () => {
    told.onOffer(offered());
    told.onCase(aCase({ version: 2, state: "agent", agent: { id: "me", name: "김민지" } }));
    told.onOfferGone("case", "accepted");
    expect(toasts()).toEqual([]);
  });

  it("of somebody else needs no word", () => {
    told.onCase(offered({ offered_to: { id: "x", name: "박준호" } }));
    told.onOfferGone("case", "missed");
    expect(toasts()).toEqual([]);
  });
});

describe("a target of the service level", () => {
  const missed = { case_id: "case", queue: "general", target: "answer", kind: "breach" } as const;

  it("of a waiting case is the supervisor's business", () => {
    told.onCase(aCase({}));
    told.onServiceLevel(missed);
    expect(toasts()).toEqual([]);
    desk.store.dispatch({ type: "user", user: { ...ME, role: "supervisor" } });
    told.onServiceLevel(missed);
    expect(toasts()).toEqual(["방문자 1234가 응답 목표 시간을 넘겼어요"]);
  });
});

it("says once that a lost connection is back", () => {
  told.onConnected(true);
  expect(toasts()).toEqual([]);
  told.onConnected(false);
  told.onConnected(true);
  expect(toasts()).toEqual(["다시 연결됐어요. 그사이 온 내용을 모두 가져왔어요"]);
});

describe("messages without connection", () => {
  it("are held, go on when it is back, once each and in order", async () => {
    const sent: string[] = [];
    let reached = false;
    vi.stubGlobal("fetch", async (_: string, init: { body: string }) => {
      if (!reached) throw new TypeError("offline");
      sent.push(JSON.parse(init.body).text);
      return new Response(JSON.stringify({ id: "m", seq: sent.length, speaker: { kind: "agent", name: "" }, text: "" }), { status: 200 });
    });
    desk.sender.send("case", "messages", "첫째");
    desk.sender.send("case", "messages", "둘째");
    await vi.advanceTimersByTimeAsync(0);
    expect(desk.state.outbox.case?.map((one) => one.state)).toEqual(["held", "sending"]);
    reached = true;
    desk.sender.goOn();
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toEqual(["첫째", "둘째"]);
    expect(desk.state.outbox.case).toEqual([]);
    vi.unstubAllGlobals();
  });
});
