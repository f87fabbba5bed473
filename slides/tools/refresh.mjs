// `npm run figures`: writes each figure of the deck as its file has it.

import { readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { partFiles } from "./deck.mjs";
import { refreshed } from "./figures.mjs";

for (const path of partFiles()) {
  const text = readFileSync(path, "utf8");
  const fresh = refreshed(text);
  if (fresh !== text) {
    writeFileSync(path, fresh);
    console.log(`written anew: ${relative(process.cwd(), path)}`);
  }
}
