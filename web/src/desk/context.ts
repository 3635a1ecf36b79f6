/** Hooks: the desk, parts of its state, and one clock for all. */
import { createContext } from "preact";
import { useContext, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { serverNow } from "./clock";
import type { Desk } from "./controller";
import type { Settings } from "./drafts";
import type { State } from "./state";

export const DeskContext = createContext<Desk | null>(null);
export const SettingsContext = createContext<{ settings: Settings; change: (part: Partial<Settings>) => void } | null>(null);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error("outside of the desk");
  return desk;
}

export function useSettings(): { settings: Settings; change: (part: Partial<Settings>) => void } {
  const found = useContext(SettingsContext);
  if (!found) throw new Error("outside of the desk");
  return found;
}

/** A part of the state; renders again only when that part is another one. */
export function useDeskState<T>(select: (state: State) => T): T {
  const { store } = useDesk();
  const selector = useRef(select);
  selector.current = select;
  const [, renderAgain] = useState(0);
  const value = select(store.get());
  const shown = useRef(value);
  shown.current = value;
  useLayoutEffect(() => {
    const check = (): void => {
      if (!Object.is(selector.current(store.get()), shown.current)) renderAgain((count) => count + 1);
    };
    check();
    return store.subscribe(check);
  }, [store]);
  return value;
}

const ticking = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** The time, every second, from one timer for all who ask. */
export function useNow(): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const tick = (): void => setNow(serverNow());
    ticking.add(tick);
    timer ??= setInterval(() => ticking.forEach((each) => each()), 1000);
    return () => {
      ticking.delete(tick);
      if (!ticking.size) {
        clearInterval(timer);
        timer = undefined;
      }
    };
  }, []);
  return now;
}

/** True once something has lasted for so long: skeletons don't flash for quick answers. */
export function useAfter(active: boolean, ms = 200): boolean {
  const [passed, setPassed] = useState(false);
  useEffect(() => {
    if (!active) return setPassed(false);
    const waiting = setTimeout(() => setPassed(true), ms);
    return () => clearTimeout(waiting);
  }, [active, ms]);
  return active && passed;
}

/** Whether the window is at least so wide. */
export function useWide(width: number): boolean {
  const query = `(min-width: ${width}px)`;
  const [wide, setWide] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const change = (): void => setWide(media.matches);
    change();
    media.addEventListener("change", change);
    return () => media.removeEventListener("change", change);
  }, [query]);
  return wide;
}
