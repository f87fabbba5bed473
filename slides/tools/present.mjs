// `npm start`: presents the deck on this machine. The deck is built once, and again when something that
// it shows has changed, so that a change of a slide or of the code is a reload away, and a load of the
// page builds nothing. `npm start -- talk` shows the slides of the talk.

import { createServer } from "node:http";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { build } from "./build.mjs";
import { formatNamed } from "./deck.mjs";
import { SLIDES } from "./figures.mjs";
import { inputs } from "./include.mjs";

const LOOK = 500; // ms between two looks at the files
const port = Number(process.env.PORT ?? 8090);
if (!Number.isInteger(port) || port < 0 || port > 65535) {
  console.error(`error: ${process.env.PORT} is no port. Try another: PORT=8091 npm start`);
  process.exit(1);
}
let format;
try {
  format = formatNamed(process.argv[2] ?? "full-day");
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exit(1);
}

// What tells one state of the files from another: the times of the parts, the theme, the figures and
// all that the last build has included.
function state() {
  const within = (folder) => readdirSync(join(SLIDES, folder)).map((name) => join(SLIDES, folder, name));
  const files = [...within("."), ...within("theme"), ...within("figures"), ...inputs];
  return files.map((file) => `${file} ${statSync(file, { throwIfNoEntry: false })?.mtimeMs}`);
}

let built = { state: "", page: "", status: 500, type: "text/plain" };
let building = null;

// The page for the files as they are now. One build at a time; a change during a build begins another.
function current() {
  if (building) return building.then(current);
  if (built.state === state().join()) return built;
  building = again().finally(() => (building = null));
  return building.then(() => built);
}

async function again() {
  const before = state();
  const result = await outcome();
  // Only a build finds out which files it includes, so the state is the one after it, unless one of
  // those known before has changed meanwhile.
  const after = state();
  const settled = before.every((line) => after.includes(line));
  built = { ...result, state: settled ? after.join() : "" };
}

async function outcome() {
  try {
    const { html } = await build(format, { pdf: false });
    return { page: readFileSync(html), status: 200, type: "text/html" };
  } catch (error) {
    return { page: `The deck does not build.\n\n${error.message}\n`, status: 500, type: "text/plain" };
  }
}

const server = createServer(async (request, response) => {
  if (!/^\/(\?|$)/.test(request.url)) return response.writeHead(404).end();
  const { page, status, type } = await current();
  response.writeHead(status, { "content-type": `${type}; charset=utf-8`, "cache-control": "no-store" }).end(page);
});
server.on("error", (error) => {
  const taken = error.code === "EADDRINUSE";
  console.error(`error: ${taken ? `port ${port} is taken. Try another: PORT=8091 npm start` : error.message}`);
  process.exit(1);
});
server.listen(port, "localhost", async () => {
  await current();
  console.log(`\nThe deck is on http://localhost:${server.address().port}\n
  p       presenter view, in a window of its own: notes, the next slide, a clock
  f       the whole screen
  d       light or dark
  Ctrl-C  here, to end\n`);
  setInterval(current, LOOK).unref();
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(0));
