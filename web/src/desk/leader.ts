/** One tab of several sounds and notifies: the one that holds the lock. */

/** Browsers have no locks over plain HTTP: there every tab leads. */
const locks = (navigator as Partial<Navigator>).locks;
let leading = !locks;

/** Waits for the lock as long as another tab has it. */
export function lead(): void {
  void locks?.request("sangdam.desk", () => {
    leading = true;
    return new Promise<never>(() => undefined);
  });
}

export const leads = (): boolean => leading;
