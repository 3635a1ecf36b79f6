/** The embeddable chat: `widget.js`, a classic script, and the modules that it imports from its own origin. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { type Plugin, build, defineConfig } from "vite";
import { STATIC, ownFolder, precompressed } from "./vite.shared.ts";

/** Nothing is preloaded here, and the stock helper is bigger than what it would load for us. */
function noPreload(): Plugin {
  return {
    name: "sangdam-no-preload",
    enforce: "pre",
    load: (id) => (id.includes("vite/preload-helper") ? "export const __vitePreload = (load) => load();" : null),
  };
}

/** Built after the panel, whose hashed name it must know; by itself, as a classic script can share no module. */
function loader(): Plugin {
  return {
    name: "sangdam-loader",
    async writeBundle(_, bundle) {
      const panel = Object.values(bundle).find((file) => file.type === "chunk" && file.isEntry);
      if (!panel) throw new Error("the panel was not built");
      await build({
        configFile: false,
        publicDir: false,
        logLevel: "warn",
        define: { __PANEL__: JSON.stringify(panel.fileName) },
        build: {
          outDir: STATIC,
          emptyOutDir: false,
          target: "es2022",
          rolldownOptions: {
            input: resolve("src/widget/loader.ts"),
            output: { format: "iife", entryFileNames: "widget.js" },
          },
        },
      });
    },
  };
}

const KB = 1024;
const LOADER = 3 * KB;
const FIRST_OPEN = 35 * KB;

/** What a visitor's browser fetches for the launcher, and until the panel stands; bytes as sent, after gzip. */
function budget(): Plugin {
  let panel: string[] = [];
  const size = (name: string): number => gzipSync(readFileSync(join(STATIC, name)), { level: 9 }).length;
  return {
    name: "sangdam-budget",
    writeBundle(_, bundle) {
      panel = Object.values(bundle).flatMap((file) =>
        file.type === "chunk" && file.isEntry ? [file.fileName, ...file.imports] : [],
      );
    },
    closeBundle() {
      const loader = size("widget.js");
      const first = panel.reduce((sum, name) => sum + size(name), loader);
      console.log(`widget: loader ${loader} B of ${LOADER}, first open ${first} B of ${FIRST_OPEN} (gzip)`);
      // gzip differs by some bytes between versions of zlib.
      if (loader > LOADER * 1.05 || first > FIRST_OPEN) throw new Error("the widget has outgrown its budget");
    },
  };
}

export default defineConfig({
  base: "./",
  publicDir: false,
  plugins: [ownFolder("widget", "widget.js", "widget.js.gz"), noPreload(), loader(), precompressed("widget.js", "widget"), budget()],
  worker: {
    format: "es",
    rolldownOptions: { output: { entryFileNames: "widget/assets/[name]-[hash].js" } },
  },
  build: {
    outDir: STATIC,
    emptyOutDir: false,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: false,
    rolldownOptions: {
      input: { panel: "src/widget/panel.tsx" },
      preserveEntrySignatures: "allow-extension",
      output: {
        entryFileNames: "widget/assets/[name]-[hash].js",
        chunkFileNames: "widget/assets/[name]-[hash].js",
        assetFileNames: "widget/assets/[name]-[hash][extname]",
      },
    },
  },
});
