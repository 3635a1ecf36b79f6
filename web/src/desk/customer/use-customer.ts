import { useCallback, useEffect, useState } from "preact/hooks";
import { wordsOf } from "../api";
import { useDesk } from "../context";
import type { Packet } from "../types";
import * as calls from "./calls";
import type { Customer } from "./types";

export interface Known {
  customer: Customer | null;
  why: string;
  set: (customer: Customer) => void;
  load: () => Promise<void>;
}

/** The customer of a packet; read again with it, as it is whenever something about the customer changes, on any desk. */
export function useCustomer(packet: Packet): Known {
  const desk = useDesk();
  const [customer, set] = useState<Customer | null>(null);
  const [why, setWhy] = useState("");
  const load = useCallback(async (): Promise<void> => {
    try {
      set(await calls.ofCase(desk.api, packet.case_id));
      setWhy("");
    } catch (error) {
      setWhy(wordsOf(error));
    }
  }, [packet.case_id]);
  useEffect(() => set(null), [packet.case_id]);
  useEffect(() => void load(), [packet]);
  return { customer, why, set, load };
}
