import { useEffect, useRef, useState } from "preact/hooks";
import { wordsOf } from "../api";
import { useDesk, useDeskState } from "../context";
import { type Traced, type TraceLine, trace } from "./calls";

export interface LiveTrace {
  lines: TraceLine[] | null;
  why: string;
  again: () => void;
}

/** A trace that goes on while the conversation does: each sign of life fetches what is new, one fetch after the other. */
export function useTrace(of: Traced): LiveTrace {
  const { api } = useDesk();
  const changed = useDeskState((state) => state.traced[of.conversation] ?? 0);
  const connected = useDeskState((state) => state.connected);
  const [lines, setLines] = useState<TraceLine[] | null>(null);
  const [why, setWhy] = useState("");
  const [tries, setTries] = useState(0);
  const known = useRef<{ path: string; lines: TraceLine[]; cursor: number | null }>({ path: "", lines: [], cursor: null });
  const busy = useRef<Promise<void>>(Promise.resolve());
  useEffect(() => {
    if (known.current.path === of.path) return;
    known.current = { path: of.path, lines: [], cursor: null };
    setLines(null);
  }, [of.path]);
  useEffect(() => {
    const more = async (): Promise<void> => {
      const mine = known.current;
      if (mine.path !== of.path) return;
      try {
        const found = await trace(api, of, mine.cursor);
        mine.lines = [...mine.lines, ...found.lines];
        mine.cursor = found.cursor;
        if (known.current !== mine) return;
        setLines(mine.lines);
        setWhy("");
      } catch (error) {
        if (known.current === mine) setWhy(wordsOf(error));
      }
    };
    busy.current = busy.current.then(more);
  }, [api, of.path, changed, connected, tries]);
  return { lines, why, again: () => setTries((count) => count + 1) };
}
