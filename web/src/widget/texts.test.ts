import { expect, it } from "vitest";
import { ENGLISH } from "./languages/en";
import { TEXT, queueLine, speak } from "./texts";

it.each([
  [{ position: 4, wait: { min: 4, max: 6 } }, "앞에 3명 · 약 4~6분"],
  [{ position: 2, wait: null }, "앞에 1명"],
  [{ position: 1, wait: { min: 2, max: 2 } }, "바로 다음 순서예요 · 약 2분"],
  [{ position: null, wait: null }, "순서대로 연결하고 있어요"],
  [null, "순서대로 연결하고 있어요"],
])("says of %j: %s", (queue, words) => {
  expect(queueLine(queue)).toBe(words);
});

it("speaks 해요체 throughout", () => {
  const texts = Object.values(TEXT).flat().filter((text) => typeof text === "string");
  expect(texts.filter((text) => /(습니다|십시오|하세요\.?$|시오)/.test(text))).toEqual([]);
});

it("says in English all that is not said for the customer", () => {
  const { askHuman: _, askCallback: __, ...own } = ENGLISH;
  const texts = Object.values(own).flat().filter((text) => typeof text === "string");
  expect(texts.filter((text) => !text || /[가-힣]/.test(text))).toEqual([]);
});

it("speaks another language, and Korean again", () => {
  speak(ENGLISH);
  expect([TEXT.send, queueLine({ position: 3, wait: { min: 4, max: 6 } })]).toEqual(["Send", "2 ahead of you · about 4–6 min"]);
  speak();
  expect(TEXT.send).toBe("보내기");
});
