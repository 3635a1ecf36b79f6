/** What stands under a line that was said in another language. */
import { CircleAlert, Languages, LoaderCircle } from "lucide-preact";
import { useState } from "preact/hooks";
import { wordsOf } from "../api";
import { useDesk, useDeskState, useNow } from "../context";
import { t } from "../text";
import type { Message } from "../types";
import { languageName } from "./languages";

/** For so long a translation that nobody has heard of yet is waited for. */
const UNDER_WAY_MS = 10_000;

/** `caseId` is empty for lines of other conversations: they are shown as they are. */
export function Translated({ message, caseId }: { message: Message; caseId: string }) {
  const { language, translation, original } = message;
  if (original) {
    return (
      <p class="translated">
        <Languages size={14} aria-hidden="true" />
        <span class="sr-only">{t("내가 쓴 글")}: </span>
        {original}
      </p>
    );
  }
  if (translation?.text) {
    return (
      <p class="translated">
        <Languages size={14} aria-hidden="true" />
        <span class="sr-only">{t("{language} 번역", { language: languageName(translation.language) })}: </span>
        {translation.text}
      </p>
    );
  }
  if (!language || !caseId) return null;
  return <Untranslated message={message} caseId={caseId} />;
}

function Untranslated({ message, caseId }: { message: Message; caseId: string }) {
  const { api, store } = useDesk();
  const on = useDeskState((state) => state.options.translation);
  const now = useNow();
  const [busy, setBusy] = useState(false);
  const [why, setWhy] = useState("");
  if (!on) return null;
  const failed = Boolean(message.translation?.problem) || why !== "";
  const coming = !failed && now - Date.parse(message.timestamp) < UNDER_WAY_MS;
  const again = async (): Promise<void> => {
    setBusy(true);
    setWhy("");
    try {
      const line = await api.translateMessage(caseId, message.id);
      store.dispatch({ type: "messages", id: caseId, messages: [line], cursor: 0 });
    } catch (error) {
      setWhy(wordsOf(error));
    } finally {
      setBusy(false);
    }
  };
  if (busy || coming) {
    return (
      <p class="translated">
        <LoaderCircle size={14} class="spin" aria-hidden="true" /> {t("번역하고 있어요")}
      </p>
    );
  }
  return (
    <p class={failed ? "translated failed" : "translated"}>
      {failed ? <CircleAlert size={14} aria-hidden="true" /> : <Languages size={14} aria-hidden="true" />}
      {failed && <span>{why || t("번역하지 못했어요")}</span>}
      <button type="button" class="link" onClick={() => void again()}>
        {failed ? t("다시 번역하기") : t("번역하기")}
      </button>
    </p>
  );
}
