/** Sending files: checked before they leave, with progress, and stoppable. */
import { fileProblem, megabytes, postFile, type Taken } from "../../shared/upload";
import { newId } from "../forms";
import type { Problem, SaidAck, SentFile } from "../protocol";
import { TEXT } from "../texts";

export { sizeOf } from "../../shared/upload";

export type Sent = Extract<SaidAck, { ok: true }> & { attachment?: SentFile };

/** What stands in the way of a file, in words; nothing if it may leave. */
export function problemOfFile(file: { size: number; type: string; name: string }, taken: Taken): string {
  const words = { "": "", empty: TEXT.emptyFile, big: TEXT.fileTooBig(megabytes(taken.max_bytes)), type: TEXT.fileType };
  return words[fileProblem(file, taken)];
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
export async function send(upload: Upload, { origin, token }: Target, onShare: (share: number) => void): Promise<Sent> {
  const query = new URLSearchParams({ name: upload.file.name, client_msg_id: upload.id });
  const onStart = (stop: () => void): void => {
    upload.stop = stop;
  };
  const { status, body } = await postFile(`${origin}/api/chat/files?${query}`, token, upload.file, { onShare, onStart });
  if (status === 200) return body as Sent;
  const words = status < 0 ? "" : ((body as Problem | null)?.title ?? TEXT.uploadFailed);
  throw Object.assign(new Error(words), { again: status === 0 || status >= 500 || status === 429 });
}
