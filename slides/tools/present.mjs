// `npm start`: presents the deck on this machine. Every load of the page builds it anew, so a change
// of a slide or of the code is a reload away. `npm start -- talk` shows the slides of the talk.

import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { build } from "./build.mjs";
import { FORMATS } from "./deck.mjs";

const format = process.argv[2] ?? "full-day";
const port = Number(process.env.PORT ?? 8090);
if (!Number.isInteger(port) || port < 0 || port > 65535) {
  console.error(`error: ${process.env.PORT} is no port. Try another: PORT=8091 npm start`);
  process.exit(1);
}
if (!FORMATS.some(({ name }) => name === format)) {
  console.error(`error: there is no format ${format}. Try one of: ${FORMATS.map(({ name }) => name).join(", ")}`);
  process.exit(1);
}

let last = Promise.resolve();
const built = () => (last = last.catch(() => {}).then(() => build(format, { pdf: false })));

const server = createServer(async (request, response) => {
  if (!/^\/(\?|$)/.test(request.url)) return response.writeHead(404).end();
  try {
    const { html } = await built();
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(readFileSync(html));
  } catch (error) {
    response.writeHead(500, { "content-type": "text/plain; charset=utf-8" }).end(`The deck does not build.\n\n${error.message}\n`);
  }
});
server.on("error", (error) => {
  const taken = error.code === "EADDRINUSE";
  console.error(`error: ${taken ? `port ${port} is taken. Try another: PORT=8091 npm start` : error.message}`);
  process.exit(1);
});
server.listen(port, "localhost", () => {
  console.log(`\nThe deck is on http://localhost:${server.address().port}\n
  p       presenter view, in a window of its own: notes, the next slide, a clock
  f       the whole screen
  d       light or dark
  Ctrl-C  here, to end\n`);
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(0));
