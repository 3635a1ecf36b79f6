/** Files on their way, above the composer: what they are, how far they got, and a way out of each. */
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Chat } from "../chat";
import { Icon } from "../icons";
import { TEXT } from "../texts";
import styles from "./files.css?inline";
import { type Upload, newUpload, send, sizeOf } from "./uploads";

export { styles };

interface Props {
  chat: Chat;
  /** Files that were just chosen, dropped or pasted. */
  picked: File[];
}

export default function Uploads({ chat, picked }: Props): JSX.Element | null {
  const [uploads, setUploads] = useState<Upload[]>([]);
  const seen = useRef<File[] | null>(null);

  const change = (id: string, part: Partial<Upload>): void =>
    setUploads((now) => now.map((upload) => (upload.id === id ? Object.assign(upload, part) : upload)));
  const drop = (id: string): void => setUploads((now) => now.filter((upload) => upload.id !== id));

  const begin = async (upload: Upload): Promise<void> => {
    change(upload.id, { problem: "", share: 0, again: false });
    try {
      const ack = await send(upload, chat, (share) => change(upload.id, { share }));
      chat.fileSent(upload.id, ack.seq, ack.attachment);
      drop(upload.id);
    } catch (error) {
      const { message, again } = error as Error & { again: boolean };
      if (!message) return drop(upload.id);
      change(upload.id, { problem: message, again });
      chat.announce.alert(message);
    }
  };

  useEffect(() => {
    if (seen.current === picked || !chat.uploads) return;
    seen.current = picked;
    const made = picked.map((file) => newUpload(file, chat.uploads as NonNullable<Chat["uploads"]>));
    setUploads((now) => [...now, ...made]);
    for (const upload of made) {
      if (upload.problem) chat.announce.alert(upload.problem);
      else void begin(upload);
    }
  }, [picked]);

  if (!uploads.length) return null;
  return (
    <ul class="uploads" aria-label={TEXT.filesOnTheWay}>
      {uploads.map((upload) => (
        <Row
          key={upload.id}
          upload={upload}
          onAgain={() => void begin(upload)}
          onDrop={() => {
            upload.stop();
            drop(upload.id);
          }}
        />
      ))}
    </ul>
  );
}

function Row({ upload, onAgain, onDrop }: { upload: Upload; onAgain: () => void; onDrop: () => void }): JSX.Element {
  const { file, problem, share } = upload;
  const percent = Math.round(share * 100);
  return (
    <li class={problem ? "wrong" : ""}>
      <Thumbnail file={file} />
      <div class="about-file">
        <p class="file-name">{file.name}</p>
        {problem ? (
          <p class="problem">{problem}</p>
        ) : (
          <p>
            {sizeOf(file.size)} · {percent}%
          </p>
        )}
        {problem ? null : <progress max={100} value={percent} aria-label={TEXT.sendingFile(file.name)} />}
      </div>
      {upload.again ? (
        <button type="button" class="again" onClick={onAgain}>
          {TEXT.retry}
        </button>
      ) : null}
      <button
        type="button"
        class="icon-button"
        aria-label={problem ? TEXT.removeFile(file.name) : TEXT.cancelFile(file.name)}
        onClick={onDrop}
      >
        <Icon name="close" size={16} />
      </button>
    </li>
  );
}

function Thumbnail({ file }: { file: File }): JSX.Element {
  const address = useMemo(() => (file.type.startsWith("image/") ? URL.createObjectURL(file) : ""), [file]);
  useEffect(() => () => URL.revokeObjectURL(address), [address]);
  return address ? (
    <img src={address} alt="" />
  ) : (
    <span class="thumb">
      <Icon name="document" />
    </span>
  );
}
