/** The pages of ours that customers see: the demo bank and the messenger that plays KakaoTalk. */
import { defineConfig } from "vite";
import { STATIC, ownFolder, precompressed, proxy } from "./vite.shared.ts";

export default defineConfig({
  publicDir: "public",
  plugins: [ownFolder("assets", "index.html.gz", "kakao.html.gz"), precompressed("index.html", "kakao.html", "assets")],
  server: { proxy },
  build: {
    outDir: STATIC,
    emptyOutDir: false,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: ["index.html", "kakao.html"],
      output: {
        entryFileNames: "assets/[name]-[hash].js",
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
      },
    },
  },
});
