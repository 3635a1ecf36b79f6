import { Clock, Frown, Globe, MessageCircle, Phone, Plug, Smile } from "lucide-preact";
import type { MoodLabel } from "./types";
import { channelWord, moodWord } from "./words";

const CHANNELS = { webchat: Globe, kakao: MessageCircle, rest: Plug, voice: Phone } as const;

/** A neutral glyph and a word; no brand's mark. */
export function Channel({ of }: { of: string }) {
  const Icon = CHANNELS[of as keyof typeof CHANNELS] ?? Globe;
  return (
    <span class="channel">
      <Icon size={14} strokeWidth={1.75} aria-hidden="true" />
      {channelWord(of)}
    </span>
  );
}

/** Face and word, never colour alone. */
export function Mood({ label }: { label: MoodLabel }) {
  if (label === "neutral") return null;
  const Icon = label === "negative" ? Frown : Smile;
  return (
    <span class={`mood ${label}`}>
      <Icon size={14} strokeWidth={1.75} aria-hidden="true" />
      {moodWord(label)}
    </span>
  );
}

export { Clock };
