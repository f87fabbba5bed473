// What the build refuses. Each test breaks a deck in one way.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { Marp } from "@marp-team/marp-core";
import { checked } from "./build.mjs";
import { assembled, FORMATS, part, parts, slidesOf } from "./deck.mjs";
import { figure, refreshed, SLIDES } from "./figures.mjs";
import { guide } from "./guide.mjs";
import { include } from "./include.mjs";
import { decided } from "./drawings/admission.mjs";
import { rolled } from "./drawings/ending.mjs";
import { misnamed } from "./names.mjs";
import { DRAWINGS } from "./pictures.mjs";
import { typedFigures } from "./prose.mjs";
import { diff, hunks, region } from "./regions.mjs";
import { commands, knows, walk } from "./walk.mjs";

const NOTES = "Say: a.\nAsk: b?\nDemo: c.\nWatch out: d.";
const slide = (body = "Words.", notes = `Minutes: 1 / 2 / 3\n\n${NOTES}`) => `## Title\n\n${body}\n\n<!--\n${notes}\n-->\n`;
const deck = (slides, budget = "9 / 9 / 9", name = "00-test.md") => part(`---\ntitle: T\nbudget: ${budget}\n---\n\n${slides.join("\n---\n\n")}`, name);
const refuses = (body, pattern) => assert.throws(() => checked([deck([slide(body)])]), pattern);

test("the deck itself is in order", () => {
  const all = parts();
  checked(all);
  assert.ok(all.flatMap(({ slides }) => slides).length > 50);
  const studies = all.some(({ kind }) => kind === "study");
  for (const { name } of FORMATS) {
    if (name === "case-studies" && !studies) assert.throws(() => assembled(all, name), /no part has a slide for case studies/);
    else assert.ok(assembled(all, name).includes("theme: coffee"), name);
  }
});

test("a slide without minutes, notes or a heading is refused", () => {
  assert.throws(() => deck([slide("Words.", NOTES)]), /one comment that begins with Minutes/);
  assert.throws(() => deck([slide("Words.", `Minutes: 1 / 2\n\n${NOTES}`)]), /minutes are like/);
  assert.throws(() => deck([slide("Words.", `Minutes: - / - / -\n\n${NOTES}`)]), /no time in any format/);
  for (const label of ["Say", "Ask", "Demo", "Watch out"]) {
    const notes = NOTES.split("\n").filter((line) => !line.startsWith(label)).join("\n");
    assert.throws(() => deck([slide("Words.", `Minutes: 1 / 2 / 3\n\n${notes}`)]), new RegExp(`${label} is missing`));
  }
  assert.throws(() => deck([slide().replace("## Title", "Title")]), /a slide has a heading/);
});

test("minutes add up, and more than the budget is refused", () => {
  assert.deepEqual(deck([slide(), slide()]).total, [2, 4, 6, 0]);
  assert.throws(() => deck([slide(), slide()], "9 / 9 / 5"), /00-test.md: 6 minutes in the full-day workshop, but its budget is 5/);
});

test("the guide's agenda is what the minutes add up to", () => {
  const text = "a\n<!-- agenda: npm run guide writes it -->\nold\n<!-- end of the agenda -->\nz\n";
  const fresh = guide(text, [deck([slide(), slide()])]);
  assert.match(fresh, /\| \[T\]\(00-test.md\) \| 2 min of 9, 2 slides \| 4 min of 9, 2 slides \| 6 min of 9, 2 slides \|/);
  assert.equal(guide(fresh, [deck([slide(), slide()])]), fresh);
  assert.notEqual(guide(fresh, [deck([slide()])]), fresh);
  assert.throws(() => guide(text, [deck([slide()], "91 / 9 / 9")]), /budgets of 91 minutes for the 90-minute talk of 90/);
  assert.throws(() => guide("nothing", [deck([slide()])]), /place of the agenda is missing/);
});

