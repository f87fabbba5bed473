// Walks the deck: every command on it is run, or, where it needs what this machine may not have (a
// cluster, an engine for containers), what it names must exist. Run by ./check.sh

import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parts } from "./deck.mjs";
import { ROOT } from "./figures.mjs";

const PATIENCE = 300_000; // ms; the first build of an example may take a minute

export function commands(deck) {
  const slides = deck.flatMap(({ slides }) => slides);
  return slides.flatMap(({ where, markdown }) =>
    [...markdown.matchAll(/^```console\n([\s\S]*?)^```$/gm)].flatMap(([, block]) =>
      block.trimEnd().split("\n").map((line) => ({ where, command: line.replace(/^\$ /, "").replace(/\s+#.*$/, "") })),
    ),
  );
}

function run(program, args) {
  const ran = spawnSync(program, args, { cwd: ROOT, encoding: "utf8", timeout: PATIENCE, stdio: ["ignore", "pipe", "pipe"] });
  if (ran.status !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${ran.status ?? ran.error ?? ran.signal}: ${ran.stderr}`);
  return ran.stdout;
}

const RULES = [
  [/^cargo run (?:--release )?--example (\S+)(?: -- (.*))?$/, example],
  [/^cargo workshop(?: (?:check|hint|list|watch))?(?: (\d+))?$/, exercise],
  [/^cargo test -p (\S+)$/, (name) => run("cargo", ["test", "--quiet", "--locked", "-p", name])],
  [/^cargo bench -p benches --bench (\S+)$/, (name) => named("benches/Cargo.toml", `name = "${name}"`) && named("benches/check.sh", name)],
  [/^curl (?:-\S+ )*localhost:8080(\/\S*)?$/, (path) => answered(path ?? "/")],
  [/^kubectl apply -k (\S+)$/, (folder) => exists(join(folder, "kustomization.yaml"))],
  [/^kubectl (?:get|describe|logs|port-forward|rollout|delete|top)\b.*$/, () => exists("k8s/README.md")],
  [/^(?:docker|podman) build\b.* -f (\S+) .*$/, (file) => exists(file)],
  [/^(?:docker|podman) (?:run|images|stop|logs)\b.*$/, () => exists("docker/Dockerfile")],
];

// The debug build, which is there from the tests; --help ends at once, and so does what runs on a
// paused clock.
function example(name, args) {
  const call = (...args) => run("cargo", ["run", "--quiet", "--locked", "--example", name, "--", ...args]);
  if (!call("--help").includes("Usage:")) throw new Error(`${name} --help explains nothing`);
  if (/--paused|--beans/.test(args ?? "")) call(...args.split(" "));
}

// To check an attendee's file would compile it; crates/workshop/runner/check.sh does.
function exercise(number) {
  const list = run("cargo", ["run", "--quiet", "--locked", "--package", "runner", "--", "list"]);
  if (number && !new RegExp(`^>? *${number} `, "m").test(list)) throw new Error(`there is no exercise ${number}`);
  return true;
}

function exists(path) {
  if (!existsSync(join(ROOT, path))) throw new Error(`there is no ${path}`);
  return true;
}

function named(path, word) {
  if (!readFileSync(join(ROOT, path), "utf8").includes(word)) throw new Error(`${path} does not name ${word}`);
  return true;
}

// The shop on a free port, for as long as one request takes.
async function answered(path) {
  const step = /metrics|readyz|healthz/.test(path) ? "step6" : "step5";
  run("cargo", ["build", "--quiet", "--locked", "--example", step]);
  const target = process.env.CARGO_TARGET_DIR ?? join(ROOT, "target");
  const shop = spawn(join(target, "debug/examples", step), ["--port", "0", "--action-seconds", "0.01"], { stdio: ["ignore", "pipe", "pipe"] });
  try {
    const port = await opened(shop);
    const answer = await fetch(`http://localhost:${port}${path}`, { signal: AbortSignal.timeout(20_000) });
    if (!answer.ok) throw new Error(`${path} is answered with ${answer.status}`);
  } finally {
    shop.kill("SIGKILL");
  }
}

function opened(shop) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("the shop does not open")), 20_000);
    shop.once("exit", () => reject(new Error("the shop ended before it opened")));
    for (const stream of [shop.stdout, shop.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        const port = /localhost:(\d+)|\bport=(\d+)/.exec(line);
        if (!port) return;
        clearTimeout(late);
        resolve(port[1] ?? port[2]);
      });
    }
  });
}

export const knows = (command) => RULES.some(([pattern]) => pattern.test(command));

export async function walk(deck) {
  const faults = [];
  const done = new Set();
  for (const { where, command } of commands(deck)) {
    if (done.has(command)) continue;
    done.add(command);
    try {
      const rule = RULES.find(([pattern]) => pattern.test(command));
      if (!rule) throw new Error("no check knows this command");
      await rule[1](...rule[0].exec(command).slice(1));
    } catch (error) {
      faults.push(`${where}: ${command}: ${error.message}`);
    }
  }
  return { faults, count: done.size };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { faults, count } = await walk(parts());
  faults.forEach((fault) => console.error(`error: ${fault}`));
  console.log(`${count} commands walked: ${faults.length} faults`);
  process.exitCode = faults.length || count === 0 ? 1 : 0;
}
