/** `{{…}}` of ready-made texts: what they stand for, and which are still empty. */
import type { Case, Packet, User } from "../types";
import { withTitle } from "../words";

const VARIABLE = /\{\{\s*([^{}]+?)\s*\}\}/g;

/** Values by name: 고객.이름, 상담원.이름, 업무, and 값.<label or name> for what is known. */
export function valuesOf(of: Case, user: User | null, packet: Packet | null): Record<string, string> {
  const values: Record<string, string> = { "고객.이름": withTitle(of.customer.name) };
  if (user) values["상담원.이름"] = user.name;
  if (of.goal) values["업무"] = of.goal;
  for (const slot of packet?.slots ?? []) {
    const value = String(slot.value ?? "");
    // What is masked must not reach the customer as stars.
    if (!value || value.includes("*")) continue;
    values[`값.${slot.label}`] = value;
    values[`값.${slot.name}`] = value;
  }
  return values;
}

/** The text with what is known; the rest stays in its braces. */
export function filled(text: string, values: Record<string, string>): string {
  return text.replace(VARIABLE, (whole, name: string) => values[name] ?? whole);
}

/** Names that are still in braces: such a text isn't sent. */
export function empties(text: string): string[] {
  return [...text.matchAll(VARIABLE)].map((found) => found[1] ?? "");
}
