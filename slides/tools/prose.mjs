// Finds figures that somebody typed. In what a slide says, a number is the name of a step, a part
// of a command, or a figure from a file; anything else is typed, in digits or in words.

const UNITS = String.raw`seconds?|minutes?|hours?|milliseconds?|microseconds?|bytes?|[kMG]i?B|kilobytes?|megabytes?|gigabytes?|mebibytes?|per ?cent|percent`;
const NUMBERS = String.raw`one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|eighteen|twenty|thirty|hundred|thousand|million`;
const IN_WORDS = new RegExp(String.raw`\b(?:${NUMBERS}) (?:${UNITS})\b`, "gi");
const STEPS = /\b[Ss]teps? \d+(?:(?:,| to| and|,? or) \d+)*/g;

export function typedFigures(markdown) {
  const prose = markdown
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/^\s*\d+\. /gm, "")
    .replace(/<https?:[^>]*>/g, "")
    .replace(/^```[\s\S]*?^```$/gm, "")
    // Of what includes something, all but the names of files; of a figure from a file, nothing.
    .replace(/\[([^\]]*)\]\(([^)\s]+)( "[^"]*")?\)/g, (_, text, href, title) =>
      /\.json#/.test(href) ? "" : title ? text.replace(/\S*\/\S*/g, "") : text,
    );
  const code = [...prose.matchAll(/`([^`]*)`/g)].map((match) => match[1]);
  const spoken = prose.replace(/`[^`]*`/g, "").replace(STEPS, "");
  const inCode = code.flatMap((text) => text.match(new RegExp(String.raw`\b\d[\d.,]*\s*(?:${UNITS}|ms|µs|ns|s|x)\b`, "g")) ?? []);
  return [...(spoken.match(/(?<![A-Za-z])\d[\d.,]*(?:\s?\w+)?/g) ?? []), ...(spoken.match(IN_WORDS) ?? []), ...inCode];
}
