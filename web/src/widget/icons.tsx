/** Icons drawn here, 20 px with a 1.75 stroke: a dozen shapes cost less than a library's loader. */
import type { JSX } from "preact";

const PATHS = {
  close: "M5 5l10 10M15 5L5 15",
  send: "M10 16V4M10 4l-5 5M10 4l5 5",
  plus: "M10 4v12M4 10h12",
  person: "M10 10a3.2 3.2 0 100-6.4 3.2 3.2 0 000 6.4zM3.8 16.6a6.2 6.2 0 0112.4 0",
  bot: "M5 7.5h10a1.5 1.5 0 011.5 1.5v5a1.5 1.5 0 01-1.5 1.5H5A1.5 1.5 0 013.5 14V9A1.5 1.5 0 015 7.5zM10 7.5V4.5M7.5 11v1M12.5 11v1",
  wider: "M12 3.5h4.5V8M8 16.5H3.5V12M16.5 3.5l-5 5M3.5 16.5l5-5",
  narrower: "M16 8.5h-4.5V4M4 11.5h4.5V16M11.5 8.5l5-5M8.5 11.5l-5 5",
  mic: "M10 12.5A2.5 2.5 0 0012.5 10V5.5a2.5 2.5 0 00-5 0V10a2.5 2.5 0 002.5 2.5zM5 9.5a5 5 0 0010 0M10 14.5V17",
  micOff: "M12.5 9.5V5.5a2.5 2.5 0 00-4.6-1.3M7.5 8v2a2.5 2.5 0 003.6 2.2M5 9.5a5 5 0 007.7 4.2M15 9.5a5 5 0 01-.3 1.7M10 14.5V17M4 3l12 13",
  phone:
    "M7.2 3.5H4.8c-.8 0-1.4.7-1.3 1.5.6 6 5 10.6 11.5 11.5.8.1 1.5-.5 1.5-1.3v-2.4l-3.5-1.3-1.5 1.7A10 10 0 017 8.5L8.5 7z",
  clock: "M10 16.5a6.5 6.5 0 100-13 6.5 6.5 0 000 13zM10 6.5V10l2.5 1.5",
  check: "M4.5 10.5l3.5 3.5 7.5-8",
  checks: "M2 10.5L5.5 14l7-8M9.5 13l1 1 7.5-8",
  alert: "M10 6.5V11M10 13.8v.1M10 16.8a6.8 6.8 0 100-13.6 6.8 6.8 0 000 13.6z",
  up: "M7 17V9l3.2-6c1.2 0 2 .9 2 2.1L11.8 8H15a1.5 1.5 0 011.5 1.8l-1 5.5A2 2 0 0113.5 17zM7 9H4v8h3",
  down: "M13 3v8l-3.2 6c-1.2 0-2-.9-2-2.1L8.2 12H5a1.5 1.5 0 01-1.5-1.8l1-5.5A2 2 0 016.5 3zM13 11h3V3h-3",
  arrowDown: "M10 4v12M5 11l5 5 5-5",
  left: "M12 5l-5 5 5 5",
  right: "M8 5l5 5-5 5",
  open: "M11.5 4H16v4.5M16 4l-7 7M14 11.5V15a1 1 0 01-1 1H5a1 1 0 01-1-1V7a1 1 0 011-1h3.5",
  document: "M6 3.5h5.5L15 7v9a.8.8 0 01-.8.8H6a.8.8 0 01-.8-.8V4.3A.8.8 0 016 3.5zM11.5 3.5V7H15M7.8 10.5h4.4M7.8 13.3h4.4",
  picture: "M4.5 4h11A1.5 1.5 0 0117 5.5v9a1.5 1.5 0 01-1.5 1.5h-11A1.5 1.5 0 013 14.5v-9A1.5 1.5 0 014.5 4zM3.5 14l4-4 3 3 2-2 4 4M12.5 7.5v.1",
  camera: "M4.5 6.5h2l1.2-2h4.6l1.2 2h2A1.5 1.5 0 0117 8v6.5a1.5 1.5 0 01-1.5 1.5h-11A1.5 1.5 0 013 14.5V8a1.5 1.5 0 011.5-1.5zM10 13.5a2.7 2.7 0 100-5.4 2.7 2.7 0 000 5.4z",
  save: "M10 4v8.5M6.5 9.5l3.5 3.5 3.5-3.5M4 16.5h12",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }): JSX.Element {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
