// `npm run notes`: the notes of a format on paper, each beside its slide and the minute at which it
// begins, as a PDF in target/slides. `npm run notes -- talk` prints those of the talk.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { browser } from "./browser.mjs";
import { build, marp, nameOf, OUT } from "./build.mjs";
import { clock, FORMATS, formatNamed, parts, slidesOf } from "./deck.mjs";

const escaped = (text) => text.replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign]);
const plain = (text) => escaped(text.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1"));

const STYLE = `
  @page { size: A4; margin: 14mm; }
  body { font: 10.5pt/1.4 "Atkinson Hyperlegible", system-ui, sans-serif; color: #2a211b; margin: 0; }
  article { display: grid; grid-template-columns: 62mm 1fr; gap: 6mm; padding: 4mm 0; border-top: 0.3mm solid #d9cdbd; break-inside: avoid; }
  img { width: 100%; border: 0.3mm solid #d9cdbd; }
  h1 { font-size: 16pt; } h2 { font-size: 11.5pt; margin: 0 0 1mm; }
  p { margin: 0 0 1mm; } .when { color: #5f534a; }
`;

function sheet(slides, pictures, title) {
  const one = (slide, i) => {
    const when = slide.asked ? "when the room asks" : `at ${clock(slide.begins)}, for ${clock(slide.takes)}${slide.skip ? "; leave it out when you are late" : ""}`;
    const notes = slide.notes.map(({ label, said }) => `<p><b>${label}:</b> ${plain(said)}</p>`).join("");
    return `<article><div><img src="${pictures[i]}" alt=""></div><div><h2>${i + 1} · ${plain(slide.title)}</h2><p class="when">${escaped(slide.part)}, ${when}</p>${notes}</div></article>`;
  };
  return `<!doctype html><meta charset="utf-8"><title>${escaped(title)}</title><style>${STYLE}</style><h1>${escaped(title)}</h1>${slides.map(one).join("\n")}`;
}

export async function notes(format = "full-day") {
  await build(format, { pdf: false });
  const folder = mkdtempSync(join(tmpdir(), "notes-"));
  try {
    await marp([join(OUT, `${nameOf(format)}.md`), "--images", "jpeg", "--jpeg-quality", "80", "--image-scale", "0.4", "-o", join(folder, "slide.jpeg")]);
    const files = readdirSync(folder).filter((name) => name.endsWith(".jpeg")).sort();
    const pictures = files.map((name) => `data:image/jpeg;base64,${readFileSync(join(folder, name)).toString("base64")}`);
    const slides = slidesOf(parts(), format);
    if (pictures.length !== slides.length) throw new Error(`${pictures.length} pictures of ${slides.length} slides`);
    const title = `Notes, ${FORMATS.find(({ name }) => name === format).title}`;
    return await printed(sheet(slides, pictures, title), join(OUT, `${nameOf(format)}-notes.pdf`));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function printed(html, path) {
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const chrome = await chromium.launch({ executablePath: browser() ?? undefined, args: ["--disable-gpu", ...sandbox] });
  try {
    const page = await chrome.newPage();
    await page.setContent(html);
    await page.pdf({ path, preferCSSPageSize: true, printBackground: true });
    writeFileSync(path.replace(/pdf$/, "html"), html);
    return path;
  } finally {
    await chrome.close();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(await notes(formatNamed(process.argv[2] ?? "full-day")));
  } catch (error) {
    console.error(`error: ${error.message}`);
    process.exit(1);
  }
}
