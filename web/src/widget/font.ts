/**
 * Pretendard for pages that ask for it (`data-font="pretendard"`). Loaded through `document.fonts`, as browsers don't even
 * request a font that a sheet of a shadow root names; a browser fetches only the pieces whose letters are on the screen.
 */
import css from "pretendard/dist/web/variable/pretendardvariable-dynamic-subset.css?raw";

const FAMILY = "Pretendard Variable";
const FILES = import.meta.glob<string>("/node_modules/pretendard/dist/web/variable/woff2-dynamic-subset/*.woff2", {
  query: "?url",
  import: "default",
  eager: true,
});
const PIECE = /src:\s*url\(\.\/(\S+?)\).*?unicode-range:\s*([^;]+);/gs;

/** The pieces of the font as the package lists them: file name under the package, and which letters it holds. */
export function pieces(sheet: string): { file: string; range: string }[] {
  return [...sheet.matchAll(PIECE)].map(([, file, range]) => ({ file: file ?? "", range: range ?? "" }));
}

/** Gives a way to take them out again. */
export function loadFont(): () => void {
  const faces = pieces(css).flatMap(({ file, range }) => {
    const url = FILES[`/node_modules/pretendard/dist/web/variable/${file}`];
    if (!url) return [];
    return [new FontFace(FAMILY, `url(${url})`, { weight: "45 920", unicodeRange: range, display: "swap" })];
  });
  for (const face of faces) document.fonts.add(face);
  return () => {
    for (const face of faces) document.fonts.delete(face);
  };
}
