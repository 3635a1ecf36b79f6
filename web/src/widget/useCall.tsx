import type { ComponentType, JSX } from "preact";
import { useState } from "preact/hooks";
import type { Chat } from "./chat";
import { TEXT } from "./texts";

type CallBar = ComponentType<{
  origin: string;
  token: string;
  announce: (text: string) => void;
  onEnd: (problem?: string) => void;
}>;

interface CallControl {
  /** Missing where this browser or this server takes no calls, or while one is on. */
  start: (() => void) | undefined;
  bar: JSX.Element | null;
  problem: string;
  dismiss: () => void;
}

/** The microphone button's side of a call; the call itself is loaded when first wanted. */
export function useCall(chat: Chat): CallControl {
  const [Bar, setBar] = useState<CallBar | null>(null);
  const [problem, setProblem] = useState("");
  const possible = chat.voice && Boolean(navigator.mediaDevices?.getUserMedia) && "AudioWorkletNode" in window;

  const start = async (): Promise<void> => {
    setProblem("");
    try {
      const loaded = await import("./voice/CallBar");
      setBar(() => loaded.CallBar);
    } catch {
      setProblem(TEXT.serverError);
    }
  };

  const ended = (why = ""): void => {
    setBar(null);
    setProblem(why);
    if (why) chat.announce.alert(why);
  };

  return {
    start: possible && !Bar ? () => void start() : undefined,
    bar: Bar ? <Bar origin={chat.origin} token={chat.token} announce={(text) => chat.announce.say(text)} onEnd={ended} /> : null,
    problem,
    dismiss: () => setProblem(""),
  };
}
