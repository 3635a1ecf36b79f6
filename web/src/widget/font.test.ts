import css from "pretendard/dist/web/variable/pretendardvariable-dynamic-subset.css?raw";
import { expect, it } from "vitest";
import { pieces } from "./font";

it("knows every piece of the package, each with its letters", () => {
  const found = pieces(css);
  expect(found).toHaveLength(css.split("@font-face").length - 1);
  expect(new Set(found.map(({ file }) => file)).size).toBe(found.length);
  for (const { file, range } of found) {
    expect(file).toMatch(/^woff2-dynamic-subset\/.+\.woff2$/);
    expect(range).toMatch(/^U\+/);
  }
});
