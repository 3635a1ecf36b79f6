import { expect, it } from "vitest";
import * as formats from "./formats";

const NOW = "2026-11-22T06:05:00Z"; // 오후 3:05 in Seoul

it.each([
  ["2026-11-22T06:05:00Z", "오후 3:05"],
  ["2026-11-21T15:05:00Z", "오전 12:05"],
  ["2026-11-22T03:00:00Z", "오후 12:00"],
  ["2026-11-22T02:59:00Z", "오전 11:59"],
])("writes the time of %s as %s, whatever the machine's zone", (value, expected) => {
  expect(formats.time(value)).toBe(expected);
});

it("names the day in the zone, not in UTC", () => {
  expect(formats.day("2026-11-21T15:05:00Z", NOW)).toBe("11월 22일 (일)");
  expect(formats.day("2025-11-22T06:05:00Z", NOW)).toBe("2025년 11월 22일 (토)");
  expect(formats.dayKey("2026-11-21T15:05:00Z")).toBe("2026-11-22");
});

it.each([
  ["2026-11-22T00:00:00Z", "오전 9:00"],
  ["2026-11-21T06:05:00Z", "어제"],
  ["2026-11-01T06:05:00Z", "11월 1일 (일)"],
  ["2025-02-03T06:05:00Z", "2025. 2. 3."],
])("lists %s as %s", (value, expected) => {
  expect(formats.when(value, NOW)).toBe(expected);
});

it.each([
  ["2026-11-22T06:04:30Z", "방금"],
  ["2026-11-22T06:02:00Z", "3분 전"],
  ["2026-11-22T05:00:00Z", "1시간 전"],
  ["2026-11-21T14:00:00Z", "어제"],
])("tells %s relative to now as %s", (value, expected) => {
  expect(formats.relative(value, NOW)).toBe(expected);
});

it("gives the zone with the full time", () => {
  expect(formats.full(NOW)).toBe("2026년 11월 22일 (일) 오후 3:05, Asia/Seoul");
});

it.each([
  [130, "2:10", "2분 10초"],
  [3753, "1:02:33", "1시간 2분 33초"],
  [0, "0:00", "0초"],
])("writes %i seconds as %s, spoken %s", (seconds, written, spoken) => {
  expect(formats.duration(seconds)).toBe(written);
  expect(formats.spokenDuration(seconds)).toBe(spoken);
});

it("writes money, counts and badges", () => {
  expect(formats.money(10000)).toBe("10,000원");
  expect(formats.money(-1500)).toBe("-1,500원");
  expect(formats.count(999)).toBe("999");
  expect(formats.count(12345)).toBe("1.2만");
  expect(formats.badge(9)).toBe("9");
  expect(formats.badge(10)).toBe("9+");
  expect(formats.minutesRange(4, 6)).toBe("4~6분");
  expect(formats.minutesRange(5, 5)).toBe("5분");
});

it.each([
  ["01012345678", "010-1234-5678"],
  ["021234567", "02-123-4567"],
  ["0212345678", "02-1234-5678"],
  ["15881234", "1588-1234"],
  ["0311234567", "031-123-4567"],
  ["12", "12"],
])("writes the phone number %s as %s", (value, expected) => {
  expect(formats.phone(value)).toBe(expected);
});

it("writes English where it is asked to", () => {
  formats.write("en");
  expect(formats.time("2026-11-22T06:05:00Z")).toBe("3:05 PM");
  expect(formats.day("2026-11-22T06:05:00Z", "2026-11-23T00:00:00Z")).toBe("Sun, Nov 22");
  expect(formats.day("2025-11-22T06:05:00Z", "2026-11-23T00:00:00Z")).toBe("Sat, Nov 22, 2025");
  formats.write("ko");
  expect(formats.time("2026-11-22T06:05:00Z")).toBe("오후 3:05");
});
