import { expect, it } from "vitest";
import { ENGLISH } from "./languages/en";
import { TEXT, speak } from "./texts";

const CODES = ["bot", "message", "callback", "stop"];

it("names all choices of those who wait in English, and leaves the server's words in Korean", () => {
  expect(CODES.map((code) => TEXT.choices[code])).toEqual([undefined, undefined, undefined, undefined]);
  const korean = { ...TEXT };
  speak(ENGLISH);
  expect(CODES.every((code) => TEXT.choices[code])).toBe(true);
  speak(korean);
});
