/** Calls about customers. Each that changes one answers with the customer as it is then. */
import type { Api } from "../api";
import type { Customer, CustomerHead, FoundCustomer } from "./types";

const path = (id: string, rest = ""): string => `customers/${encodeURIComponent(id)}${rest}`;

export const ofCase = (api: Api, caseId: string): Promise<Customer> => api.call("GET", `cases/${encodeURIComponent(caseId)}/customer`);

export const one = (api: Api, id: string): Promise<Customer> => api.call("GET", path(id));

export const find = (api: Api, words: string): Promise<{ customers: FoundCustomer[] }> =>
  api.call("GET", `customers?q=${encodeURIComponent(words)}`);

export const change = (api: Api, of: CustomerHead, changes: { name: string; segment: string }): Promise<Customer> =>
  api.call("PUT", path(of.id), { version: of.version, ...changes });

/** What was said stays. */
export const forgetFacts = (api: Api, id: string): Promise<Customer> => api.call("DELETE", path(id, "/facts"));

/** All that was said and is known; refused while a case is open. */
export const erase = (api: Api, id: string): Promise<void> => api.call("DELETE", path(id));

export const note = (api: Api, id: string, text: string): Promise<Customer> => api.call("POST", path(id, "/notes"), { text });

export const addIdentity = (api: Api, id: string, identity: { kind: string; value: string; verified: boolean }): Promise<Customer> =>
  api.call("POST", path(id, "/identities"), identity);

export const verify = (api: Api, id: string, ref: string, verified: boolean): Promise<Customer> =>
  api.call("PUT", path(id, `/identities/${ref}`), { verified });

export const removeIdentity = (api: Api, id: string, ref: string): Promise<Customer> => api.call("DELETE", path(id, `/identities/${ref}`));

export async function reveal(api: Api, id: string, ref: string): Promise<string> {
  return (await api.call<{ value: string }>("POST", path(id, `/identities/${ref}/reveal`), {})).value;
}

/** Both are the same person, or, where `same` is false, are not. */
export const merge = (api: Api, kept: CustomerHead, other: CustomerHead, reason: string, same: boolean): Promise<Customer> =>
  api.call("POST", path(kept.id, "/merge"), { other: other.id, version: kept.version, other_version: other.version, reason, same });

export const undo = (api: Api, of: CustomerHead, mergeId: number): Promise<Customer> =>
  api.call("POST", path(of.id, `/merges/${mergeId}/undo`), { version: of.version });
