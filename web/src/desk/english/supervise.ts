/** The live board, watching, reassigning, the history of what was done. */
export const SUPERVISE: Record<string, string> = {};
