/** Plays KakaoTalk: what the customer writes goes through the real skill webhook, and its answers are shown here. */
import { type JSX, render } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { type Composer, guardComposer } from "../shared/composer";
import { time } from "../shared/formats";
import {
  type Bubble,
  type Button,
  type Card,
  type Output,
  type PersonLine,
  type QuickReply,
  type SkillResponse,
  bubbleOf,
  bubblesOf,
  fulfil,
  nextKey,
  quickRepliesOf,
} from "./kakao-skill";

const API = "/api/demo/kakao";
const EVERY_MS = 1500;
const ASK_PERSON = "상담원 연결해 주세요";

/** One imagined customer a tab, so that two tabs are two people. */
function customer(): string {
  const kept = sessionStorage.getItem("sangdam:kakao");
  const id = kept ?? `demo-${Math.random().toString(36).slice(2, 12)}`;
  sessionStorage.setItem("sangdam:kakao", id);
  return id;
}

async function getJson<T>(address: string, body?: unknown): Promise<T> {
  const response = await fetch(address, {
    ...(body ? { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) } : {}),
  });
  if (!response.ok) throw new Error(`${response.status}`);
  return (await response.json()) as T;
}

interface Talk {
  bubbles: Bubble[];
  quick: QuickReply[];
  busy: boolean;
  send: (text: string, extra?: Record<string, unknown>) => void;
}

function useTalk(): Talk {
  const [user] = useState(customer);
  const [bubbles, setBubbles] = useState<Bubble[]>([]);
  const [quick, setQuick] = useState<QuickReply[]>([]);
  const [busy, setBusy] = useState(0);
  const cursor = useRef(0);

  const answered = (response: SkillResponse): void => {
    setBubbles((now) => [...now, ...bubblesOf(response)]);
    setQuick(quickRepliesOf(response));
  };

  const send = async (text: string, extra?: Record<string, unknown>): Promise<void> => {
    const mine: Bubble = { from: "me", key: nextKey(), text, at: Date.now() };
    setBubbles((now) => [...now, mine]);
    setQuick([]);
    setBusy((now) => now + 1);
    try {
      const body = { user_id: user, utterance: text, ...(extra ? { extra } : {}) };
      answered((await getJson<{ response: SkillResponse }>(API, body)).response);
    } catch {
      setBubbles((now) => now.map((bubble) => (bubble.key === mine.key ? { ...mine, failed: true } : bubble)));
    } finally {
      setBusy((now) => now - 1);
    }
  };

  const look = async (): Promise<void> => {
    const [callbacks, people] = await Promise.all([
      getJson<{ responses: SkillResponse[] }>(`${API}/${user}/callbacks`),
      getJson<{ messages: PersonLine[]; cursor: number }>(`${API}/${user}/messages?after=${cursor.current}`),
    ]);
    cursor.current = Math.max(cursor.current, people.cursor);
    for (const response of callbacks.responses) {
      setBubbles((now) => fulfil(now, response));
      setQuick(quickRepliesOf(response));
    }
    if (people.messages.length) setBubbles((now) => [...now, ...people.messages.map(bubbleOf)]);
  };

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    let over = false;
    const round = async (): Promise<void> => {
      await look().catch(() => undefined);
      if (!over) timer = setTimeout(() => void round(), EVERY_MS);
    };
    void round();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, []);

  return { bubbles, quick, busy: busy > 0, send: (text, extra) => void send(text, extra) };
}

function App(): JSX.Element {
  const talk = useTalk();
  const end = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    end.current?.scrollIntoView({ block: "end" });
  }, [talk.bubbles, talk.busy, talk.quick]);

  return (
    <div class="phone">
      <header>
        <a href="/" aria-label="이음은행으로 돌아가기">
          <svg viewBox="0 0 20 20" aria-hidden="true">
            <path d="M12.5 4.5L7 10l5.5 5.5" />
          </svg>
        </a>
        <div>
          <h1>이음은행</h1>
          <p>메신저 체험 · 실제 카카오톡이 아니에요</p>
        </div>
      </header>
      <main>
        <div class="talk" role="log" aria-label="대화 내용" tabIndex={0}>
          <p class="notice">
            AI 상담이에요. 원하시면 언제든 상담원에게 연결해 드려요.
            <br />
            여기서 보낸 메시지는 카카오톡 스킬과 같은 길로 전해져요.
          </p>
          {talk.bubbles.map((bubble) => (
            <BubbleView key={bubble.key} bubble={bubble} onSend={talk.send} />
          ))}
          {talk.busy ? (
            <p class="typing" role="status">
              입력 중
            </p>
          ) : null}
          <div ref={end} />
        </div>
        {talk.quick.length ? <Quick replies={talk.quick} onSend={talk.send} /> : null}
        {talk.bubbles.length ? null : (
          <Quick
            replies={["카드를 잃어버렸어요", "예금자 보호 한도가 얼마예요?", ASK_PERSON].map((label) => ({
              label,
              action: "message",
              messageText: label,
            }))}
            onSend={talk.send}
          />
        )}
        <Writer onSend={talk.send} />
      </main>
    </div>
  );
}

