import type { JSX, RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { day } from "../shared/formats";
import type { Chat } from "./chat";
import { Icon } from "./icons";
import { Markdown } from "./markdown";
import { Message, type MessageActions } from "./Message";
import { part } from "./part";
import type { Button, Piece } from "./protocol";
import { QuickReplies } from "./QuickReplies";
import { TEXT, queueLine } from "./texts";
import { layout } from "./thread";

const Survey = part(() => import("./rich/Survey"));

/** Closer to the end than this, the thread follows new messages. */
const NEAR_PX = 80;
/** Lines drawn at first, and more at each look back. */
const PAGE = 60;

interface Props extends MessageActions {
  chat: Chat;
  open: boolean;
  starters: string[];
  privacy: string;
}

/** The log: opening words, messages, what can be pressed below the last one. */
export function Thread(props: Props): JSX.Element {
  const { chat, open } = props;
  const log = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState(PAGE);
  const all = chat.lines;
  const places = layout(all.slice(-shown));
  const { missed, toEnd } = useFollow(log, chat, open, all.length);
  const seenAtOpen = useSeenAtOpen(chat, open);
  const latestOwn = all.findLast((line) => line.speaker.kind === "customer")?.id;
  const divider = places.find(({ line }) => line.seq > seenAtOpen && line.speaker.kind !== "customer");
  const personInReach = chat.state.owner === "bot" || chat.state.owner === "closed";

  return (
    <div class="log-ground">
      <div ref={log} class="log" role="log" aria-live="off" aria-label={TEXT.messages} tabIndex={0}>
        <div class="content">
        {all.length > shown ? (
          <button type="button" class="older" onClick={() => setShown(shown + PAGE)}>
            {TEXT.older}
          </button>
        ) : (
          <Opening {...props} />
        )}
        {places.map((place) => (
          <>
            {place.day ? <p class="day">{day(place.day)}</p> : null}
            {seenAtOpen > 0 && place === divider ? <p class="read-line">{TEXT.readLine}</p> : null}
            <Message
              key={place.line.id}
              {...place}
              {...actions(props)}
              judged={chat.feedback[place.line.id]}
              latestOwn={place.line.id === latestOwn}
              personInReach={personInReach}
            />
          </>
        ))}
        <AfterLast {...props} empty={!all.length} />
        </div>
      </div>
      {missed > 0 ? (
        <button type="button" class="pill" onClick={toEnd}>
          <Icon name="arrowDown" size={16} />
          {TEXT.unreadPill(missed)}
        </button>
      ) : null}
    </div>
  );
}

const actions = ({ onSource, onJudge, onHuman, onRetry, onDiscard, onPress, origin, token, formOf }: Props): MessageActions => ({
  onSource,
  onJudge,
  onHuman,
  onRetry,
  onDiscard,
  onPress,
  origin,
  token,
  formOf,
});

/** What the customer is told first, every time: that an AI speaks, and what becomes of the words. */
function Opening({ chat, privacy }: Props): JSX.Element {
  const { assistant } = chat;
  return (
    <>
      <p class="notice about">
        {assistant.notice}
        {assistant.notice ? <br /> : null}
        {TEXT.privacyLine}{" "}
        {privacy ? (
          <a href={privacy} target="_blank" rel="noopener">
            {TEXT.privacy}
          </a>
        ) : null}
      </p>
      <article class="line bot first last" aria-label={assistant.bot_name}>
        <p class="speaker" aria-hidden="true">
          <span class="dot">
            <Icon name="bot" size={14} />
          </span>
          {assistant.bot_name}
        </p>
        <div class="bubble">
          <p>{assistant.greeting}</p>
        </div>
      </article>
    </>
  );
}

function AfterLast({ chat, starters, onPress, empty }: Props & { empty: boolean }): JSX.Element {
  const { state } = chat;
  const last = chat.messages.at(-1);
  const pending = chat.lines.at(-1)?.delivery === "sending";
  const buttons = last?.speaker.kind === "bot" && last === chat.lines.at(-1) ? last.buttons : [];
  return (
    <>
      {chat.live.now ? (
        <LiveAnswer piece={chat.live.now} stopping={chat.live.stopping} onStop={() => void chat.stopAnswer()} />
      ) : chat.typing || (pending && state.owner === "bot") ? (
        <Typing chat={chat} />
      ) : null}
      {state.owner === "queue" ? <Waiting chat={chat} onPress={onPress} /> : null}
      {buttons.length && state.owner !== "queue" ? <QuickReplies key={last?.id} buttons={buttons} origin={chat.origin} onPress={onPress} /> : null}
      {state.owner === "closed" && state.survey && !chat.reopened ? (
        <Survey recommend={chat.state.recommend ?? false} onAnswer={(...given) => chat.answerSurvey(...given)} />
      ) : null}
      {chat.surveyed ? <p class="notice">{TEXT.surveyDone}</p> : null}
      {empty && starters.length ? (
        <QuickReplies
          origin={chat.origin}
          buttons={starters.map((title) => ({ title, payload: "" }))}
          onPress={(button) => onPress({ title: button.title, payload: "" })}
        />
      ) : null}
    </>
  );
}

function Typing({ chat }: { chat: Chat }): JSX.Element {
  const { typing, assistant } = chat;
  const agent = typing?.kind === "agent";
  return (
    <div class={`line ${agent ? "agent" : "bot"} first last typing`}>
      <div class="bubble">
        <span class="dots" aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
        <span class="words">{agent ? TEXT.typingBy(typing.name) : TEXT.botTyping(assistant.bot_name)}</span>
      </div>
    </div>
  );
}

/** An answer while it is written. It is read out once it is whole. */
function LiveAnswer({ piece, stopping, onStop }: { piece: Piece; stopping: boolean; onStop: () => void }): JSX.Element {
  return (
    <article class="line bot first last live" aria-busy="true" aria-label={piece.speaker.name}>
      <p class="speaker" aria-hidden="true">
        <span class="dot">
          <Icon name="bot" size={14} />
        </span>
        {piece.speaker.name}
      </p>
      <div class="bubble">
        {piece.text ? <Markdown text={piece.text} /> : null}
        <span class="dots" aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
        {piece.text ? null : <span class="words">{TEXT.botTyping(piece.speaker.name)}</span>}
      </div>
      <p class="choices">
        <button type="button" aria-disabled={stopping} onClick={() => !stopping && onStop()}>
          {stopping ? TEXT.stopping : TEXT.stopAnswer}
        </button>
      </p>
    </article>
  );
}

/** A place in the queue, honestly, and what can be done instead of waiting here. */
function Waiting({ chat, onPress }: { chat: Chat; onPress: (button: Button) => void }): JSX.Element {
  const choices = chat.state.queue?.choices;
  return (
    <section class="waiting" aria-label={TEXT.queueTitle}>
      <p class="title">{TEXT.calling}</p>
      <p class="place">{queueLine(chat.state.queue)}</p>
      <p class="hint">{chat.state.queue?.wait ? TEXT.callingHint : TEXT.callingLong}</p>
      <div class="choices">
        {choices?.map((choice) => (
          <button type="button" onClick={() => onPress(choice)}>
            {TEXT.choices[choice.code] ?? choice.title}
          </button>
        ))}
        {choices ? null : (
          <button type="button" onClick={() => void chat.leaveQueue()}>
            {TEXT.leave}
          </button>
        )}
      </div>
    </section>
  );
}

/** Follows the end while the reader is there; counts what is missed while not. */
function useFollow(
  log: RefObject<HTMLDivElement>,
  chat: Chat,
  open: boolean,
  count: number,
): { missed: number; toEnd: () => void } {
  const atEnd = useRef(true);
  const [seenCount, setSeenCount] = useState(0);

  const toEnd = (): void => {
    const box = log.current;
    if (box) box.scrollTop = box.scrollHeight;
  };

  useEffect(() => {
    const box = log.current;
    if (!box) return;
    let top = 0;
    const watch = (): void => {
      const near = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX;
      // Only the reader leaves the end, by going up: what grows below in the same moment must not count as that.
      atEnd.current = near || (atEnd.current && box.scrollTop >= top);
      top = box.scrollTop;
      if (atEnd.current) setSeenCount(chat.lines.length);
    };
    box.addEventListener("scroll", watch, { passive: true });
    // The panel shrinks under the keyboard, an answer's feedback unfolds, pictures load: the end stays in view.
    const resized = new ResizeObserver(() => atEnd.current && toEnd());
    for (const part of [box, ...box.children]) resized.observe(part);
    return () => {
      box.removeEventListener("scroll", watch);
      resized.disconnect();
    };
  }, []);

  useLayoutEffect(() => {
    const own = chat.lines.at(-1)?.speaker.kind === "customer";
    if (!atEnd.current && !own) return;
    toEnd();
    atEnd.current = true;
    setSeenCount(count);
  }, [count, chat.typing, chat.live.now, chat.state.owner, open]);

  useEffect(() => {
    const look = (): void => {
      if (open && atEnd.current && document.visibilityState === "visible") chat.markSeen();
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  });

  return { missed: atEnd.current ? 0 : Math.max(0, count - seenCount), toEnd };
}

/** Where the customer had read up to when the panel was opened; stays while it is open. */
function useSeenAtOpen(chat: Chat, open: boolean): number {
  const [seen, setSeen] = useState(0);
  useLayoutEffect(() => setSeen(open && chat.unread() > 0 ? chat.seen : 0), [open]);
  return seen;
}
