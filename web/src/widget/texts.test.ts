import { expect, it } from "vitest";
import { TEXT, queueLine } from "./texts";

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