test("a slide that a format leaves out is not in it", () => {
  const all = [deck([slide("First."), slide("Second.", `Minutes: - / 2 / 3\n\n${NOTES}`)])];
  assert.ok(!assembled(all, "talk").includes("Second."));
  assert.ok(assembled(all, "half-day").includes("Second."));
});

test("several case studies are a format of their own, and what the room asks is in every format", () => {
  const [one, other] = ["08-one.md", "08-other.md"].map((name) => deck([slide(`Of ${name}.`, `Minutes: 5\n\n${NOTES}`)], "6", name));
  const lesson = deck([slide("Lesson.")]);
  const asked = deck([slide("Asked.", `Minutes: 2\n\n${NOTES}`)], "9", "10-questions.md");
  const all = [lesson, one, other, asked];
  assert.deepEqual(one.total, [0, 0, 0, 5]);
  for (const [format, shows, leaves] of [["case-studies", ["08-one", "08-other", "Asked."], ["Lesson."]], ["talk", ["Lesson.", "Asked."], ["08-one"]]]) {
    const text = assembled(all, format);
    for (const words of shows) assert.ok(text.includes(words), `${format}: ${words}`);
    for (const words of leaves) assert.ok(!text.includes(words), `${format}: ${words}`);
  }
  assert.deepEqual(slidesOf(all, "case-studies").map(({ begins }) => begins), [0, 5, null]);
  assert.match(guide("<!-- agenda: npm run guide writes it -->\n<!-- end of the agenda -->", all), /\| case study \| minutes \|[\s\S]*08-other.md/);
  assert.throws(() => deck([slide("Words.", `Minutes: 1 / 2 / 3\n\n${NOTES}`)], "6", "08-one.md"), /minutes are like 1, for case-studies/);
});

test("a prediction without an answer is refused, and an answer that it does not offer", () => {
  const predict = `<!-- _class: predict -->\n\n## P\n\n1. One\n2. Other\n\n<!--\nMinutes: 1 / 2 / 3\n\n${NOTES}\n-->\n`;
  const answer = (body, minutes = "1 / 2 / 3") => `<!-- _class: answer -->\n\n## A\n\n${body}\n\n<!--\nMinutes: ${minutes}\n\n${NOTES}\n-->\n`;
  deck([predict, slide(), answer("**B** Other")]);
  deck([predict, answer("**A and B** Both")]);
  assert.throws(() => deck([predict, slide()]), /slide 1: the prediction has no answer/);
  assert.throws(() => deck([predict, predict, answer("**A** One")]), /slide 1: the prediction has no answer/);
  assert.throws(() => deck([predict, answer("One, of course")]), /begins with the letter/);
  assert.throws(() => deck([predict, answer("**C** None")]), /has 2 choices, and none is C/);
  assert.throws(() => deck([predict, answer("**B** Other", "- / 2 / 3")]), /the 90-minute talk asks for the prediction and leaves out its answer/);
});

test("a note names slides, tests and files that are there", () => {
  const noted = (said) => {
    const all = deck([slide("Words.", `Minutes: 1 / 2 / 3\n\n${NOTES.replace("Demo: c.", `Demo: ${said}`)}`)]).slides;
    return misnamed(all[0], all);
  };
  for (const wrong of ["Go back two slides.", "Go three slides back.", "Read the first test.", "Show the last slide.", "Twice, or ten times the load.", 'Open the slide "Nowhere".', "Run a_test_that_is_not_there.", "Open crates/nowhere.rs.", "Show nothing.svg."]) {
    assert.notDeepEqual(noted(wrong), [], wrong);
  }
  for (const right of ['Open the slide "Title".', "Run a_dropped_join_set_stops_its_coffees.", "Open crates/steps/joined/src/lib.rs, or waiting.svg.", "Nothing."]) {
    assert.deepEqual(noted(right), [], right);
  }
});

