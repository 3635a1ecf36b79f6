/** What the three builds share: where they write, and how each leaves only its own files behind. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

export const STATIC = resolve(import.meta.dirname, "../bot/server/static");
export const BACKEND = process.env.SANGDAM_BACKEND ?? "http://127.0.0.1:8080";

/** Hashed names never collide, so old ones would pile up; `emptyOutDir` would take the other builds' files too. */
export function ownFolder(...places: string[]): Plugin {
  return {
    name: "sangdam-own-folder",
    apply: "build",
    buildStart() {
      // The compressed twins too: one left behind by a build that broke off would be served instead of the new file.
      for (const place of places) rmSync(join(STATIC, place), { recursive: true, force: true });
    },
  };
}

/** A `.gz` beside each text file: the server hands it out as it is. */
export function precompressed(...places: string[]): Plugin {
  return {
    name: "sangdam-precompressed",
    apply: "build",
    closeBundle() {
      for (const place of places) compress(join(STATIC, place));
    },
  };
}

function compress(path: string): void {
  if (!existsSync(path)) return;
  if (/\.(js|css|html)$/.test(path)) {
    writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: constants.Z_BEST_COMPRESSION }));
  } else if (!/\.\w+$/.test(path)) {
    for (const name of readdirSync(path)) compress(join(path, name));
  }
}

/** For `vite` as a development server in front of a running `sangdam run`. */
export const proxy = {
  "/api": BACKEND,
  "/knowledge": BACKEND,
  "/document.css": BACKEND,
  "/socket.io": { target: BACKEND, ws: true },
  "/voice": { target: BACKEND, ws: true },
};
