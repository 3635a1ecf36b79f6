import { useCallback, useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { placed } from "../thread";
import type { Message } from "../types";

type Place = { mark: string; top: number } | null;
const LINES = "[data-seq], [data-past]";

const markOf = (element: Element): string =>
  element.hasAttribute("data-past") ? `[data-past="${CSS.escape(element.getAttribute("data-past") ?? "")}"]` : `[data-seq="${element.getAttribute("data-seq")}"]`;

/** `hold()` remembers the first line in view; when what is drawn changes it stands where it stood, on every browser. */
export function useHold(list: { current: HTMLElement | null }, drawn: string): () => void {
  const held = useRef<Place>(null);
  useLayoutEffect(() => {
    const box = list.current;
    const place = held.current;
    const line = place && box?.querySelector(place.mark);
    if (!box || !place || !line) return;
    box.scrollTop += line.getBoundingClientRect().top - place.top;
    held.current = null;
  }, [drawn]);
  return useCallback(() => {
    const box = list.current;
    if (!box) return;
    const top = box.getBoundingClientRect().top;
    const line = [...box.querySelectorAll(LINES)].find((one) => one.getBoundingClientRect().bottom > top);
    held.current = line ? { mark: markOf(line), top: line.getBoundingClientRect().top } : null;
  }, []);
}

/** Shows the first line from a moment on, or the last one before it, and puts the focus there. */
export function useDay(
  list: { current: HTMLElement | null },
  wanted: { start: string; count: number } | null,
  messages: Message[],
  botOpen: boolean,
  toggleBot: () => void,
): void {
  const shown = useRef(messages);
  shown.current = messages;
  useEffect(() => {
    if (!wanted) return;
    // A day may lie in a fold.
    if (!botOpen) toggleBot();
    const timer = setTimeout(() => {
      const from = Date.parse(wanted.start);
      const found = shown.current.find((message) => Date.parse(message.timestamp) >= from) ?? shown.current.at(-1);
      if (!found) return;
      const attribute = found.section ? "data-past" : "data-seq";
      const line = list.current?.querySelector<HTMLElement>(`[${attribute}="${CSS.escape(placed(found))}"]`);
      line?.scrollIntoView({ block: "start" });
      line?.focus({ preventScroll: true });
      line?.classList.add("marked");
      setTimeout(() => line?.classList.remove("marked"), 1_600);
    }, 80);
    return () => clearTimeout(timer);
  }, [wanted]);
}