test("minutes in which a slide cannot be told are refused", () => {
  const long = slide("Words.", `Minutes: 0.5 / 2 / 3\n\n${NOTES.replace("Say: a.", `Say: ${"word ".repeat(120)}`)}`);
  assert.throws(() => checked([deck([long])]), /0.5 minutes do not hold: reading, looking and running take \d+ s/);
});

test("the pictures are current, and the models in them can lose an order", () => {
  for (const [name, draw] of Object.entries(DRAWINGS)) {
    assert.equal(readFileSync(join(SLIDES, "pictures", `${name}.svg`), "utf8"), draw(), `${name}: npm run pictures`);
  }
  assert.equal(rolled().lost, 0);
  assert.ok(rolled({ withdrawn: 0, delay: 0 }).lost > 0);
  assert.deepEqual(decided([5, 4, 20, 2, 6, 3, 7, 2], 12, 3), { inside: [5, 4, 2], waiting: [6, 3, 7], never: [20], later: [2], free: 1 });
});

test("code is included by the name of an item, and only so", () => {
  const rust = "/// Docs.\n#[test]\nfn a() {\n    \"}\"; // }\n}\nstruct B;\nimpl B {\n    fn c(&self) {\n        1\n    }\n}\nfn d() {}\nfn d() {}\n";
  assert.equal(region(rust, "a", "x.rs"), '#[test]\nfn a() {\n    "}"; // }\n}');
  assert.equal(region(rust, "B::c", "x.rs"), "fn c(&self) {\n    1\n}");
  assert.equal(region(rust, "B", "x.rs"), "struct B;");
  assert.throws(() => region(rust, "missing", "x.rs"), /x.rs has no region missing/);
  assert.throws(() => region(rust, "d", "x.rs"), /has 2 regions d/);
  assert.throws(() => region("", "", "x.rs"), /is empty/);
  assert.throws(() => region("# region: r\n\n# endregion\n", "r", "x.sh"), /region r of x.sh is empty/);
  assert.equal(region("# region: r\n  a\n# endregion\nb\n", "r", "x.sh"), "a");
  assert.equal(region("a:\n  b:\n    c: 1\n  d: 2\n", "a.b", "x.yaml"), "b:\n  c: 1");
  const docker = "FROM a AS build\n# why\nRUN x\n\nFROM scratch\nLABEL b=1 \\\n  c=2\nCOPY d\n";
  assert.equal(region(docker, "build", "Dockerfile"), "FROM a AS build\nRUN x");
  assert.equal(region(docker, "scratch", "Dockerfile"), "FROM scratch\nCOPY d");
  assert.throws(() => region(docker, "nothing", "Dockerfile"), /has no region nothing/);
  refuses("[x](../crates/steps/joined/src/lib.rs#nothing \"code\")", /00-test.md, slide 1: .*has no region nothing/);
  refuses("[x](../crates/steps/joined/src/lib.rs#serve \"code\")", /must name crates\/steps\/joined\/src\/lib.rs in its text/);
  refuses("[x](../crates/nowhere.rs#serve \"code\")", /there is no file/);
  refuses("[x](../crates/steps/joined/src/lib.rs#serve \"kode\")", /nothing that could be included/);
});

test("what was printed is included by section", () => {
  const text = "Head\n\n1 s\nTook 1 s\n\n0 s\nanswer 1 s\n\n$ pay  # espresso\n\nWords.\n";
  assert.equal(region(text, "log", "x.txt"), "1 s\nTook 1 s");
  assert.equal(region(text, "timeline", "x.txt"), "0 s\nanswer 1 s");
  assert.equal(region(text, "lesson", "x.txt"), "Words.");
  assert.throws(() => region(text, "nothing", "x.txt"), /has no region nothing/);
});

test("a difference shows what was and what is", () => {
  assert.equal(diff("a\nb\nc", "a\nd\nc"), "  a\n- b\n+ d\n  c");
  assert.throws(() => diff("a", "a"), /no difference/);
  assert.equal(hunks(diff("a\n  b\n  c\n  d\n  e", "a\n  b\n  d\n  c\n  e\n  f"), 1), "  b\n- c\n  d\n+ c\n  e\n+ f");
});

