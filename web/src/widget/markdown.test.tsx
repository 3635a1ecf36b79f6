import { render } from "preact";
import { expect, it } from "vitest";
import { Markdown } from "./markdown";

function html(text: string): string {
  const box = document.createElement("div");
  render(<Markdown text={text} />, box);
  return box.innerHTML;
}

it.each([
  ["그냥 글", "<p>그냥 글</p>"],
  ["첫 줄\n둘째 줄", "<p>첫 줄\n둘째 줄</p>"],
  ["하나\n\n둘", "<p>하나</p><p>둘</p>"],
  ["**굵게** 쓰기", "<p><strong>굵게</strong> 쓰기</p>"],
  ["`코드`", "<p><code>코드</code></p>"],
  ["- 하나\n- 둘", "<ul><li>하나</li><li>둘</li></ul>"],
  ["순서\n1. 하나\n2. 둘\n끝", "<p>순서</p><ol><li>하나</li><li>둘</li></ol><p>끝</p>"],
  ["- 점\n1. 수", "<ul><li>점</li></ul><ol><li>수</li></ol>"],
  ["3.40%예요", "<p>3.40%예요</p>"],
  ["2 * 3 * 4", "<p>2 * 3 * 4</p>"],
])("draws %j", (text, expected) => {
  expect(html(text)).toBe(expected);
});

it("says where a link leads, unless its words do", () => {
  expect(html("[안내](https://bank.example/a)")).toContain('안내<span class="domain"> (bank.example)</span>');
  expect(html("https://bank.example/a 보세요")).not.toContain("domain");
});

it("keeps particles and full stops out of an address", () => {
  expect(html("https://bank.example/a에서 봐요.")).toContain('href="https://bank.example/a"');
  expect(html("https://bank.example/a.")).toContain('href="https://bank.example/a"');
});

it("makes telephone numbers callable, but not parts of other numbers", () => {
  expect(html("1588-0000으로 전화해 주세요")).toContain('<a href="tel:1588-0000">1588-0000</a>');
  expect(html("계좌 110-1588-0000-12")).not.toContain("tel:");
});

it("never lets markup or other schemes through", () => {
  expect(html("<img src=x onerror=alert(1)>")).toBe("<p>&lt;img src=x onerror=alert(1)&gt;</p>");
  expect(html("[누르기](javascript:alert(1))")).not.toContain("<a");
});
