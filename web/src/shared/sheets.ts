/** Style sheets that a shadow root or a page adopts: no style element, nothing that a strict `style-src` stops. */
import tokens from "./tokens.css?inline";

export function sheet(css: string): CSSStyleSheet {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
}

/** The tokens as text, for a shadow root; a page imports `tokens.css` itself. */
export { tokens as tokensCss };

/** Black or white, whichever contrasts more with a brand colour (`#rrggbb`); one of them always reaches 4.58:1. */
export function textOn(colour: string): "#000000" | "#ffffff" {
  return contrast(colour, "#ffffff") >= contrast(colour, "#000000") ? "#ffffff" : "#000000";
}

/** Contrast ratio of WCAG 2 between two `#rrggbb` colours. */
export function contrast(one: string, other: string): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: string): number {
  const channel = (from: number): number => {
    const value = Number.parseInt(colour.slice(from, from + 2), 16) / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}
