import { t } from "../text";

const HOUR = 3_600_000;
const CHOICES = [
  ["hour", "한 시간 뒤"],
  ["tomorrow", "내일 오전 9시"],
  ["monday", "다음 월요일 오전 9시"],
] as const;

/** Korea has no summer time: its clock is nine hours ahead of UTC. */
const AHEAD = 9 * HOUR;
const DAY = 24 * HOUR;

/** The moment that a choice means, as ISO 8601. */
export function followUpAt(choice: string, now: number): string {
  if (choice === "hour") return new Date(now + HOUR).toISOString();
  const today = Math.floor((now + AHEAD) / DAY);
  // 1 January 1970 was a Thursday: day 4 is a Monday.
  const toMonday = ((4 - (today % 7) + 7) % 7 || 7);
  const day = choice === "monday" ? today + toMonday : today + 1;
  return new Date(day * DAY + 9 * HOUR - AHEAD).toISOString();
}

/** Instead of closing: take it up again later. */
export function FollowUp({ value, set }: { value: string; set: (value: string) => void }) {
  return (
    <label class="value-field">
      <span>{t("후속 처리")}</span>
      <select value={value} onChange={(event) => set(event.currentTarget.value)}>
        <option value="">{t("없음")}</option>
        {CHOICES.map(([key, words]) => (
          <option key={key} value={key}>
            {t(words)}
          </option>
        ))}
      </select>
    </label>
  );
}
