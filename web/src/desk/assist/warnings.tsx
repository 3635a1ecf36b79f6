import { CircleHelp, Frown, ShieldAlert } from "lucide-preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useDesk } from "../context";
import { t } from "../text";
import type { Warning } from "../types";
import { useUi } from "../ui";

/** Typing goes on: a reply is looked at once it rests. */
const REST_MS = 400;
const SHORTEST = 2;

const KINDS = {
  personal_data: ["개인정보가 들어 있어요", ShieldAlert],
  unkind: ["딱딱하거나 거친 말이에요", Frown],
  missed_question: ["아직 답하지 않은 질문이에요", CircleHelp],
} as const;

/** Numbers that must not slip through before the server has looked: resident numbers, cards. */
const PLAIN = [/\b\d{6}\s?-\s?[1-8]\d{6}\b/, /\b(?:\d{4}[ -]){3}\d{4}\b/];

/** What holds a reply back once: personal data and a harsh tone. A question may wait for the next message. */
export function holding(warnings: Warning[], text: string): boolean {
  return warnings.some(({ code }) => code !== "missed_question") || PLAIN.some((pattern) => pattern.test(text));
}

export interface Checked {
  /** The text that was looked at. */
  text: string;
  warnings: Warning[];
}

const NOTHING: Checked = { text: "", warnings: [] };

/** Looks at the text whenever it rests. A check that fails never stops the work. */
export function useCheck(id: string, text: string, active: boolean): Checked {
  const { api } = useDesk();
  const [checked, setChecked] = useState<Checked>(NOTHING);
  const latest = useRef(text);
  latest.current = text;
  useEffect(() => {
    if (!active || text.trim().length < SHORTEST) return setChecked(NOTHING);
    const timer = setTimeout(() => {
      api.check(id, text).then(
        ({ warnings }) => latest.current === text && setChecked({ text, warnings }),
        () => undefined,
      );
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [id, text, active]);
  return active ? checked : NOTHING;
}

export function Warnings({ warnings, held }: { warnings: Warning[]; held: boolean }) {
  const ui = useUi();
  if (!warnings.length && !held) return null;
  return (
    <div class={held ? "warnings held" : "warnings"} role="status">
      <ul>
        {warnings.map(({ code, text, seq }) => {
          const [words, Icon] = KINDS[code];
          return (
            <li key={`${code}-${text}`}>
              <Icon size={14} aria-hidden="true" />
              <b>{t(words)}</b>
              {seq === null ? (
                <span>{text}</span>
              ) : (
                <button type="button" class="link" onClick={() => ui.jump(seq)}>
                  {text}
                </button>
              )}
            </li>
          );
        })}
      </ul>
      {held && <p>{t("그래도 보내려면 한 번 더 눌러 주세요")}</p>}
    </div>
  );
}
