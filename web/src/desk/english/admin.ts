/** Pages of the administration. */
export const ADMIN: Record<string, string> = {};
