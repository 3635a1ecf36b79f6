import { render } from "preact";
import { expect, it } from "vitest";
import { marked } from "./SourceSheet";

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
