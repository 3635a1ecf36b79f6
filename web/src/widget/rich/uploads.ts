/** Sending files: checked before they leave, with progress, and stoppable. */
import { newId } from "../forms";
import type { Problem, SaidAck, SentFile } from "../protocol";
import { TEXT } from "../texts";

export interface Taken {
  max_bytes: number;
  types: string[];
}

export type Sent = Extract<SaidAck, { ok: true }> & { attachment?: SentFile };

/** What stands in the way of a file, in words; nothing if it may leave. */
export function problemOfFile(file: { size: number; type: string; name: string }, taken: Taken): string {
  if (!file.size) return TEXT.emptyFile;
  if (file.size > taken.max_bytes) return TEXT.fileTooBig(Math.floor(taken.max_bytes / (1024 * 1024)));
  // Some systems don't know heic by its type.
  const type = file.type || (/\.hei[cf]$/i.test(file.name) ? "image/heic" : "");
  return taken.types.includes(type) ? "" : TEXT.fileType;
}

/** 0.4MB, 812KB. */
export function sizeOf(bytes: number): string {
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))}KB`;
  return `${(bytes / (1024 * 1024)).toFixed(1)}MB`;
}

export interface Upload {
  /** Of the message that it becomes: sending it again is harmless. */
  id: string;
  file: File;
  share: number;
  problem: string;
  /** Whether another attempt may help. */
  again: boolean;
  stop: () => void;
}

export function newUpload(file: File, taken: Taken): Upload {
  return { id: newId(), file, share: 0, problem: problemOfFile(file, taken), again: false, stop: () => undefined };
}

interface Target {
  origin: string;
  token: string;
}

/** Rejects with words for the customer; `stopped` rejects with nothing to say. */
export function send(upload: Upload, { origin, token }: Target, onShare: (share: number) => void): Promise<Sent> {
  const request = new XMLHttpRequest();
  upload.stop = () => request.abort();
  return new Promise((resolve, reject) => {
    const failed = (words: string, again: boolean): void => reject(Object.assign(new Error(words), { again }));
    request.upload.onprogress = ({ loaded, total }) => onShare(total ? loaded / total : 0);
    request.onload = () => {
      const body = parsed(request.responseText);
      if (request.status === 200) resolve(body as Sent);
      else failed((body as Problem | null)?.title ?? TEXT.uploadFailed, request.status >= 500 || request.status === 429);
    };
    request.onerror = () => failed(TEXT.uploadFailed, true);
    request.onabort = () => failed("", false);
    const query = new URLSearchParams({ name: upload.file.name, client_msg_id: upload.id });
    request.open("POST", `${origin}/api/chat/files?${query}`);
    request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.send(upload.file);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
