import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { contrast, textOn } from "./contrast";

const css = readFileSync(join(import.meta.dirname, "tokens.css"), "utf8");

/** Custom properties of the first rule whose selector holds `selector`. */
function tokens(selector: string): Record<string, string> {
  const rule = css.slice(css.indexOf(selector));
  const body = rule.slice(rule.indexOf("{") + 1, rule.indexOf("}"));
  return Object.fromEntries([...body.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name, value]));
}

const light = tokens(":root,");
const themes = { light, dark: { ...light, ...tokens(':root[data-theme="dark"]') } };
const GROUNDS = ["--bg", "--bg-sub", "--bg-sunk", "--hover", "--selected"];

/** Ground and text that stand on each other somewhere: 4.5:1. */
const TEXT = [
  ...GROUNDS.flatMap((ground) => [
    [ground, "--text"],
    [ground, "--text-2"],
  ]),
  ...["--bg", "--bg-sub", "--selected"].map((ground) => [ground, "--text-3"]),
  ["--bg", "--link"],
  ["--bg", "--accent-text"],
  ["--accent", "--on-accent"],
  ["--accent-hover", "--on-accent"],
  ["--accent-press", "--on-accent"],
  ["--accent-soft", "--accent-text"],
  ["--danger-soft", "--danger-text"],
  ["--bg", "--danger-text"],
  ["--warn-soft", "--warn-text"],
  ["--bg", "--warn-text"],
  ["--ok-soft", "--ok-text"],
  ["--bg", "--ok-text"],
  ["--info-soft", "--info-text"],
  ["--note", "--note-text"],
  ["--b-in", "--text"],
  ["--b-bot", "--text"],
  ["--b-bot", "--text-2"],
  ["--b-bot", "--bot"],
  ["--b-bot", "--link"],
  ["--b-in", "--link"],
  ["--b-out", "--on-b-out"],
];
/** Edges of controls and focus rings: 3:1. */
const EDGES = [
  ...GROUNDS.flatMap((ground) => [
    [ground, "--border-ctl"],
    [ground, "--focus"],
  ]),
  ["--bg", "--warn"],
  ["--bg", "--ok"],
  ["--note", "--note-edge"],
];

describe.each(Object.entries(themes))("in the %s theme", (_, theme) => {
  it.each(TEXT)("%s carries %s as text", (ground, text) => {
    expect(contrast(theme[ground!]!, theme[text!]!)).toBeGreaterThanOrEqual(4.5);
  });
  it.each(EDGES)("%s shows %s as an edge", (ground, edge) => {
    expect(contrast(theme[ground!]!, theme[edge!]!)).toBeGreaterThanOrEqual(3);
  });
});

it("is equally dark by choice and by the system", () => {
  expect(tokens(':root:not([data-theme="light"])')).toEqual(tokens(':root[data-theme="dark"]'));
});

it("puts readable text on any brand colour", () => {
  expect(textOn("#ffe812")).toBe("#000000");
  expect(textOn("#2158d6")).toBe("#ffffff");
  for (let step = 0; step < 4096; step += 1) {
    const colour = `#${[step >> 8, (step >> 4) & 15, step & 15].map((part) => (part * 17).toString(16).padStart(2, "0")).join("")}`;
    expect(contrast(colour, textOn(colour))).toBeGreaterThanOrEqual(4.5);
  }
});
