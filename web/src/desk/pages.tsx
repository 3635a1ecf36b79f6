/** Pages beside the inbox, each loaded when it is first opened. */
import { type ComponentType, lazyPart } from "./lazy";
import type { Role } from "./types";

export type PageName = "inbox" | "board" | "traces" | "audit" | "admin";

export const PAGES: Record<Exclude<PageName, "inbox">, { label: string; roles: Role[]; view: ComponentType }> = {
  board: { label: "현황", roles: ["agent", "supervisor", "admin"], view: lazyPart(() => import("./supervise/board-page")) },
  traces: { label: "흐름", roles: ["supervisor", "admin"], view: lazyPart(() => import("./trace/conversations-page")) },
  audit: { label: "기록", roles: ["supervisor", "admin"], view: lazyPart(() => import("./supervise/audit-page")) },
  admin: { label: "관리", roles: ["supervisor", "admin"], view: lazyPart(() => import("./admin/admin-page")) },
};

/** The page that the address names; what one may not see is the inbox. */
export function pageOf(hash: string, role: Role): PageName {
  const name = hash.replace(/^#\/?/, "").split("/")[0] as PageName;
  const page = name in PAGES ? PAGES[name as keyof typeof PAGES] : null;
  return page?.roles.includes(role) ? name : "inbox";
}
