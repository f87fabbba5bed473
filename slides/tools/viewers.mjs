// Every picture looks alike in Chromium and in librsvg, which stands for the viewers that read
// attributes well and style sheets badly; and in a browser it follows the reader's dark scheme.
// Run by ./check.sh, with rsvg-convert installed; or for other pictures:
//
//   node tools/viewers.mjs FILE.svg...

import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { openBrowser } from "./look.mjs";

// Both are drawn so wide, and then compared in blocks so large that the two fonts do not matter.
const [WIDTH, BLOCK] = [960, 12];
// Of 255: the mean difference of all blocks, and how many of a hundred may differ by more than half.
const MOST = { mean: 6, blocks: 1.5 };
// A page that is dark, and one that is light.
const [DARK, LIGHT] = [70, 200];

// What librsvg draws, as the address of a PNG.
function drawnByLibrsvg(file) {
  const png = execFileSync("rsvg-convert", ["--width", `${WIDTH}`, "--background-color", "white", file]);
  return `data:image/png;base64,${png.toString("base64")}`;
}

// The mean colours of the blocks of two pictures, and of the page between its edge and its title;
// runs in the browser.
async function blocks({ sources, width, block }) {
  const decode = async (source) => {
    const image = new Image();
    image.src = source;
    await image.decode();
    return image;
  };
  const images = await Promise.all(sources.map(decode));
  const height = Math.round((width * images[0].naturalHeight) / images[0].naturalWidth);
  const [across, down] = [Math.floor(width / block), Math.floor(height / block)];
  return images.map((image) => {
    const large = new OffscreenCanvas(width, height).getContext("2d");
    large.fillStyle = "white";
    large.fillRect(0, 0, width, height);
    large.drawImage(image, 0, 0, width, height);
    const { data } = large.getImageData(0, 0, width, height);
    const mean = (column, row) => {
      const sums = [0, 0, 0];
      for (let y = row * block; y < (row + 1) * block; y++) {
        for (let x = column * block; x < (column + 1) * block; x++) {
          for (let c = 0; c < 3; c++) sums[c] += data[4 * (y * width + x) + c];
        }
      }
      return sums.map((sum) => sum / block ** 2);
    };
    const all = [];
    for (let row = 0; row < down; row++) for (let column = 0; column < across; column++) all.push(mean(column, row));
    return { page: mean(1, 1), all };
  });
}

const far = (one, other) => Math.max(...one.map((value, c) => Math.abs(value - other[c])));
const bright = ([red, green, blue]) => 0.299 * red + 0.587 * green + 0.114 * blue;

async function faults(page, file) {
  const svg = `data:image/svg+xml;base64,${readFileSync(file).toString("base64")}`;
  const [browser, librsvg] = await page.evaluate(blocks, { sources: [svg, drawnByLibrsvg(file)], width: WIDTH, block: BLOCK });
  await page.emulateMedia({ colorScheme: "dark" });
  const [dark] = await page.evaluate(blocks, { sources: [svg], width: WIDTH, block: BLOCK });
  await page.emulateMedia({ colorScheme: "light" });

  const differences = browser.all.map((colour, index) => far(colour, librsvg.all[index]));
  const mean = differences.reduce((sum, difference) => sum + difference, 0) / differences.length;
  const apart = (100 * differences.filter((difference) => difference > 127).length) / differences.length;
  console.log(`${basename(file).padEnd(16)} mean difference ${mean.toFixed(2)}, ${apart.toFixed(2)} % of the blocks far apart`);
  const out = [];
  if (mean > MOST.mean || apart > MOST.blocks) out.push(`librsvg draws other colours than Chromium: the mean difference is ${mean.toFixed(1)} of 255, and ${apart.toFixed(1)} % of the blocks are far apart. Put the colours into attributes, such as fill="#2f7d5b"`);
  if (bright(browser.page) < LIGHT) out.push("its page is not light, although the reader wants a light one");
  if (bright(dark.page) > DARK) out.push("its page is not dark, although the reader wants a dark one: add @media (prefers-color-scheme: dark)");
  return out.map((fault) => `${file}: ${fault}`);
}

async function main(files) {
  if (files.length === 0) throw new Error("there are no pictures to look at");
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ colorScheme: "light" });
    const found = [];
    for (const file of files) found.push(...(await faults(page, file)));
    for (const fault of found) console.error(`error: ${fault}`);
    process.exitCode = found.length ? 1 : 0;
  } finally {
    await browser.close();
  }
}

function committed() {
  const folder = join(dirname(fileURLToPath(import.meta.url)), "../pictures");
  return readdirSync(folder).filter((name) => name.endsWith(".svg")).map((name) => join(folder, name));
}

const named = process.argv.slice(2);
await main(named.length ? named : committed());
