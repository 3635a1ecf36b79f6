/** What a field of a form takes, checked while it is filled in; the server checks again and has the last word. */
import { ZONE, dayKey, day as dayName, phone as phoneName, time as timeName } from "../../shared/formats";
import type { Form, FormField, FormValues } from "../protocol";
import { TEXT } from "../texts";

const DAY_MS = 86_400_000;
const RRN = /(?<!\d)(\d{6})[-\s]?[1-8]\d{6}(?!\d)/g;
const CARD = /(?<![\d-])(\d{4})[-\s]?\d{4}[-\s]?\d{4}[-\s]?(\d{4})(?!\d)/g;
const PHONE = /^(02|0\d{2})\d{7,8}$|^1[5-8]\d{6}$/;
const EMAIL = /^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$/;

export interface Choice {
  value: string;
  words: string;
}

/** Resident and card numbers made unreadable at once: they are never wanted here. */
export function masked(text: string): string {
  return text.replace(RRN, "$1-*******").replace(CARD, "$1-****-****-$2");
}

/** What is wrong with a value, in words; nothing if it will do. */
export function problemOf(field: FormField, value: string): string {
  const text = value.trim();
  if (!text) return field.required ? TEXT.required : "";
  if (field.type === "phone" && !PHONE.test(digitsOf(text))) return TEXT.badPhone;
  if (field.type === "email" && !EMAIL.test(text)) return TEXT.badMail;
  if (field.type === "number" && !/^-?\d{1,15}(\.\d{1,6})?$/.test(text.replaceAll(",", ""))) return TEXT.badNumber;
  if (text.length > field.max_length) return TEXT.tooLong(field.max_length);
  return "";
}

export function problemsOf(form: Form, values: FormValues): Record<string, string> {
  const found = form.fields.map((field) => [field.slot, problemOf(field, values[field.slot] ?? "")] as const);
  return Object.fromEntries(found.filter(([, problem]) => problem));
}

function digitsOf(text: string): string {
  return text.replace(/[\s().-]/g, "").replace(/^\+?820?/, "0");
}

/** The value as it is shown once the field is left: 010-1234-5678. */
export function tidied(field: FormField, value: string): string {
  return field.type === "phone" ? phoneName(digitsOf(value)) : value.trim();
}

/** What can be chosen; none for fields that are written. */
export function choicesOf(field: FormField, now = Date.now()): Choice[] {
  if (field.type === "choice") return field.choices.map((value) => ({ value, words: value }));
  if (field.type === "time") return timesOf(field).map((value) => ({ value, words: clock(value) }));
  return field.type === "date" ? daysOf(field, now) : [];
}

function daysOf(field: FormField, now: number): Choice[] {
  const days = Array.from({ length: field.days }, (_, ahead) => now + ahead * DAY_MS);
  return days
    .filter((at) => field.weekdays.includes(weekday(at)))
    .map((at) => ({ value: dayKey(at), words: at === now ? `${TEXT.today}, ${dayName(at, now)}` : dayName(at, now) }));
}

/** 1 is Monday, in the zone of the bank. */
function weekday(at: number): number {
  return new Date(`${dayKey(at, ZONE)}T12:00Z`).getUTCDay() || 7;
}

function timesOf({ earliest, latest, step }: FormField): string[] {
  const minutes = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
  const found: string[] = [];
  for (let at = minutes(earliest); at <= minutes(latest); at += step) {
    found.push(`${String(Math.floor(at / 60)).padStart(2, "0")}:${String(at % 60).padStart(2, "0")}`);
  }
  return found;
}

const clock = (value: string): string => timeName(`2000-01-01T${value}:00Z`, "UTC");

/** A value as the read-only summary shows it. */
export function shown(field: FormField, value: string): string {
  if (field.type === "time" && /^\d\d:\d\d$/.test(value)) return clock(value);
  if (field.type === "date" && /^\d{4}-\d\d-\d\d$/.test(value)) return dayName(`${value}T12:00:00+09:00`);
  return value;
}
