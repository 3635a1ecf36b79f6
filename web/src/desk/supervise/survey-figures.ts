/** What customers said of their contacts, in two figures. */
import type { Survey } from "../types";

export interface SurveyFigures {
  /** Mean of 1 to 5; null where nobody said. */
  satisfaction: number | null;
  answers: number;
  /** Share of 9 and 10 less share of 0 to 6, from -100 to 100; null where nobody said. */
  nps: number | null;
  recommendations: number;
}

export function surveyFigures(surveys: Survey[]): SurveyFigures {
  const scores = surveys.flatMap(({ score }) => score ?? []);
  const likely = surveys.flatMap(({ recommend }) => recommend ?? []);
  const promoters = likely.filter((one) => one >= 9).length;
  const detractors = likely.filter((one) => one <= 6).length;
  return {
    satisfaction: scores.length ? scores.reduce((sum, one) => sum + one, 0) / scores.length : null,
    answers: scores.length,
    nps: likely.length ? Math.round(((promoters - detractors) / likely.length) * 100) : null,
    recommendations: likely.length,
  };
}
