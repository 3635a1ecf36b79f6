/** A file of the customer's own, fetched with the token: a picture is shown, anything else can be saved. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Icon } from "../icons";
import type { SentFile as File } from "../protocol";
import { TEXT } from "../texts";
import styles from "./files.css?inline";
import { sizeOf } from "./uploads";

export { styles };

interface Props {
  file: File;
  origin: string;
  token: string;
}

async function fetched({ file, origin, token }: Props): Promise<string> {
  const address = `${origin}/api/chat/files/${encodeURIComponent(file.id)}`;
  const response = await fetch(address, { headers: { Authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Error(String(response.status));
  return URL.createObjectURL(await response.blob());
}

export default function SentFile(props: Props): JSX.Element {
  const { file } = props;
  const picture = file.media_type.startsWith("image/");
  const [address, setAddress] = useState("");
  const [hidden, setHidden] = useState(false);

  useEffect(() => {
    if (!picture) return;
    let made = "";
    let gone = false;
    fetched(props).then(
      (found) => {
        made = found;
        if (gone) URL.revokeObjectURL(found);
        else setAddress(found);
      },
      () => setHidden(true),
    );
    return () => {
      gone = true;
      URL.revokeObjectURL(made);
    };
  }, [file.id]);

  const save = async (): Promise<void> => {
    const found = address || (await fetched(props).catch(() => ""));
    if (!found) return setHidden(true);
    const link = document.createElement("a");
    link.href = found;
    link.download = file.name;
    link.click();
    if (!address) setTimeout(() => URL.revokeObjectURL(found), 1000);
  };

  const shown = picture && address !== "" && !hidden;
  // Words that are seen are the name by which the button is called; a picture has none.
  const label = shown ? { "aria-label": TEXT.saveFile(file.name) } : {};
  return (
    <button type="button" class="sent-file" title={TEXT.saveFile(file.name)} {...label} onClick={() => void save()}>
      {shown ? (
        <img src={address} alt={file.name} onError={() => setHidden(true)} />
      ) : (
        <>
          <Icon name="document" />
          <span>
            <span class="file-name">{file.name}</span>
            <span class="size">{hidden ? TEXT.fileGone : sizeOf(file.size)}</span>
          </span>
        </>
      )}
    </button>
  );
}