test("typed code and typed output are refused", () => {
  refuses("```rust\nfn main() {}\n```", /code is included, not typed/);
  refuses("```console\n$ cargo run --example step1\nTook 6.0 s\n```", /code is included, not typed/);
  refuses("    indented code", /code is included, not typed/);
  refuses("<pre>fn main() {}</pre>", /a slide is Markdown/);
});

test("typed figures are refused, in digits, in words and in code", () => {
  for (const typed of ["It takes 2 s.", "It takes two seconds.", "`6.0 s` it is.", "| a |\n|---|\n| 7 |", "# Version 3", '[7 in a/b.rs](a/b.rs "code")', "![In 6 s](a.svg)"]) {
    assert.notDeepEqual(typedFigures(typed), [], typed);
  }
  for (const fine of ["Step 4 and steps 6 to 10.", "1. first\n2. second", "three customers", "```console\n$ x --customers 3\n```", "[6.0 s](figures/exact.json#x)", "<http://localhost:8080>", '[x in a/step1.txt](a/step1.txt "output")']) {
    assert.deepEqual(typedFigures(fine), [], fine);
  }
  refuses("It takes 2 s.", /a figure comes from a file/);
  const said = deck([slide("Words.", `Minutes: 1 / 2 / 3\n\n${NOTES.replace("Say: a.", "Say: in two seconds.")}`)]);
  assert.throws(() => checked([said]), /this is typed: two seconds/);
});

test("a figure is what its file says", () => {
  const step2 = "figures/exact.json#step=2/what=answer/customers=3";
  assert.equal(figure(step2).text, "18.0 s");
  assert.deepEqual(figure("figures/talk.json#step=8/what=outcome").text, "OOM-killed");
  assert.throws(() => figure("figures/talk.json#step=8"), /means \d+ figures/);
  assert.throws(() => figure("figures/talk.json#step=99"), /no record has step=99/);
  assert.throws(() => figure("figures/talk.json#step=7/what=replicas/nothing"), /there is no nothing/);
  assert.equal(refreshed(`[old](${step2})`), `[18.0 s](${step2})`);
  refuses(`It takes [17.0 s](${step2}).`, /the slide says "17.0 s", but .* says "18.0 s"/);
});

test("a picture is a local SVG with words and colours for both schemes", () => {
  refuses("![too short](pictures/step1.svg)", /needs a text/);
  refuses("![A picture that is not there at all](pictures/nothing.svg)", /there is no picture/);
  refuses("![A picture from somewhere else](https://example.org/a.svg)", /comes from the repository/);
  const folder = mkdtempSync(join(tmpdir(), "slides-"));
  mkdirSync(join(folder, "pictures"));
  writeFileSync(join(folder, "pictures/pale.svg"), "<svg></svg>");
  const engine = new Marp({ script: false }).use(include, { folder });
  assert.throws(() => engine.render("![A picture without dark colours](pictures/pale.svg)"), /no colours for dark slides/);
  rmSync(folder, { recursive: true });
});

test("the walk runs commands, and refuses those that fail or that nobody knows", async () => {
  const broken = [deck([slide("```console\n$ cargo run --example nothing\n$ rm --help\n$ cargo bench -p benches --bench nothing\n```")])];
  assert.equal(commands(broken).length, 3);
  const { faults } = await walk(broken);
  assert.equal(faults.length, 3);
  assert.match(faults[1], /rm --help: no check knows this command/);
});

