/** What a page shows from the server: loaded, kept while it is loaded again, each part failing alone. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { wordsOf } from "./api";

export interface Loaded<T> {
  data: T | null;
  why: string;
  again: () => void;
}

/** Loads when `key` changes, and every `everyMs` while the page is in view. */
export function useLoad<T>(load: () => Promise<T>, key = "", everyMs = 0): Loaded<T> {
  const [data, setData] = useState<T | null>(null);
  const [why, setWhy] = useState("");
  const latest = useRef(load);
  latest.current = load;
  const asked = useRef(0);
  const again = useCallback((): void => {
    const number = (asked.current += 1);
    latest.current().then(
      (found) => {
        if (number !== asked.current) return;
        setData(found);
        setWhy("");
      },
      (error: unknown) => number === asked.current && setWhy(wordsOf(error)),
    );
  }, []);
  useEffect(() => {
    again();
    if (!everyMs) return () => void (asked.current += 1);
    const timer = setInterval(() => document.visibilityState === "visible" && again(), everyMs);
    return () => {
      clearInterval(timer);
      asked.current += 1;
    };
  }, [key, everyMs, again]);
  return { data, why, again };
}
