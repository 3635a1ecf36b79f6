/** English texts by their Korean ones. text.test.ts sees to it that none is missing and none is left over. */
import { ADMIN } from "./english/admin";
import { CASES } from "./english/cases";
import { CUSTOMERS } from "./english/customers";
import { FRAME } from "./english/frame";
import { SUPERVISE } from "./english/supervise";
import { TRACE } from "./english/trace";

export const ENGLISH: Record<string, string> = { ...FRAME, ...CASES, ...CUSTOMERS, ...SUPERVISE, ...TRACE, ...ADMIN };
