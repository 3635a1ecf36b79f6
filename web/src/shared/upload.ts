/** Sending a file: what stands in its way before it leaves, and how far it got. */

/** Files that a server takes. */
export interface Taken {
  max_bytes: number;
  types: string[];
}

export type FileProblem = "" | "empty" | "big" | "type";

/** What stands in the way of a file; nothing if it may leave. */
export function fileProblem(file: { size: number; type: string; name: string }, taken: Taken): FileProblem {
  if (!file.size) return "empty";
  if (file.size > taken.max_bytes) return "big";
  // Some systems don't know heic by its type.
  const type = file.type || (/\.hei[cf]$/i.test(file.name) ? "image/heic" : "");
  return taken.types.includes(type) ? "" : "type";
}

export const megabytes = (bytes: number): number => Math.floor(bytes / (1024 * 1024));

/** 0.4MB, 812KB. */
export function sizeOf(bytes: number): string {
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))}KB`;
  return `${(bytes / (1024 * 1024)).toFixed(1)}MB`;
}

export interface Answer {
  /** 0: the server wasn't reached; -1: it was stopped. */
  status: number;
  body: unknown;
}

interface Hands {
  onShare(share: number): void;
  /** Given what stops it. */
  onStart?(stop: () => void): void;
}

/** The file as the body of a POST; `fetch` can't tell how far it got. Never rejects. */
export function postFile(address: string, token: string, file: File, hands: Hands): Promise<Answer> {
  const request = new XMLHttpRequest();
  hands.onStart?.(() => request.abort());
  return new Promise((resolve) => {
    request.upload.onprogress = ({ loaded, total }) => hands.onShare(total ? loaded / total : 0);
    request.onload = () => resolve({ status: request.status, body: parsed(request.responseText) });
    request.onerror = () => resolve({ status: 0, body: null });
    request.onabort = () => resolve({ status: -1, body: null });
    request.open("POST", address);
    request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.send(file);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
