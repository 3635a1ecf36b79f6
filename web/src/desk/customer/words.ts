import { t } from "../text";
import { channelWord } from "../words";

const KINDS: Record<string, string> = { phone: "전화번호", email: "메일", login: "로그인", plusfriend_user_key: "카톡 계정", app_user_id: "카톡 앱" };
const SOURCES: Record<string, string> = {
  said: "고객이 말함",
  call: "걸려 온 번호",
  channel: "채널이 알려 줌",
  login: "로그인으로 확인",
  agent: "상담원이 적음",
};

/** What kind of identity it is. */
export const kindWord = (kind: string): string => (kind in KINDS ? t(KINDS[kind] as string) : channelWord(kind));
/** Where it comes from. */
export const originWord = (source: string): string => t(SOURCES[source] ?? source);
