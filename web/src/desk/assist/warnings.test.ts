import { expect, it } from "vitest";
import type { Warning } from "../types";
import { holding } from "./warnings";

const warning = (code: Warning["code"]): Warning => ({ code, text: "", seq: null });

it("holds back personal data and a harsh tone, not a missed question", () => {
  expect(holding([warning("personal_data")], "")).toBe(true);
  expect(holding([warning("unkind")], "")).toBe(true);
  expect(holding([warning("missed_question")], "")).toBe(false);
});

it("knows resident and card numbers before the server has looked", () => {
  expect(holding([], "주민번호 901010-1234567 맞으시죠?")).toBe(true);
  expect(holding([], "카드 1234-5678-9012-3456요")).toBe(true);
  expect(holding([], "접수번호 20261125-01이에요, 1588-1234로 전화 주세요")).toBe(false);
});
