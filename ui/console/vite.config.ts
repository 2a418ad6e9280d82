import react from "@vitejs/plugin-react"
import { defineConfig } from "vite"

export default defineConfig({
  base: "/console/",
  plugins: [react()],
  // The server writes a fresh nonce in place of this word on every request.
  html: { cspNonce: "__NONCE__" },
  server: { proxy: { "/v1": "http://127.0.0.1:8600" } },
  // The manifest tells a test what the first page loads.
  build: { target: "es2022", chunkSizeWarningLimit: 800, assetsInlineLimit: 0, manifest: true },
})
