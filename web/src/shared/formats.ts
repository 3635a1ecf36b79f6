/** Time, dates, money and the like as Korean readers write them. Times come in UTC and are shown in a zone. */

export const ZONE = "Asia/Seoul";

/** Months and weekdays are written in it. */
let language: "ko" | "en" = "ko";

/** Write times and dates in another language from now on. */
export function write(wanted: "ko" | "en"): void {
  language = wanted;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

type When = Date | string | number;

interface Parts {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  weekday: string;
}

const WEEKDAYS: Record<string, string> = { Sun: "일", Mon: "월", Tue: "화", Wed: "수", Thu: "목", Fri: "금", Sat: "토" };
const formatters = new Map<string, Intl.DateTimeFormat>();

/** Parts of the 24-hour clock, put together by hand: some ICU versions write "PM 3:05" for Korean. */
function partsIn(when: When, zone: string): Parts {
  let formatter = formatters.get(zone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      weekday: "short",
    });
    formatters.set(zone, formatter);
  }
  const found: Record<string, string> = {};
  for (const part of formatter.formatToParts(new Date(when))) found[part.type] = part.value;
  const number = (name: string): number => Number(found[name]);
  return {
    year: number("year"),
    month: number("month"),
    day: number("day"),
    hour: number("hour"),
    minute: number("minute"),
    weekday: WEEKDAYS[found.weekday ?? ""] ?? "",
  };
}

const two = (value: number): string => String(value).padStart(2, "0");

/** 오후 3:05; midnight is 오전 12:05, noon 오후 12:00. */
export function time(when: When, zone = ZONE): string {
  const { hour, minute } = partsIn(when, zone);
  const clock = `${hour % 12 || 12}:${two(minute)}`;
  if (language === "en") return `${clock} ${hour < 12 ? "AM" : "PM"}`;
  return `${hour < 12 ? "오전" : "오후"} ${clock}`;
}

/** 11월 22일 (일), with the year where it isn't this one: 2025년 11월 22일 (토). */
export function day(when: When, now: When = Date.now(), zone = ZONE): string {
  const { year, month, day: date, weekday } = partsIn(when, zone);
  if (language === "en") {
    const name = Object.keys(WEEKDAYS).find((key) => WEEKDAYS[key] === weekday) ?? "";
    return `${name}, ${MONTHS[month - 1]} ${date}${year === partsIn(now, zone).year ? "" : `, ${year}`}`;
  }
  const head = year === partsIn(now, zone).year ? "" : `${year}년 `;
  return `${head}${month}월 ${date}일 (${weekday})`;
}

/** A key that is equal for times of one day. */
export function dayKey(when: When, zone = ZONE): string {
  const { year, month, day: date } = partsIn(when, zone);
  return `${year}-${two(month)}-${two(date)}`;
}

/** For lists: today the time, then 어제, then 11월 22일 (일), then 2025. 11. 22. */
export function when(value: When, now: When = Date.now(), zone = ZONE): string {
  const key = dayKey(value, zone);
  if (key === dayKey(now, zone)) return time(value, zone);
  if (key === dayKey(new Date(now).getTime() - 86_400_000, zone)) return "어제";
  const { year, month, day: date } = partsIn(value, zone);
  return year === partsIn(now, zone).year ? day(value, now, zone) : `${year}. ${month}. ${date}.`;
}

/** 방금, 3분 전, 1시간 전, then as `when`. */
export function relative(value: When, now: When = Date.now(), zone = ZONE): string {
  const minutes = Math.floor((new Date(now).getTime() - new Date(value).getTime()) / 60_000);
  if (minutes < 1) return "방금";
  if (minutes < 60) return `${minutes}분 전`;
  if (minutes < 24 * 60 && dayKey(value, zone) === dayKey(now, zone)) return `${Math.floor(minutes / 60)}시간 전`;
  return when(value, now, zone);
}

/** For titles on hover: 2026년 11월 22일 (일) 오후 3:05, Asia/Seoul. */
export function full(value: When, zone = ZONE): string {
  const { year, month, day: date, weekday } = partsIn(value, zone);
  if (language === "en") return `${MONTHS[month - 1]} ${date}, ${year} ${time(value, zone)}, ${zone}`;
  return `${year}년 ${month}월 ${date}일 (${weekday}) ${time(value, zone)}, ${zone}`;
}

/** 2:10 or 1:02:33. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** 2분 10초, for screen readers. */
export function spokenDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const words = [h && `${h}시간`, m && `${m}분`, s && `${s}초`].filter(Boolean);
  return words.join(" ") || "0초";
}

/** 10,000원. */
export function money(won: number): string {
  return `${won.toLocaleString("en-US")}원`;
}

/** 1,234 up to 9,999, then 1.2만. */
export function count(value: number): string {
  if (value < 10_000) return value.toLocaleString("en-US");
  const man = Math.floor(value / 1000) / 10;
  return `${man.toLocaleString("en-US")}만`;
}

/** For badges: 0 to 9, then 9+. */
export function badge(value: number): string {
  return value > 9 ? "9+" : String(value);
}

/** 010-1234-5678, 02-123-4567, 1588-1234; anything else as it came. */
export function phone(value: string): string {
  const digits = value.replace(/\D/g, "");
  if (/^1\d{7}$/.test(digits)) return `${digits.slice(0, 4)}-${digits.slice(4)}`;
  const area = digits.startsWith("02") ? 2 : 3;
  const rest = digits.length - area;
  if (!digits.startsWith("0") || rest < 7 || rest > 8) return value;
  return `${digits.slice(0, area)}-${digits.slice(area, -4)}-${digits.slice(-4)}`;
}

/** 4~6분; one number where both are equal. */
export function minutesRange(min: number, max: number): string {
  return min === max ? `${min}분` : `${min}~${max}분`;
}
