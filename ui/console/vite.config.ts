import react from "@vitejs/plugin-react"
import { defineConfig } from "vite"

export default defineConfig({
  base: "/console/",
  plugins: [react()],
  // The server writes a fresh nonce in place of this word on every request.
  html: { cspNonce: "__NONCE__" },
  server: { proxy: { "/v1": "http://127.0.0.1:8600" } },
  // The manifest tells a test what the first page loads.
  build: {
    target: "es2022",
    chunkSizeWarningLimit: 800,
    assetsInlineLimit: 0,
    manifest: true,
    // What nearly every page needs comes in few files: a browser asks an HTTP/1.1 server for six at a time.
    rolldownOptions: {
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            { name: "early", test: /preload-helper|[\\/]src[\\/]lib[\\/]early/, priority: 2 },
            { name: "ours", test: /[\\/]src[\\/](lib|parts)[\\/](?!search|table|board|listtable|nameview|savedviews|tabletools)/, minShareCount: 3 },
            { name: "base", test: /node_modules[\\/](react|react-dom|scheduler|react-router|@tanstack|i18next|react-i18next|openapi-fetch)[\\/]/ },
          ],
        },
      },
    },
  },
})
