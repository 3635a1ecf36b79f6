import { MessageSquareText } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import { when } from "../../shared/formats";
import { wordsOf } from "../api";
import { useAfter, useDesk, useNow } from "../context";
import { Channel } from "../icons";
import { t } from "../text";
import type { Hit } from "../types";
import { useUi } from "../ui";
import { nameOf, speakerWord } from "../words";

/** Typing goes on: the server is asked once it rests. */
const REST_MS = 250;
const SHORTEST = 2;

type Found = { status: "idle" | "loading" } | { status: "failed"; why: string } | { status: "ready"; hits: Hit[]; cursor: string | null };

/** What the server finds in all that was said, under the rows that fit. */
export function Hits({ typed }: { typed: string }) {
  const { api } = useDesk();
  const [found, setFound] = useState<Found>({ status: "idle" });
  const query = typed.trim();
  useEffect(() => {
    if (query.length < SHORTEST) return setFound({ status: "idle" });
    let gone = false;
    const timer = setTimeout(() => {
      setFound((before) => (before.status === "ready" ? before : { status: "loading" }));
      api.search(query).then(
        ({ hits, cursor }) => !gone && setFound({ status: "ready", hits, cursor }),
        (error: unknown) => !gone && setFound({ status: "failed", why: wordsOf(error) }),
      );
    }, REST_MS);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [query]);
  const slow = useAfter(found.status === "loading");
  if (query.length < SHORTEST) return null;

  const more = async (): Promise<void> => {
    if (found.status !== "ready" || !found.cursor) return;
    const page = await api.search(query, found.cursor);
    setFound({ status: "ready", hits: [...found.hits, ...page.hits], cursor: page.cursor });
  };

  return (
    <section class="hits" aria-label={t("모든 상담에서 찾은 것")}>
      <h3>{t("모든 상담에서 찾은 것")}</h3>
      {slow && <p class="none">{t("찾는 중이에요")}</p>}
      {found.status === "failed" && (
        <p class="panel-problem" role="alert">
          {found.why}
        </p>
      )}
      {found.status === "ready" && (
        <>
          <p class="sr-only" role="status">
            {t("{n}건을 찾았어요", { n: found.hits.length })}
          </p>
          {found.hits.length === 0 && <p class="none">{t("검색 결과가 없어요. 다른 말로 찾아보세요")}</p>}
          <ul>
            {found.hits.map((hit) => (
              <HitRow key={`${hit.case.id}-${hit.seq}`} hit={hit} query={query} />
            ))}
          </ul>
          {found.cursor && (
            <button type="button" class="btn small more" onClick={() => void more()}>
              {t("더 보기")}
            </button>
          )}
        </>
      )}
    </section>
  );
}

function HitRow({ hit, query }: { hit: Hit; query: string }) {
  const desk = useDesk();
  const ui = useUi();
  const now = useNow();
  const open = async (): Promise<void> => {
    desk.store.dispatch({ type: "case", case: hit.case });
    await desk.open(hit.case.id);
    const { seq } = hit;
    // Once the conversation is drawn.
    if (seq !== null) requestAnimationFrame(() => ui.jump(seq));
  };
  return (
    <li>
      <button type="button" class="row hit-row" onClick={() => void open()}>
        <span class="line">
          <Channel of={hit.case.channel} />
          <span class="name">{nameOf(hit.case.customer.name)}</span>
          <span class="time calm">{hit.timestamp && when(hit.timestamp, now)}</span>
        </span>
        <span class="line second">
          <MessageSquareText size={14} aria-hidden="true" />
          <span class="words">
            {hit.speaker && `${speakerWord(hit.speaker)}: `}
            <Marked text={hit.text} query={query} />
          </span>
        </span>
      </button>
    </li>
  );
}

/** The words that were looked for, as they stand in the text with whatever spacing. */
export function marks(text: string, query: string): { text: string; hit: boolean }[] {
  const terms = query.split(/\s+/).filter(Boolean).map((term) => [...term].map(escaped).join("\\s*"));
  if (!terms.length) return [{ text, hit: false }];
  const parts = text.split(new RegExp(`(${terms.join("|")})`, "i"));
  return parts.map((part, place) => ({ text: part, hit: place % 2 === 1 })).filter((part) => part.text);
}

const escaped = (character: string): string => character.replace(/[.*+?^${}()|[\]\\]/, "\\$&");

function Marked({ text, query }: { text: string; query: string }) {
  return <>{marks(text, query).map((part, place) => (part.hit ? <mark key={place}>{part.text}</mark> : part.text))}</>;
}
