/** What the list above the caret offers: ready-made texts after `/`, colleagues after `@` in notes. */
import { matches } from "../match";
import type { Agent, Template } from "../types";
import { stateWord } from "../words";
import { findTemplates, type Slash, slashAt } from "./templates";

export interface Choice {
  key: string;
  title: string;
  hint: string;
  /** What goes in at the caret. */
  text: string;
  /** The colleague whom it names. */
  mention?: string;
}

export interface Trigger extends Slash {
  mark: "/" | "@";
}

export function triggerAt(text: string, caret: number, note: boolean): Trigger | null {
  const slash = slashAt(text, caret, "/");
  if (slash) return { ...slash, mark: "/" };
  const at = note ? slashAt(text, caret, "@") : null;
  return at && { ...at, mark: "@" };
}

export function choicesFor(trigger: Trigger, templates: Template[], agents: Agent[], fill: (text: string) => string): Choice[] {
  if (trigger.mark === "/") {
    return findTemplates(templates, trigger.typed).map((one) => ({
      key: one.shortcode,
      title: one.title,
      hint: `/${one.shortcode}`,
      text: fill(one.text),
    }));
  }
  return agents
    .filter((agent) => matches(agent.name, trigger.typed))
    .map((agent) => ({ key: agent.id, title: agent.name, hint: stateWord(agent.state), text: `@${agent.name} `, mention: agent.id }));
}

/** Colleagues whose name still stands in the note. */
export function mentionsIn(text: string, named: Map<string, string>): string[] {
  return [...named].flatMap(([id, name]) => (text.includes(`@${name}`) ? [id] : []));
}
