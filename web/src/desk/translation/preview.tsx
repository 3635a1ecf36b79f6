/** A reply in the customer's language: looked at first, sent with the next press. */
import { CircleAlert, Languages, LoaderCircle } from "lucide-preact";
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { wordsOf } from "../api";
import { useDesk, useDeskState } from "../context";
import { threadOf } from "../state";
import { attachWord } from "../josa";
import { t } from "../text";
import { customersLanguage, languageName } from "./languages";

interface Reply {
  /** What the agent wrote. */
  of: string;
  status: "loading" | "ready" | "failed";
  text: string;
  why: string;
}

export interface Replies {
  /** The customer's language, empty where nothing is to be translated. */
  language: string;
  /** Whether what is written goes out translated. */
  on: boolean;
  reply: Reply | null;
  turn(on: boolean): void;
  ask(text: string): void;
  /** The translation of exactly these words, null until it was shown. */
  ready(text: string): string | null;
}

export function useReplies(id: string, active: boolean): Replies {
  const { api, announcer } = useDesk();
  const offered = useDeskState((state) => state.options.translation);
  const messages = useDeskState((state) => threadOf(state, id).messages);
  const language = useMemo(() => (offered && active ? customersLanguage(messages) : ""), [offered, active, messages]);
  const [wanted, setWanted] = useState(true);
  const [reply, setReply] = useState<Reply | null>(null);
  const latest = useRef<Reply | null>(null);
  const show = (next: Reply | null): void => {
    latest.current = next;
    setReply(next);
  };
  // Another language makes another translation.
  useEffect(() => show(null), [language]);

  const ask = useCallback(
    (text: string): void => {
      if (latest.current?.of === text && latest.current.status === "loading") return;
      show({ of: text, status: "loading", text: "", why: "" });
      const done = (next: Reply, said: string): void => {
        if (latest.current?.of !== text) return;
        show(next);
        announcer?.say(said);
      };
      api.translate(id, text, language).then(
        (found) => done({ of: text, status: "ready", text: found.text, why: "" }, `${found.text}. ${t("한 번 더 누르면 보내요")}`),
        (error: unknown) => done({ of: text, status: "failed", text: "", why: wordsOf(error) }, t("번역하지 못했어요")),
      );
    },
    [api, announcer, id, language],
  );
  const ready = useCallback((text: string): string | null => {
    const { current } = latest;
    return current?.status === "ready" && current.of === text.trim() ? current.text : null;
  }, []);
  const turn = useCallback((on: boolean): void => {
    setWanted(on);
    show(null);
  }, []);
  return { language, on: language !== "" && wanted, reply, turn, ask, ready };
}

interface Props {
  replies: Replies;
  /** What stands in the field. */
  words: string;
}

export function ReplyPreview({ replies, words }: Props) {
  const { language, on, reply, turn, ask } = replies;
  if (!language) return null;
  const name = languageName(language);
  const shown = on && reply?.of === words.trim() ? reply : null;
  return (
    <div class="reply-language">
      <p>
        <Languages size={14} aria-hidden="true" />
        {on ? t("{language} 번역해서 보내요", { language: attachWord(name, "으로/로") }) : t("쓴 그대로 보내요")}
        <button type="button" class="link" onClick={() => turn(!on)}>
          {on ? t("그대로 보내기") : t("번역해서 보내기")}
        </button>
      </p>
      {shown && <Shown reply={shown} language={language} again={() => ask(shown.of)} />}
    </div>
  );
}

function Shown({ reply, language, again }: { reply: Reply; language: string; again: () => void }) {
  if (reply.status === "loading") {
    return (
      <p>
        <LoaderCircle size={14} class="spin" aria-hidden="true" /> {t("번역하고 있어요")}
      </p>
    );
  }
  if (reply.status === "failed") {
    return (
      <p class="failed">
        <CircleAlert size={14} aria-hidden="true" />
        {t("번역하지 못했어요")}: {reply.why}
        <button type="button" class="link" onClick={again}>
          {t("다시 번역하기")}
        </button>
      </p>
    );
  }
  return (
    <>
      <blockquote lang={language}>{reply.text}</blockquote>
      <p>{t("한 번 더 누르면 보내요")}</p>
    </>
  );
}
