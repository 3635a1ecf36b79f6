/** Files for the customer: chosen, dropped or pasted, looked at, and sent with the next press of send. */
import { FileText, Paperclip, X } from "lucide-preact";
import { useReducer, useRef } from "preact/hooks";
import { fileProblem, megabytes, sizeOf, type Taken } from "../../shared/upload";
import { usePreview } from "../attachment";
import { useDesk, useDeskState } from "../context";
import { t } from "../text";

interface Picked {
  key: number;
  file: File;
  /** Why it can't be sent; nothing if it can. */
  problem: string;
}

export interface Files {
  picked: Picked[];
  /** What this server takes; null: nothing. */
  taken: Taken | null;
  /** Whether anything is there that may leave. */
  sendable: boolean;
  add(files: File[]): void;
  remove(key: number): void;
  /** Those that may leave are on their way; the others stay, with the reason. */
  send(): void;
}

/** By case: what was picked waits while the agent is in another conversation. */
const waiting = new Map<string, Picked[]>();
let keys = 0;

export function useFiles(id: string, mayAttach: boolean): Files {
  const desk = useDesk();
  const taken = useDeskState((state) => state.options.uploads);
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const picked = waiting.get(id) ?? [];

  const keep = (files: Picked[]): void => {
    if (files.length) waiting.set(id, files);
    else waiting.delete(id);
    redraw(undefined);
  };

  return {
    picked,
    taken,
    sendable: mayAttach && picked.some(({ problem }) => !problem),
    add: (files) => {
      if (!taken) return;
      const more = files.map((file) => ({ key: (keys += 1), file, problem: problemOf(file, taken) }));
      keep([...(waiting.get(id) ?? []), ...more]);
      for (const { problem } of more) if (problem) desk.announcer?.alert(problem);
    },
    remove: (key) => keep((waiting.get(id) ?? []).filter((one) => one.key !== key)),
    send: () => {
      const all = waiting.get(id) ?? [];
      for (const { file, problem } of all) if (!problem) desk.sender.sendFile(id, file);
      keep(all.filter(({ problem }) => problem));
    },
  };
}

function problemOf(file: File, taken: Taken): string {
  const problem = fileProblem(file, taken);
  if (problem === "empty") return t("빈 파일은 보낼 수 없어요");
  if (problem === "big") return t("{n}MB까지 보낼 수 있어요", { n: megabytes(taken.max_bytes) });
  return problem ? t("이 형식은 보낼 수 없어요. 이미지나 PDF로 보내 주세요") : "";
}

export function AttachButton({ files }: { files: Files }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class="icon-btn tool" aria-label={t("파일 첨부")} title={t("파일 첨부")} onClick={() => input.current?.click()}>
        <Paperclip size={18} aria-hidden="true" />
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={files.taken?.types.join(",")}
        onChange={(event) => {
          files.add([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
    </>
  );
}

export function FileTray({ files }: { files: Files }) {
  if (!files.picked.length) return null;
  return (
    <ul class="file-tray" aria-label={t("보낼 파일")}>
      {files.picked.map((one) => (
        <Tile key={one.key} of={one} onRemove={() => files.remove(one.key)} />
      ))}
    </ul>
  );
}

function Tile({ of: { file, problem }, onRemove }: { of: Picked; onRemove: () => void }) {
  const address = usePreview(file);
  return (
    <li class={problem ? "wrong" : ""}>
      {address ? <img src={address} alt="" /> : <FileText size={20} aria-hidden="true" />}
      <div>
        <p class="file-name">{file.name}</p>
        <p class={problem ? "problem" : "size"}>{problem || sizeOf(file.size)}</p>
      </div>
      <button type="button" class="icon-btn small" aria-label={t("{name} 빼기", { name: file.name })} onClick={onRemove}>
        <X size={14} aria-hidden="true" />
      </button>
    </li>
  );
}
