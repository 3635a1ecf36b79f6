import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "./icons";
import type { Citation } from "./protocol";
import { TEXT } from "./texts";

interface Props {
  origin: string;
  citation: Citation;
  /** The answer that quotes it: what it says is marked in the passage. */
  answer: string;
  onClose: () => void;
}

/** The passage behind an answer, inside the panel. */
export function SourceSheet({ origin, citation, answer, onClose }: Props): JSX.Element {
  const close = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => close.current?.focus(), []);
  const where = citation.place ?? (citation.page ? TEXT.pageOf(citation.page) : "");
  const place = [...citation.heading, where].filter(Boolean).join(" › ");
  return (
    <div class="sheet-ground">
      <div class="scrim" onClick={onClose} />
      <section class="sheet" role="dialog" aria-modal="true" aria-labelledby="sheet-title">
        <div class="sheet-head">
          <div>
            <p class="kicker">{TEXT.sourceTitle}</p>
            <h3 id="sheet-title">{citation.title}</h3>
            {place && place !== citation.title ? <p class="place">{place}</p> : null}
          </div>
          <button ref={close} type="button" class="icon-button" aria-label={TEXT.closeSheet} onClick={onClose}>
            <Icon name="close" />
          </button>
        </div>
        <blockquote tabIndex={0}>{marked(citation.snippet, answer)}</blockquote>
        <a class="original" href={new URL(citation.url, origin).href} target="_blank" rel="noopener">
          {TEXT.source}
          <span class="hidden"> ({TEXT.newWindow})</span>
          <Icon name="open" size={16} />
        </a>
      </section>
    </div>
  );
}

/** After the space that follows a full stop, so that numbers stay whole, and after each line. */
const SENTENCE_END = /(?<=[.!?]\s+|\n)/;

/** Sentences of the passage that the answer repeats are marked; all of them if it quotes everything. */
export function marked(snippet: string, answer: string): JSX.Element[] {
  const said = squeezed(answer);
  return snippet.split(SENTENCE_END).map((sentence) => {
    const words = squeezed(sentence);
    return words.length > 4 && said.includes(words) ? <mark>{sentence}</mark> : <>{sentence}</>;
  });
}

const squeezed = (text: string): string => text.replace(/[\s*`_.!?]+/g, "");
