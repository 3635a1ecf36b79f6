/** Files of the conversation, customers' and ours: fetched with the agent's token, a picture shown, anything else to be saved. */
import { FileText } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import { wordsOf } from "./api";
import { useDesk } from "./context";
import type { SentFile } from "./types";
import { t } from "./text";

/** A file of mine on its way. */
export function LeavingFile({ file, share }: { file: File; share: number }) {
  const address = usePreview(file);
  return (
    <div class="attachment leaving">
      {address ? <img src={address} alt={file.name} /> : <FileText size={16} aria-hidden="true" />}
      {!address && <span>{file.name}</span>}
      <progress max={1} value={share} aria-label={t("{name} 보내는 중", { name: file.name })} />
    </div>
  );
}

/** An address of the picture within this page; nothing for other files. */
export function usePreview(file: File): string {
  const [address, setAddress] = useState("");
  useEffect(() => {
    if (!file.type.startsWith("image/")) return;
    const made = URL.createObjectURL(file);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return address;
}

export function Attachment({ file, caseId }: { file: SentFile; caseId: string }) {
  const { api } = useDesk();
  const picture = file.media_type.startsWith("image/");
  const [address, setAddress] = useState("");
  const [problem, setProblem] = useState("");

  useEffect(() => {
    if (!picture) return;
    let made = "";
    let gone = false;
    api.file(caseId, file.id).then(
      (blob) => {
        made = URL.createObjectURL(blob);
        if (gone) URL.revokeObjectURL(made);
        else setAddress(made);
      },
      (error: unknown) => setProblem(wordsOf(error)),
    );
    return () => {
      gone = true;
      URL.revokeObjectURL(made);
    };
  }, [caseId, file.id]);

  const save = async (): Promise<void> => {
    try {
      const found = address || URL.createObjectURL(await api.file(caseId, file.id));
      const link = document.createElement("a");
      link.href = found;
      link.download = file.name;
      link.click();
      if (!address) setTimeout(() => URL.revokeObjectURL(found), 1000);
    } catch (error) {
      setProblem(wordsOf(error));
    }
  };

  return (
    <button type="button" class="attachment" title={t("{name} 내려받기", { name: file.name })} onClick={() => void save()}>
      {address ? <img src={address} alt={file.name} /> : null}
      {address ? null : <FileText size={16} aria-hidden="true" />}
      {address ? null : <span>{file.name}</span>}
      {problem ? <span class="failed">{problem}</span> : null}
    </button>
  );
}