test("npm start presents the deck with its notes, and says when its port is taken", { timeout: 60_000 }, async (t) => {
  const start = (env) => {
    const child = spawn(process.execPath, [join(SLIDES, "tools/present.mjs"), "talk"], { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    t.after(() => child.kill("SIGKILL"));
    return child;
  };
  const said = async (stream, pattern) => {
    for await (const line of createInterface({ input: stream })) if (pattern.test(line)) return pattern.exec(line);
    throw new Error(`nobody said ${pattern}`);
  };
  const [, port] = await said(start({ PORT: "0" }).stdout, /http:\/\/localhost:(\d+)/);
  const page = await (await fetch(`http://localhost:${port}/`)).text();
  assert.match(page, /bespoke-marp-note[\s\S]*SAY ▸/);
  assert.match(page, /id="plan">\[\[0,1\]/);
  assert.equal((await fetch(`http://localhost:${port}/etc/passwd`)).status, 404);
  // Once it is built, a load builds nothing.
  const before = performance.now();
  for (let load = 0; load < 3; load += 1) assert.equal(await (await fetch(`http://localhost:${port}/`)).text(), page);
  assert.ok((performance.now() - before) / 3 < 1000, `${(performance.now() - before) / 3} ms`);
  await said(start({ PORT: port }).stderr, /port \d+ is taken. Try another: PORT=8091 npm start/);
});

test("every command of the guide is walked, or a check runs it", async () => {
  const text = readFileSync(join(SLIDES, "README.md"), "utf8");
  const blocks = [...text.matchAll(/^```console\n([\s\S]*?)^```$/gm)].flatMap(([, block]) => block.trimEnd().split("\n"));
  assert.ok(blocks.length >= 5);
  const scripts = JSON.parse(readFileSync(join(SLIDES, "package.json"), "utf8")).scripts;
  const others = blocks.map((line) => line.replace(/^\$ /, "")).filter((command) => !knows(command));
  for (const command of others) {
    const [program, word] = command.split(" ");
    const known = { npm: word === "ci" || word in scripts, "slides/offline.sh": ["fetch", "prove"].includes(word) };
    assert.ok(known[program], command);
  }
});

test("every question is answered on a slide that is there", () => {
  const titles = new Set(parts().flatMap(({ slides }) => slides.map(({ title }) => title)));
  const rows = readFileSync(join(SLIDES, "QUESTIONS.md"), "utf8").split("\n").filter((line) => /^\| .*\? \|/.test(line));
  assert.ok(rows.length >= 10);
  for (const row of rows) {
    const [, , , slides, command] = row.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, "")).flatMap((cell, i) => (i === 0 ? ["", cell] : [cell]));
    for (const [, title] of slides.matchAll(/\*([^*]+)\*/g)) assert.ok(titles.has(title), `${row}: no slide ${title}`);
    assert.match(slides, /\*/, row);
    for (const [, run] of (command ?? "").matchAll(/`((?:cargo|curl)[^`]*)`/g)) assert.ok(knows(run), run);
  }
});

test("every link of the guide leads somewhere", () => {
  const text = readFileSync(join(SLIDES, "README.md"), "utf8").replace(/`[^`]*`/g, "");
  for (const [, href] of text.matchAll(/\]\(([^)\s#]+)[^)]*\)/g)) {
    if (!href.startsWith("http")) assert.ok(existsSync(join(SLIDES, href)), href);
  }
});

test("each step has its question, prediction, code, run and sentence, and the first five a timeline", () => {
  const slides = parts().flatMap(({ slides }) => slides);
  for (let step = 1; step <= 10; step += 1) {
    const own = slides.filter(({ title, markdown }) => title.startsWith(`Step ${step} ·`) && markdown);
    const kinds = own.flatMap(({ markdown }) => /_class: (.*) -->/.exec(markdown)?.[1] ?? []);
    for (const kind of ["question", "predict", "demo", "remember"]) assert.ok(kinds.includes(kind), `step ${step}: ${kind}`);
    assert.ok(own.some(({ markdown }) => / "(code|diff from \S+)"\)/.test(markdown)), `step ${step}: code`);
    assert.equal(own.some(({ markdown }) => markdown.includes(`pictures/step${step}.svg`)), step <= 5, `step ${step}: timeline`);
  }
});
