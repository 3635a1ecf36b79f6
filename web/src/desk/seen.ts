import { useEffect, useState } from "preact/hooks";

/** So long a value stays unmasked. */
const SEEN_MS = 30_000;

/** A value that was unmasked on demand, for a while; empty otherwise. */
export function useSeen(): [string, (value: string) => void] {
  const [seen, setSeen] = useState("");
  useEffect(() => {
    if (!seen) return;
    const timer = setTimeout(() => setSeen(""), SEEN_MS);
    return () => clearTimeout(timer);
  }, [seen]);
  return [seen, setSeen];
}
