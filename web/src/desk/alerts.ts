/** What an agent notices who looks elsewhere: the title's count, a tone, a notice of the desktop. */
import { t } from "./text";

const TONES = { offer: [660, 880], message: [740], late: [520, 520] } as const;
export type Tone = keyof typeof TONES;
const BASE = "상담석";

let audio: AudioContext | null = null;

/** To be called from a click: browsers let a page sound only after one. */
export async function wakeSound(): Promise<boolean> {
  audio ??= new AudioContext();
  if (audio.state === "suspended") await audio.resume();
  return audio.state === "running";
}

/** Short sine tones; no files. */
export function play(tone: Tone): void {
  if (!audio || audio.state !== "running") return;
  const context = audio;
  TONES[tone].forEach((pitch, place) => {
    const at = context.currentTime + place * 0.16;
    const source = new OscillatorNode(context, { frequency: pitch });
    const volume = new GainNode(context, { gain: 0 });
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(0.12, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.15);
    source.connect(volume).connect(context.destination);
    source.start(at);
    source.stop(at + 0.16);
  });
}

/** Also as the page's icon, with a dot while somebody waits. */
export function showCount(waiting: number): void {
  showIcon(waiting > 0);
  document.title = waiting > 0 ? `(${waiting > 99 ? "99+" : waiting}) ${t(BASE)}` : t(BASE);
}

function showIcon(dot: boolean): void {
  const mark = dot ? '<circle cx="25" cy="7" r="6" fill="%23c22f2a" stroke="%23fff" stroke-width="2"/>' : "";
  const picture =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="%232158d6"/>' +
    '<path d="M9 18v-2a7 7 0 0 1 14 0v5a3 3 0 0 1-3 3h-2M9 17h2v5H9zM21 17h2v5h-2z" fill="none" stroke="%23fff" stroke-width="2"/>' +
    `${mark}</svg>`;
  const link = document.querySelector<HTMLLinkElement>("link[rel=icon]") ?? document.createElement("link");
  link.rel = "icon";
  link.href = `data:image/svg+xml,${picture}`;
  if (!link.isConnected) document.head.append(link);
}

/** Asked only on a click of the agent. */
export async function askForNotices(): Promise<boolean> {
  if (!("Notification" in window)) return false;
  if (Notification.permission === "granted") return true;
  return (await Notification.requestPermission()) === "granted";
}

/** The customer's words stay on the desk: the desktop may be seen by others. */
export function notify(title: string, onClick: () => void): void {
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  const notice = new Notification(title, { tag: "sangdam-desk", body: t("상담석에서 확인해 주세요") });
  notice.onclick = () => {
    window.focus();
    onClick();
    notice.close();
  };
}
