/** Style sheets that a shadow root or a page adopts: no style element, nothing that a strict `style-src` stops. */
import tokens from "./tokens.css?inline";

export { contrast, textOn } from "./contrast";

export function sheet(css: string): CSSStyleSheet {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
}

/** The tokens as text, for a shadow root; a page imports `tokens.css` itself. */
export { tokens as tokensCss };
