import { afterEach, describe, expect, it } from "vitest";
import { speak } from "../text";
import type { Message } from "../types";
import { customersLanguage, languageName } from "./languages";

const said = (text: string, language?: string, kind: "customer" | "agent" = "customer"): Message =>
  ({ text, speaker: { kind, name: "" }, ...(language ? { language } : {}) }) as Message;

afterEach(() => speak("ko"));

describe("the customer's language", () => {
  it("is that of the last words that tell one", () => {
    expect(customersLanguage([said("안녕하세요"), said("I lost my card", "en")])).toBe("en");
    expect(customersLanguage([said("I lost my card", "en"), said("OK"), said("010-1234-5678")])).toBe("en");
    expect(customersLanguage([said("I lost my card", "en"), said("한국어도 돼요")])).toBe("");
    expect(customersLanguage([said("카드 정지했어요", "en", "agent")])).toBe("");
    expect(customersLanguage([])).toBe("");
  });

  it("is nothing to write in where nobody knows it", () => {
    expect(customersLanguage([said("xyz abc", "und")])).toBe("");
  });

  it("has a name in the language of the desk", () => {
    expect([languageName("en"), languageName("ja"), languageName("und"), languageName("")]).toEqual(["영어", "일본어", "", ""]);
    speak("en");
    expect(languageName("vi")).toBe("Vietnamese");
  });
});
