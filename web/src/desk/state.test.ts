import { describe, expect, it } from "vitest";
import { aCase, aMessage } from "./samples";
import { type Action, casesIn, outboxOf, reduce, START, type State, threadOf } from "./state";
import type { User } from "./types";

const USER: User = { id: "me", username: "minji", name: "김민지", role: "agent", state: "available" };
const after = (...actions: Action[]): State => actions.reduce(reduce, START);
const signedIn: Action = { type: "signed-in", user: USER, outbox: {} };
const page = (cases: ReturnType<typeof aCase>[], before: State["cases"] = {}): Action => ({
  type: "list",
  tab: "waiting",
  cases,
  cursor: null,
  before,
});

describe("cases", () => {
  it("never go back to an older version", () => {
    const state = after(signedIn, { type: "case", case: aCase({ version: 5, unread: 2 }) }, { type: "case", case: aCase({ version: 4 }) });
    expect(state.cases.case).toMatchObject({ version: 5, unread: 2 });
  });

  it("leave a tab whose new page doesn't hold them", () => {
    const state = after(signedIn, page([aCase({ id: "a" }), aCase({ id: "b" })]));
    const next = reduce(state, page([aCase({ id: "b" })], state.cases));
    expect(casesIn(next, "waiting").map((of) => of.id)).toEqual(["b"]);
  });

  it("that came by the socket while a page was on its way stay", () => {
    const asked = after(signedIn);
    const told = reduce(asked, { type: "case", case: aCase({ id: "new" }) });
    expect(casesIn(reduce(told, page([], asked.cases)), "waiting")).toHaveLength(1);
  });

  it("stay where more pages follow", () => {
    const more: Action = { type: "list", tab: "waiting", cases: [aCase({ id: "c" })], cursor: null, before: null };
    expect(casesIn(after(signedIn, page([aCase({ id: "a" })]), more), "waiting")).toHaveLength(2);
  });
});

describe("offers", () => {
  it("come once, and go when somebody took the case", () => {
    const offer: Action = { type: "offer", id: "case", at: 1 };
    const state = after(signedIn, { type: "case", case: aCase({}) }, offer, offer);
    expect(state.offers).toHaveLength(1);
    const taken = reduce(state, { type: "case", case: aCase({ version: 2, state: "agent", agent: { id: "x", name: "박준호" } }) });
    expect(taken.offers).toEqual([]);
  });

  it("don't come back after a refusal", () => {
    const offer: Action = { type: "offer", id: "case", at: 1 };
    expect(after(signedIn, offer, { type: "declined", id: "case" }, offer).offers).toEqual([]);
  });
});

describe("messages", () => {
  const out = { clientId: "d1", kind: "messages" as const, text: "안녕하세요", at: 1, state: "sending" as const };

  it("on their way end when they come back, by either road and only once", () => {
    const line = aMessage(7, "agent", { client_msg_id: "d1" });
    const told: Action = { type: "messages", id: "case", messages: [line], cursor: 7 };
    const state = after(signedIn, { type: "outgoing", id: "case", message: out }, told, told);
    expect(outboxOf(state, "case")).toEqual([]);
    expect(threadOf(state, "case").messages).toHaveLength(1);
    expect(threadOf(state, "case").cursor).toBe(7);
  });

  it("that failed say why and can be sent again in their place", () => {
    const failed: Action = { type: "outgoing-failed", id: "case", clientId: "d1", why: "맡은 대화가 아니에요." };
    const state = after(signedIn, { type: "outgoing", id: "case", message: out }, failed);
    expect(outboxOf(state, "case")[0]).toMatchObject({ state: "failed", why: "맡은 대화가 아니에요." });
    expect(outboxOf(reduce(state, { type: "outgoing", id: "case", message: out }), "case")).toEqual([out]);
  });

  it("left behind by a reload are offered for sending again", () => {
    const state = after({ type: "signed-in", user: USER, outbox: { case: [out] } });
    expect(outboxOf(state, "case")[0]?.state).toBe("failed");
  });

  it("of the customer end the typing mark", () => {
    const typing: Action = { type: "typing", id: "case", customer: true, name: "", until: 99 };
    const told: Action = { type: "messages", id: "case", messages: [aMessage(3, "customer")], cursor: 3 };
    expect(threadOf(after(signedIn, typing), "case").typingUntil).toBe(99);
    expect(threadOf(after(signedIn, typing, told), "case").typingUntil).toBe(0);
  });
});

it("forgets all that is known at the end of a session", () => {
  const state = after(signedIn, { type: "case", case: aCase({}) }, { type: "signed-out", over: true });
  expect(state).toEqual({ ...START, restoring: false, sessionOver: true });
  const unreached: Action = { type: "signed-out", over: false, unreached: "인터넷 연결이 끊겼어요." };
  expect(after(unreached)).toMatchObject({ restoring: false, sessionOver: false, unreached: "인터넷 연결이 끊겼어요." });
});

it("keeps at most three words of the desk on the page", () => {
  const toast = (id: number): Action => ({ type: "toast", toast: { id, text: "저장했어요", tone: "ok" } });
  expect(after(signedIn, toast(1), toast(2), toast(3), toast(4)).toasts.map((one) => one.id)).toEqual([2, 3, 4]);
});