type OnSend = Talk["send"];

function BubbleView({ bubble, onSend }: { bubble: Bubble; onSend: OnSend }): JSX.Element {
  const at = <time dateTime={new Date(bubble.at).toISOString()}>{time(bubble.at)}</time>;
  if (bubble.from === "notice") return <p class="notice">{bubble.text}</p>;
  if (bubble.from === "me") {
    return (
      <article class="me" aria-label="나">
        {bubble.failed ? <button onClick={() => onSend(bubble.text)}>보내지 못했어요. 다시 보내기</button> : at}
        <p class="bubble">{bubble.text}</p>
      </article>
    );
  }
  const agent = bubble.from === "agent";
  const name = agent ? `${bubble.name} 상담원` : "이음은행";
  return (
    <article class="you" aria-label={name}>
      <span class={`face ${agent ? "agent" : ""}`} aria-hidden="true">
        {agent ? bubble.name.slice(0, 1) : <img src="/icon.svg" alt="" width="40" height="40" />}
      </span>
      <div class="said">
        <p class="name">{name}</p>
        {bubble.from === "bot" ? (
          bubble.outputs.map((output, index) => <OutputView key={index} output={output} onSend={onSend} />)
        ) : (
          <p class={`bubble ${bubble.from === "waiting" ? "promise" : ""}`}>{bubble.text}</p>
        )}
        {at}
      </div>
    </article>
  );
}

function OutputView({ output, onSend }: { output: Output; onSend: OnSend }): JSX.Element | null {
  if (output.simpleText) return <p class="bubble">{output.simpleText.text}</p>;
  if (output.simpleImage) return <img class="picture" src={output.simpleImage.imageUrl} alt={output.simpleImage.altText} />;
  if (output.carousel) {
    const { items } = output.carousel;
    return (
      <ul class="carousel" tabIndex={0} aria-label={`카드 ${items.length}장`}>
        {items.map((card, index) => (
          <li key={index}>
            <CardView card={card} onSend={onSend} />
          </li>
        ))}
      </ul>
    );
  }
  const card = output.textCard ?? output.basicCard;
  return card ? <CardView card={card} onSend={onSend} /> : null;
}

function CardView({ card, onSend }: { card: Card; onSend: OnSend }): JSX.Element {
  return (
    <div class="card">
      {card.thumbnail?.imageUrl ? <img src={card.thumbnail.imageUrl} alt={card.thumbnail.altText ?? ""} /> : null}
      {card.title ? <h2>{card.title}</h2> : null}
      {card.description ? <p>{card.description}</p> : null}
      {card.buttons?.length ? (
        <div class={card.buttonLayout === "horizontal" ? "side-by-side" : ""}>
          {card.buttons.map((button) => (
            <ButtonView key={button.label} button={button} onSend={onSend} />
          ))}
        </div>
      ) : null}
    </div>
  );
}

/** In KakaoTalk `operator` opens the consultation channel; here it says what that channel would be told. */
function ButtonView({ button, onSend }: { button: Button; onSend: OnSend }): JSX.Element {
  if (button.action === "webLink" && /^https?:\/\//.test(button.webLinkUrl ?? "")) {
    return (
      <a href={button.webLinkUrl} target="_blank" rel="noopener">
        {button.label}
      </a>
    );
  }
  if (button.action === "phone") return <a href={`tel:${button.phoneNumber ?? ""}`}>{button.label}</a>;
  const says = button.action === "operator" ? ASK_PERSON : (button.messageText ?? button.label);
  return (
    <button type="button" onClick={() => onSend(says, button.extra)}>
      {button.label}
    </button>
  );
}

function Quick({ replies, onSend }: { replies: QuickReply[]; onSend: OnSend }): JSX.Element {
  return (
    <div class="quick" role="group" aria-label="빠른 답장">
      {replies.map((reply) => (
        <button key={reply.label} type="button" onClick={() => onSend(reply.messageText ?? reply.label, reply.extra)}>
          {reply.label}
        </button>
      ))}
    </div>
  );
}

function Writer({ onSend }: { onSend: OnSend }): JSX.Element {
  const field = useRef<HTMLTextAreaElement>(null);
  const guard = useRef<Composer | null>(null);
  const send = useRef(onSend);
  send.current = onSend;
  useEffect(() => {
    if (!field.current) return;
    guard.current = guardComposer(field.current, { onSubmit: (text) => send.current(text.trim()) });
    return () => guard.current?.destroy();
  }, []);
  return (
    <div class="writer">
      <textarea ref={field} rows={1} maxLength={1000} placeholder="메시지 입력" aria-label="메시지 입력" />
      <button
        type="button"
        aria-label="보내기"
        onPointerDown={(event) => event.preventDefault()}
        onClick={() => guard.current?.submit()}
      >
        <svg viewBox="0 0 20 20" aria-hidden="true">
          <path d="M10 16V4M10 4L5 9M10 4l5 5" />
        </svg>
      </button>
    </div>
  );
}

const app = document.getElementById("app");
if (app) render(<App />, app);
