import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { ENGLISH } from "./english";
import { speak, t } from "./text";
import { withTitle } from "./words";

const HERE = join(process.cwd(), "src/desk");
/** Korean that is data: names of languages, how the server numbers visitors, particles, variables of templates. */
const DATA = [/^한국어$/, /^방문자 \d+$/, /^(이\/가|을\/를|은\/는|으로\/로|와\/과)$/, /^(고객\.이름|상담원\.이름|업무)$/];

/** Every Korean text in double quotes, comments left out. */
function koreanTexts(): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of readdirSync(HERE, { recursive: true }) as string[]) {
    if (!/\.tsx?$/.test(name) || /\.test\.|samples|english/.test(name)) continue;
    const source = readFileSync(join(HERE, name), "utf8").replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
    for (const [, text = ""] of source.matchAll(/"((?:[^"\\\n]|\\.)*[가-힣](?:[^"\\\n]|\\.)*)"/g)) found.set(text, name);
  }
  return found;
}

afterEach(() => speak("ko"));

describe("texts", () => {
  it("all have an English one", () => {
    const missing = [...koreanTexts()].filter(([text]) => !(text in ENGLISH) && !DATA.some((one) => one.test(text)));
    expect(missing).toEqual([]);
  });

  it("name the same values in both languages", () => {
    const values = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
    for (const [korean, english] of Object.entries(ENGLISH)) expect(values(english), korean).toEqual(values(korean));
  });

  it("are all in use", () => {
    const used = koreanTexts();
    expect(Object.keys(ENGLISH).filter((text) => !used.has(text))).toEqual([]);
  });

  it("take their values in the language that is spoken", () => {
    expect(t("{n}명이 기다리고 있어요", { n: 3 })).toBe("3명이 기다리고 있어요");
    speak("en");
    expect(t("{n}명이 기다리고 있어요", { n: 3 })).toBe("3 waiting");
    expect(withTitle("방문자 1234")).toBe("Visitor 1234");
    expect(withTitle("김서연")).toBe("김서연");
  });
});
