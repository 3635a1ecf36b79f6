import { describe, expect, it } from "vitest";
import { aCase, aMessage, ME as USER } from "./samples";
import { type Action, casesIn, holdsOf, offersOf, outboxOf, reduce, START, type State, threadOf } from "./state";
import type { Agent } from "./types";

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
  const offered = (id: string, until: string) =>
    aCase({ id, state: "offered", offered_to: { id: "me", name: "김민지" }, offer_expires_at: until });
  const NOW = Date.parse("2026-11-25T01:00:00Z");

  it("are what is offered to me and still runs, the first to run out on top", () => {
    const others = { ...offered("c", "2026-11-25T01:00:15Z"), offered_to: { id: "x", name: "박준호" } };
    const cases = [offered("a", "2026-11-25T01:00:20Z"), offered("b", "2026-11-25T01:00:10Z"), others];
    const state = after(signedIn, page(cases));
    expect(offersOf(state, NOW).map((of) => of.id)).toEqual(["b", "a"]);
    expect(offersOf(state, NOW + 11_000).map((of) => of.id)).toEqual(["a"]);
  });

  it("go when somebody took the case", () => {
    const state = after(signedIn, { type: "case", case: offered("a", "2026-11-25T01:00:20Z") });
    const taken = reduce(state, { type: "case", case: aCase({ id: "a", version: 2, state: "agent", agent: { id: "x", name: "박준호" } }) });
    expect(offersOf(taken, NOW)).toEqual([]);
  });

  it("take room as what is held does", () => {
    const mine = aCase({ id: "m", state: "agent", agent: { id: "me", name: "김민지" } });
    const state = after(signedIn, page([offered("a", "2026-11-25T01:00:20Z"), mine]));
    expect(holdsOf(state)).toEqual({ voice: 0, chat: 2 });
  });
});

describe("agents", () => {
  const row = (state: Agent["state"]): Agent => ({
    id: "me",
    name: "김민지",
    state,
    state_label: "",
    state_since: "2026-11-25T01:05:00Z",
    profile: { team: "", queues: [], skills: {}, languages: ["ko"], voice: null, chat: 5 },
  });

  it("that are me change my state and room", () => {
    const state = after(signedIn, { type: "agents", agents: [row("meal")] });
    expect(state.user).toMatchObject({ state: "meal", state_since: "2026-11-25T01:05:00Z", capacity: { voice: 1, chat: 5 } });
  });

  it("who come back are no longer taken to be away", () => {
    const away: Action[] = [{ type: "agents", agents: [row("away")] }, { type: "taken-away", away: true }];
    expect(after(signedIn, ...away).takenAway).toBe(true);
    expect(after(signedIn, ...away, { type: "agents", agents: [row("available")] }).takenAway).toBe(false);
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

  it("are held while the server isn't reached", () => {
    const state = after(signedIn, { type: "outgoing", id: "case", message: out }, { type: "outgoing-held", id: "case", clientId: "d1" });
    expect(outboxOf(state, "case")[0]?.state).toBe("held");
  });

  it("are read up to where the customer spoke last", () => {
    const messages = [aMessage(1, "agent"), aMessage(2, "customer"), aMessage(3, "agent")];
    const state = after(signedIn, { type: "messages", id: "c", messages, cursor: 3 });
    expect(threadOf(state, "c").seenByCustomer).toBe(2);
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
