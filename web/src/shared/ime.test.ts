import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, it, vi } from "vitest";
import { imeSafe } from "./ime";

function key(init: KeyboardEventInit & { keyCode?: number }): KeyboardEvent {
  const event = new KeyboardEvent("keydown", init);
  Object.defineProperty(event, "keyCode", { value: init.keyCode ?? 0 });
  Object.defineProperty(event, "isComposing", { value: init.isComposing ?? false });
  return event;
}

it("hides keys that the input method takes", () => {
  const handler = vi.fn();
  const safe = imeSafe(handler);
  safe(key({ key: "Enter", isComposing: true }));
  safe(key({ key: "Escape", keyCode: 229 }));
  expect(handler).not.toHaveBeenCalled();
  safe(key({ key: "Enter", keyCode: 13 }));
  expect(handler).toHaveBeenCalledOnce();
});

/** The rule of a linter: Enter is recognised in one place, so that no new handler forgets the input method. */
it("is the only place that compares a key with Enter", () => {
  const source = join(import.meta.dirname, "..");
  const bare = /\bkey\s*===?\s*["'`]Enter["'`]/;
  const offenders = readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name))
    .filter((name) => bare.test(readFileSync(join(source, name), "utf8")))
    .map((name) => relative(source, join(source, name)));
  expect(offenders).toEqual(["shared/ime.ts"]);
});
