import { describe, expect, it } from "vitest";
import { matches } from "../match";
import { findTemplates, slashAt } from "./templates";

describe("a slash", () => {
  it("counts at the start of a word, up to the caret", () => {
    expect(slashAt("/ㅂㅅ", 3)).toEqual({ from: 0, to: 3, typed: "ㅂㅅ" });
    expect(slashAt("네, /배송 이에요", 6)).toEqual({ from: 3, to: 6, typed: "배송" });
    expect(slashAt("줄\n/", 3)).toEqual({ from: 2, to: 3, typed: "" });
  });

  it("within a word or an address is only a slash", () => {
    expect(slashAt("1/2", 3)).toBeNull();
    expect(slashAt("https://", 8)).toBeNull();
    expect(slashAt("/배송 안내", 6)).toBeNull();
  });
});

describe("finding", () => {
  it("goes by parts, by initial consonants and by a half typed syllable", () => {
    expect(matches("배송 안내", "송안")).toBe(true);
    expect(matches("배송 안내", "ㅂㅅ")).toBe(true);
    expect(matches("배송 안내", "ㅅㅇㄴ")).toBe(true);
    expect(matches("배송 안내", "배소")).toBe(true);
    expect(matches("배송 안내", "배송ㅇ")).toBe(true);
    expect(matches("배송 안내", "배숑")).toBe(false);
    expect(matches("배송 안내", "ㄱ")).toBe(false);
    expect(matches("배송 안내", "가")).toBe(false);
    expect(matches("상담 마무리", "마")).toBe(true);
  });

  it("puts templates whose shortcode begins so first", () => {
    const templates = [
      { shortcode: "마무리", title: "마무리 인사", text: "" },
      { shortcode: "인사", title: "첫인사", text: "" },
    ];
    expect(findTemplates(templates, "인사").map((one) => one.shortcode)).toEqual(["인사", "마무리"]);
    expect(findTemplates(templates, "ㅁㅁㄹ").map((one) => one.shortcode)).toEqual(["마무리"]);
    expect(findTemplates(templates, "")).toHaveLength(2);
  });
});
