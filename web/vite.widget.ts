/** The embeddable chat: `widget.js`, a classic script, which imports a hashed module from its own origin. */
import { defineConfig } from "vite";
import { STATIC, ownFolder, precompressed } from "./vite.shared";

export default defineConfig({
  base: "./",
  publicDir: false,
  plugins: [ownFolder("widget"), precompressed("widget.js", "widget")],
  build: {
    outDir: STATIC,
    emptyOutDir: false,
    target: "es2022",
    modulePreload: false,
    reportCompressedSize: true,
    rolldownOptions: {
      input: { widget: "src/widget/loader.ts" },
      output: {
        format: "es",
        entryFileNames: "widget.js",
        chunkFileNames: "widget/assets/[name]-[hash].js",
        assetFileNames: "widget/assets/[name]-[hash][extname]",
        // A classic script shares its top level with the whole page; the loader must leave no name there.
        postBanner: (chunk) => (chunk.isEntry ? "(()=>{" : ""),
        postFooter: (chunk) => (chunk.isEntry ? "})();" : ""),
      },
    },
  },
});
