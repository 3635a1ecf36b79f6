import { expect, it } from "vitest";
import { marks } from "./hits";

const hits = (text: string, query: string): string[] => marks(text, query).flatMap((part) => (part.hit ? [part.text] : []));

it("marks what was looked for, whatever its spacing", () => {
  expect(hits("내 카드 분실 신고요", "카드분실")).toEqual(["카드 분실"]);
  expect(hits("카드를 분실, 카드", "카드 분실")).toEqual(["카드", "분실", "카드"]);
  expect(hits("OK (네)", "ok (")).toEqual(["OK", "("]);
  expect(hits("없음", "카드")).toEqual([]);
  expect(marks("그대로", " ")).toEqual([{ text: "그대로", hit: false }]);
});
