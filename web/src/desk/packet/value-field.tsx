import { t } from "../text";
import type { MissingSlot, SlotLine } from "../types";

interface Props {
  slot: MissingSlot | SlotLine;
  value: string;
  set: (value: string) => void;
  label?: string;
  focus?: boolean;
}

/** A value as people read it. */
export function shown(value: unknown): string {
  if (typeof value === "boolean") return value ? t("네") : t("아니요");
  if (typeof value === "number") return value.toLocaleString("en-US");
  return String(value ?? "");
}

/** A field that fits the slot's type; empty leaves the value as it is. */
export function ValueField({ slot, value, set, label, focus }: Props) {
  const now = "value" in slot ? shown(slot.value) : "";
  const choices: [string, string][] =
    slot.type === "bool"
      ? [
          ["true", t("네")],
          ["false", t("아니요")],
        ]
      : slot.choices.map((choice) => [String(choice), String(choice)]);
  const named = label ? { "aria-label": label } : {};
  const first = (element: HTMLElement | null): void => void (focus && element?.focus());
  if (choices.length) {
    return (
      <select ref={first} value={value} {...named} onChange={(event) => set(event.currentTarget.value)}>
        <option value="">{now ? t("그대로 ({now})", { now }) : t("모름")}</option>
        {choices.map(([key, words]) => (
          <option key={key} value={key}>
            {words}
          </option>
        ))}
      </select>
    );
  }
  return (
    <input
      ref={first}
      type="text"
      inputMode={slot.type === "float" ? "decimal" : "text"}
      value={value}
      {...named}
      placeholder={now ? t("그대로 ({now})", { now }) : t("모름")}
      onInput={(event) => set(event.currentTarget.value)}
    />
  );
}
