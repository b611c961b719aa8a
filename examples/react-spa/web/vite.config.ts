import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** In development the API is the local stack of the repository: `npm start`. */
const API = "http://localhost:3000";

export default defineConfig({
  plugins: [react()],
  server: { proxy: { "/login": API, "/logout": API, "/session": API } },
});
