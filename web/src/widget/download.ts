/** The conversation as a text file, made in the browser. */
import { full } from "../shared/formats";
import { TEXT } from "./texts";
import type { Line } from "./thread";

export function transcript(lines: readonly Line[]): string {
  return lines.map((line) => `[${full(line.timestamp)}] ${nameOf(line)}: ${line.text}`).join("\n");
}

function nameOf({ speaker }: Line): string {
  if (speaker.kind === "system") return TEXT.guide;
  if (speaker.kind === "customer") return TEXT.me;
  return speaker.kind === "agent" ? TEXT.agentTitle(speaker.name) : speaker.name;
}

export function downloadTranscript(lines: readonly Line[], title: string): void {
  const address = URL.createObjectURL(new Blob([transcript(lines)], { type: "text/plain;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = TEXT.fileName(title);
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
