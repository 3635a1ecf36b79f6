/** Parts of the panel that are fetched when they are first shown, each with a style sheet of its own. */
import type { ComponentType, JSX } from "preact";
import { useEffect, useLayoutEffect, useReducer, useRef } from "preact/hooks";
import { sheet } from "../shared/sheets";

export interface PartModule<Props> {
  default: ComponentType<Props>;
  styles?: string;
}

const dressed = new WeakMap<ShadowRoot, Set<string>>();

/** A component that stands empty until `load` has brought the real one; a failed load is tried again when it is drawn anew. */
export function part<Props extends object>(load: () => Promise<PartModule<Props>>): ComponentType<Props> {
  let loaded: PartModule<Props> | undefined;
  return function Part(props: Props): JSX.Element {
    const [, redraw] = useReducer((count: number) => count + 1, 0);
    const place = useRef<HTMLDivElement>(null);
    useEffect(() => {
      if (loaded) return;
      load().then(
        (module) => {
          loaded = module;
          redraw(0);
        },
        () => undefined,
      );
    }, []);
    useLayoutEffect(() => {
      if (loaded?.styles && place.current) dress(place.current.getRootNode() as ShadowRoot, loaded.styles);
    }, [loaded]);
    const Real = loaded?.default;
    return (
      <div ref={place} class="part" aria-busy={Real ? undefined : "true"}>
        {Real ? <Real {...props} /> : null}
      </div>
    );
  };
}

function dress(root: ShadowRoot, styles: string): void {
  const worn = dressed.get(root) ?? new Set();
  if (worn.has(styles)) return;
  dressed.set(root, worn.add(styles));
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet(styles)];
}
