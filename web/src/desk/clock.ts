/** The server's time. A computer's clock may be wrong; time-outs and waiting times are the server's. */

let ahead = 0;

/** From the `Date` header of an answer, which is whole seconds: smaller differences are no news. */
export function heardAt(header: string | null, now = Date.now()): void {
  const told = Date.parse(header ?? "");
  if (Number.isNaN(told)) return;
  const difference = told + 500 - now;
  ahead = Math.abs(difference) < 1_500 ? 0 : difference;
}

/** Milliseconds since the epoch, as the server counts. */
export const serverNow = (): number => Date.now() + ahead;
