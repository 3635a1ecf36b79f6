import { expect, it } from "vitest";
import { skillsOf, skillWords } from "./agent-profiles";

it("reads skills with levels, and writes them back", () => {
  expect(skillsOf("card 5, 대출 상담 3,english")).toEqual({ card: 5, "대출 상담": 3, english: 3 });
  expect(skillsOf("card 9, ,")).toEqual({ card: 5 });
  expect(skillWords({ card: 5, english: 2 })).toBe("card 5, english 2");
});
