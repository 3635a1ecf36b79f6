import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Announcer, createAnnouncer } from "./announcer";

let announcer: Announcer;
const said = (): string => document.querySelector("[role=status]")?.textContent ?? "";

beforeEach(() => {
  vi.useFakeTimers();
  announcer = createAnnouncer(document.body);
});

afterEach(() => {
  announcer.destroy();
  vi.useRealTimers();
});

it("speaks one message a second, in order", () => {
  announcer.say("하나");
  announcer.say("둘");
  expect(said()).toBe("하나");
  vi.advanceTimersByTime(1000);
  expect(said()).toBe("둘");
});

it("makes the same words new, so that they are read again", () => {
  announcer.alert("보내지 못했어요");
  const alert = document.querySelector("[role=alert]");
  const first = alert?.textContent;
  announcer.alert("보내지 못했어요");
  expect(alert?.textContent).not.toBe(first);
});

it("leaves nothing behind", () => {
  announcer.destroy();
  expect(document.body.childElementCount).toBe(0);
});
