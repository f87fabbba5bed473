// How long a slide takes at least: reading its notes aloud, looking at what it shows, voting, and
// waiting for what it runs. The minutes of a slide are never less, so that a rehearsal with a clock
// agrees with the agenda.

const WORDS = 140; // a minute, of somebody who is understood in the last row
const CHANGE = 3; // s from one slide to the next
const LOOK = { question: 8, predict: 30, answer: 5, picture: 8, full: 15, versus: 15, remember: 3 };
const LINE = 1.5; // s for a line of code or of a table that the room reads
const TYPE = 5; // s to type a command, or to paste it

// s until a command has shown what it is for, once it is built. The longest that fits wins.
const RUNS = [
  [/--example step1$/, 6],
  [/--example step7$/, 3],
  [/--example step8$/, 12],
  [/--example step9$/, 10],
  [/--example step10 -- --kill-one$/, 15],
  [/--example step10$/, 15],
  [/--example grinder/, 5],
  [/--bench serve_customers$/, 20],
  [/curl localhost:8080\/serve-customer/, 6],
  [/cargo workshop/, 0],
  [/./, 2],
];
// The second command of the step that serves one customer after another.
const SLOW = { "Step 2 · Run it": 18 };

const words = (text) => text.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").split(/\s+/).filter(Boolean).length;

function spoken(notes) {
  const said = notes.filter(({ label }) => label === "Say" || label === "Ask");
  return (said.reduce((sum, { said }) => sum + words(said), 0) / WORDS) * 60;
}

function run(slide) {
  const commands = [...slide.markdown.matchAll(/^\$ (.*)$/gm)].map(([, command]) => command);
  const waits = commands.map((command) => TYPE + RUNS.find(([pattern]) => pattern.test(command))[1]);
  return waits.reduce((sum, wait) => sum + wait, 0) + (SLOW[slide.title] ?? 0);
}

// `lines` is how many lines of code, output or table the slide shows.
export function seconds(slide, lines = 0) {
  const read = Math.min(25, lines * LINE);
  return CHANGE + spoken(slide.notes) + (LOOK[slide.class] ?? 0) + read + (slide.class === "demo" ? run(slide) : 0);
}
