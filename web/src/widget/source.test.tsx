import { render } from "preact";
import { expect, it } from "vitest";
import type { Citation } from "./protocol";
import { SourceSheet, marked } from "./SourceSheet";

function html(snippet: string, answer: string): string {
  const box = document.createElement("div");
  render(<p>{marked(snippet, answer)}</p>, box);
  return box.firstElementChild?.innerHTML ?? "";
}

it("marks the sentences that the answer repeats", () => {
  expect(html("앱 이체는 무료예요. 창구는 3,000원이에요.", "**앱 이체는 무료예요.**")).toBe(
    "<mark>앱 이체는 무료예요. </mark>창구는 3,000원이에요.",
  );
});

it("does not cut a sentence at the point of a number", () => {
  expect(html("금리는 연 3.05%예요.", "금리는 연 3.05%예요.")).toBe("<mark>금리는 연 3.05%예요.</mark>");
});

it("keeps every character of the passage", () => {
  const snippet = "제목\n- 하나. 둘!\n셋?  넷...";
  expect(html(snippet, "").replace(/<[^>]+>/g, "")).toBe(snippet);
});

function placeOf(citation: Partial<Citation>): string | undefined {
  const box = document.createElement("div");
  const whole = { title: "안내", source: "a", snippet: "글", document_id: "a", chunk_id: "c", heading: [], page: null, url: "/a" };
  render(<SourceSheet origin="https://bank.example" citation={{ ...whole, ...citation }} answer="" onClose={() => {}} />, box);
  return box.querySelector(".place")?.textContent ?? undefined;
}

it("says where the passage stands: page, slide, row or message under its headings", () => {
  expect(placeOf({ heading: ["금리와 한도"], place: "슬라이드 3" })).toBe("금리와 한도 › 슬라이드 3");
  expect(placeOf({ place: "수수료 시트 5행" })).toBe("수수료 시트 5행");
  expect(placeOf({ heading: ["가", "나"], place: "" })).toBe("가 › 나");
  expect(placeOf({ place: "" })).toBeUndefined();
});

it("still knows the page of messages that were stored before there were places", () => {
  expect(placeOf({ page: 4 })).toBe("4쪽");
});
