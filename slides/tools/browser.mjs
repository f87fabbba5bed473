// Where this system keeps a browser that can print and take pictures.

import { execFileSync } from "node:child_process";

export function browser() {
  if (process.env.CHROME_PATH) return process.env.CHROME_PATH;
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    try {
      return execFileSync("which", [name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    } catch {
      // The next one, then.
    }
  }
  return null; // Marp looks where this system keeps its browsers.
}
