import { describe, expect, it } from "vitest";
import { commandOf, ENTRIES, type Place, type Press } from "./keys";

const press = (code: string, part: Partial<Press> = {}): Press => ({
  code,
  key: code,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  isComposing: false,
  keyCode: 0,
  ...part,
});
const FREE: Place = { typing: false, onControl: false, singleKeys: true };
const TYPING: Place = { typing: true, onControl: false, singleKeys: true };

describe("the command layer", () => {
  it("knows a key by its place, in Hangul mode too", () => {
    expect(commandOf(press("KeyJ", { key: "ㅓ" }), FREE)).toBe("next");
    expect(commandOf(press("KeyK", { key: "ㅏ" }), FREE)).toBe("previous");
    expect(commandOf(press("KeyW", { key: "ㅈ" }), FREE)).toBe("close");
    expect(commandOf(press("Slash", { key: "/" }), FREE)).toBe("find");
    expect(commandOf(press("Slash", { key: "?", shiftKey: true }), FREE)).toBe("shortcuts");
  });

  it("is silent while one types, with other modifiers, and when switched off", () => {
    expect(commandOf(press("KeyJ"), TYPING)).toBeNull();
    expect(commandOf(press("KeyJ", { ctrlKey: true }), FREE)).toBeNull();
    expect(commandOf(press("KeyJ", { altKey: true }), FREE)).toBeNull();
    expect(commandOf(press("KeyJ"), { ...FREE, singleKeys: false })).toBeNull();
    expect(commandOf(press("KeyR", { ctrlKey: true }), FREE)).toBeNull();
  });

  it("leaves Enter to buttons", () => {
    expect(commandOf(press("Enter"), FREE)).toBe("open");
    expect(commandOf(press("Enter"), { ...FREE, onControl: true })).toBeNull();
  });

  it("has no key twice", () => {
    const keys = ENTRIES.filter((entry) => entry.code).map((entry) => `${entry.shift ? "Shift+" : ""}${entry.code}`);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe("the typing layer", () => {
  it("takes an offer at any time, within a syllable too", () => {
    expect(commandOf(press("F2"), TYPING)).toBe("accept");
    expect(commandOf(press("F2", { isComposing: true, keyCode: 229 }), TYPING)).toBe("accept");
  });

  it("leaves every other key to the input method while a syllable is composed", () => {
    for (const code of ["F8", "Escape", "KeyK"]) {
      expect(commandOf(press(code, { isComposing: true, ctrlKey: code === "KeyK" }), TYPING)).toBeNull();
      expect(commandOf(press(code, { keyCode: 229, ctrlKey: code === "KeyK" }), TYPING)).toBeNull();
    }
  });

  it("opens the palette by Ctrl or Cmd and K", () => {
    expect(commandOf(press("KeyK", { ctrlKey: true }), TYPING)).toBe("palette");
    expect(commandOf(press("KeyK", { metaKey: true, key: "ㅏ" }), FREE)).toBe("palette");
    expect(commandOf(press("F8"), TYPING)).toBe("suggestion");
    expect(commandOf(press("Escape"), TYPING)).toBe("leave");
  });
});
