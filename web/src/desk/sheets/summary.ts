import type { Packet } from "../types";

/** The packet's lines as a note. */
export function summaryOf(packet: Packet): string {
  return packet.summary.map(({ label, text }) => `${label}: ${text}`).join("\n");
}
