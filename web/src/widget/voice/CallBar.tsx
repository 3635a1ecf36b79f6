import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { duration, spokenDuration } from "../../shared/formats";
import { Icon } from "../icons";
import { Call, type CallProblem, type CallState } from "./call";

const STATES: Record<CallState, string> = {
  connecting: "연결하고 있어요",
  listening: "말씀해 주세요",
  hearing: "듣고 있어요",
  speaking: "답하고 있어요",
};

const PROBLEMS: Record<CallProblem, string> = {
  denied: "마이크를 쓸 수 없어요. 브라우저 주소창에서 마이크를 허용해 주세요",
  "no-microphone": "마이크를 찾지 못했어요. 연결을 확인해 주세요",
  unreachable: "음성 상담에 연결하지 못했어요. 글로 물어봐 주세요",
  lost: "통화가 끊겼어요. 다시 걸거나 글로 물어봐 주세요",
};

interface Props {
  origin: string;
  token: string;
  announce: (text: string) => void;
  onEnd: (problem?: string) => void;
}

/** A call in progress: what happens, how long, mute, hang up. Words heard appear in the thread as messages. */
export function CallBar({ origin, token, announce, onEnd }: Props): JSX.Element {
  const [state, setState] = useState<CallState>("connecting");
  const [heard, setHeard] = useState("");
  const [muted, setMuted] = useState(false);
  const [seconds, setSeconds] = useState(0);
  const [call] = useState(
    () =>
      new Call({
        origin,
        token,
        onState: setState,
        onHeard: setHeard,
        onEnd: (problem) => onEnd(problem && PROBLEMS[problem]),
      }),
  );

  useEffect(() => {
    void call.start();
    return () => call.hangUp();
  }, []);

  useEffect(() => {
    if (state === "connecting") return;
    const timer = setInterval(() => setSeconds((now) => now + 1), 1000);
    return () => clearInterval(timer);
  }, [state === "connecting"]);

  useEffect(() => {
    if (state === "listening" && seconds === 0) announce("음성 상담이 연결됐어요. 말씀해 주세요");
  }, [state]);

  return (
    <section class={`call ${state}`} aria-label="음성 상담">
      <span class="pulse" aria-hidden="true" />
      <div class="who">
        <p class="title">{muted ? "마이크를 껐어요" : STATES[state]}</p>
        <p class="heard">{heard ? `“${heard}”` : "음성 상담"}</p>
      </div>
      <time aria-label={spokenDuration(seconds)}>{duration(seconds)}</time>
      <button
        type="button"
        class="icon-button"
        aria-label="마이크 끄기"
        aria-pressed={muted}
        onClick={() => {
          call.mute(!muted);
          setMuted(!muted);
        }}
      >
        <Icon name={muted ? "micOff" : "mic"} />
      </button>
      <button type="button" class="hang-up" aria-label="통화 끝내기" onClick={() => call.hangUp()}>
        <Icon name="phone" />
      </button>
    </section>
  );
}
