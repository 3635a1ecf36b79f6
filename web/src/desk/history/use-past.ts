import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { wordsOf } from "../api";
import { useDesk, useDeskState } from "../context";
import { packetOf } from "../state";
import { mergePast } from "./one-line";
import type { HistoryPage, PastLine, Section } from "./types";

export interface Past {
  lines: PastLine[];
  sections: Record<string, Section>;
  /** Older lines can be loaded. */
  more: boolean;
  loading: boolean;
  why: string;
  /** How many other conversations the customer has. */
  others: number;
  /** One page more, or all back to a moment (ISO 8601). */
  load: (since?: string) => Promise<void>;
}

type Kept = Pick<Past, "lines" | "sections" | "others"> & { cursor: string | null };
const NOTHING: Kept = { lines: [], sections: {}, others: 0, cursor: null };
/** Pages that a jump to a day reads at most; each has up to 500 lines. */
const FARTHEST = 40;

/** What was said in the customer's other conversations, loaded from its end upwards; anew when customers are merged or parted. */
export function usePast(caseId: string): Past {
  const { api } = useDesk();
  // The packet is told anew of every change of the customer, and names whom the case belongs to.
  const known = useDeskState((state) => packetOf(state, caseId).packet?.customer.members.join() ?? "");
  const [kept, setKept] = useState<Kept>(NOTHING);
  const [loading, setLoading] = useState(false);
  const [why, setWhy] = useState("");
  const now = useRef(kept);
  now.current = kept;
  const turn = useRef(0);
  const busy = useRef(false);

  const page = useCallback(
    async (cursor: string | null, since?: string): Promise<Kept> => {
      const query = new URLSearchParams({ ...(cursor ? { before: cursor } : {}), ...(since ? { since } : {}) });
      const found = await api.call<HistoryPage>("GET", `cases/${encodeURIComponent(caseId)}/history?${query}`);
      const before = cursor ? now.current : NOTHING;
      // Of a section in two pages the older one knows when it began.
      const sections = { ...before.sections, ...Object.fromEntries(found.sections.map((one) => [one.key, one])) };
      return { lines: mergePast(found.lines, before.lines), sections, others: found.others, cursor: found.cursor };
    },
    [caseId],
  );

  const read = useCallback(
    async (work: () => Promise<Kept>): Promise<void> => {
      const mine = turn.current;
      busy.current = true;
      setLoading(true);
      try {
        const found = await work();
        if (mine !== turn.current) return;
        now.current = found;
        setKept(found);
        setWhy("");
      } catch (error) {
        if (mine === turn.current) setWhy(wordsOf(error));
      } finally {
        if (mine === turn.current) {
          busy.current = false;
          setLoading(false);
        }
      }
    },
    [],
  );

  useEffect(() => {
    if (!known) return;
    turn.current += 1;
    void read(() => page(null));
  }, [known, page]);

  const load = useCallback(
    async (since?: string): Promise<void> => {
      for (let count = 0; count < FARTHEST; count += 1) {
        const { cursor, lines } = now.current;
        if (busy.current || !cursor) return;
        if (since && lines[0] && Date.parse(lines[0].timestamp) < Date.parse(since)) return;
        await read(() => page(cursor, since));
        if (!since || now.current.cursor === cursor) return;
      }
    },
    [page],
  );

  return { lines: kept.lines, sections: kept.sections, more: kept.cursor !== null, loading, why, others: kept.others, load };
}
