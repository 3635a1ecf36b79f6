import { useEffect, useMemo, useState } from "preact/hooks";
import { createAnnouncer } from "../shared/announcer";
import { showCount } from "./alerts";
import { DeskContext, SettingsContext, useAfter, useDeskState } from "./context";
import { Desk } from "./controller";
import { loadSettings, saveSettings, type Settings } from "./drafts";
import { SignIn } from "./sign-in";
import { Workplace } from "./workplace";
import { speak, spoken, t } from "./text";

export function App() {
  const desk = useMemo(() => new Desk(), []);
  const [settings, setSettings] = useState(loadSettings);
  desk.settings = () => settings;
  // Before anything is rendered: texts are looked up while it is.
  if (spoken() !== settings.language) speak(settings.language);

  useEffect(() => {
    desk.announcer = createAnnouncer(document.body);
    showCount(0);
    void desk.restore();
    return () => desk.announcer?.destroy();
  }, [desk]);

  useEffect(() => {
    const { dataset } = document.documentElement;
    if (settings.theme === "auto") delete dataset.theme;
    else dataset.theme = settings.theme;
    dataset.density = settings.density;
    document.documentElement.lang = settings.language;
  }, [settings]);

  const change = (part: Partial<Settings>): void => {
    const next = { ...settings, ...part };
    saveSettings(next);
    setSettings(next);
  };

  return (
    <DeskContext.Provider value={desk}>
      <SettingsContext.Provider value={{ settings, change }}>
        <Gate key={settings.language} />
      </SettingsContext.Provider>
    </DeskContext.Provider>
  );
}

function Gate() {
  const user = useDeskState((state) => state.user !== null);
  const restoring = useDeskState((state) => state.restoring);
  const slow = useAfter(restoring);
  if (user) return <Workplace />;
  if (!restoring) return <SignIn />;
  return slow ? (
    <main class="restoring">
      <p role="status">{t("상담석을 여는 중이에요")}</p>
    </main>
  ) : null;
}
