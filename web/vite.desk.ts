/** The agents' desk: one page under /desk. */
import { defineConfig } from "vite";
import { STATIC, ownFolder, precompressed, proxy } from "./vite.shared.ts";

export default defineConfig({
  publicDir: false,
  plugins: [ownFolder("desk"), precompressed("desk", "desk/index.html")],
  server: { proxy },
  build: {
    outDir: STATIC,
    emptyOutDir: false,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: ["desk/index.html"],
      output: {
        entryFileNames: "desk/assets/[name]-[hash].js",
        chunkFileNames: "desk/assets/[name]-[hash].js",
        assetFileNames: "desk/assets/[name]-[hash][extname]",
      },
    },
  },
});
