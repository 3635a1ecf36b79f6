import { expect, it } from "vitest";
import type { Survey } from "../types";
import { surveyFigures } from "./survey-figures";

const said = (score: number | null, recommend: number | null): Survey => ({ about: "agent", score, recommend, comment: "", skipped: score === null, at: "" });

it("takes 9 and 10 for promoters, 0 to 6 for detractors, 7 and 8 for neither", () => {
  const figures = surveyFigures([said(5, 10), said(4, 9), said(3, 8), said(2, 7), said(1, 6), said(null, null), said(5, null)]);
  expect(figures).toEqual({ satisfaction: 20 / 6, answers: 6, nps: 20, recommendations: 5 });
  expect(surveyFigures([said(1, 0)]).nps).toBe(-100);
});

it("has no figure where nobody said", () => {
  expect(surveyFigures([said(null, null)])).toEqual({ satisfaction: null, answers: 0, nps: null, recommendations: 0 });
});
