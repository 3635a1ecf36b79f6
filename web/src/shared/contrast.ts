/** Contrast of colours, after WCAG 2. */

/** The luminance that contrasts equally with black and with white. */
const EVEN = 0.1791;

/** Black or white, whichever contrasts more with a brand colour (`#rrggbb`); one of them always reaches 4.58:1. */
export function textOn(colour: string): "#000000" | "#ffffff" {
  return luminance(colour) > EVEN ? "#000000" : "#ffffff";
}

/** Ratio of two `#rrggbb` colours. */
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
