/** Finding by parts of words and by initial consonants (초성): 배송 안내 is found by 배송, ㅂㅅ and ㅂㅅㅇㄴ. */
import { getChoseong } from "es-hangul";

const INITIALS = /^[ㄱ-ㅎ\s]+$/;
const squeeze = (text: string): string => text.normalize("NFC").toLowerCase().replace(/\s+/g, "");

/** Whether the target holds what was typed. A syllable half typed (배소) finds what it may become. */
export function matches(target: string, typed: string): boolean {
  const wanted = squeeze(typed);
  if (!wanted) return true;
  if (INITIALS.test(typed)) return squeeze(getChoseong(target)).includes(wanted);
  const whole = squeeze(target);
  return whole.includes(wanted) || halfTyped(whole, wanted);
}

const FIRST = 0xac00;
const LAST = 0xd7a3;
const FINALS = 28;

/** The last syllable may still get its final consonant, or be a single consonant that begins the next syllable. */
function halfTyped(whole: string, wanted: string): boolean {
  const last = wanted.charCodeAt(wanted.length - 1);
  const head = wanted.slice(0, -1);
  const single = last >= 0x3131 && last <= 0x314e;
  const open = last >= FIRST && last <= LAST && (last - FIRST) % FINALS === 0;
  if (!single && !open) return false;
  for (let at = 0; at + head.length < whole.length; at += 1) {
    if (!whole.startsWith(head, at)) continue;
    const next = whole.charCodeAt(at + head.length);
    if (open && next > last && next < last + FINALS) return true;
    if (single && getChoseong(whole.charAt(at + head.length)) === wanted.at(-1)) return true;
  }
  return false;
}
