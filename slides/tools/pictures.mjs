// `npm run pictures`: draws the pictures of the part on load and of the answers, from the figures and the
// manifest. `-- --check` fails when one of them is not current.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { admission } from "./drawings/admission.mjs";
import { cup } from "./drawings/cup.mjs";
import { drain, rollout } from "./drawings/ending.mjs";
import { levers, pods } from "./drawings/levers.mjs";
import { reactor } from "./drawings/reactor.mjs";
import { wall } from "./drawings/wall.mjs";
import { SLIDES } from "./figures.mjs";

export const DRAWINGS = { admission, cup, drain, levers, pods, reactor, rollout, wall };

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const check = process.argv.includes("--check");
  for (const [name, draw] of Object.entries(DRAWINGS)) {
    const path = join(SLIDES, "pictures", `${name}.svg`);
    const drawn = draw();
    if (!check) writeFileSync(path, drawn);
    else if (readFileSync(path, "utf8") !== drawn) {
      console.error(`error: slides/pictures/${name}.svg is not current: npm run pictures`);
      process.exitCode = 1;
    }
  }
}
