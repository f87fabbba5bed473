// What the pictures are drawn from: the figures, and the seconds of the manifest.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, SLIDES } from "../figures.mjs";

const json = (path) => JSON.parse(readFileSync(join(ROOT, path), "utf8"));
export const limits = () => json("benches/data/limits.json");

const records = (file) => JSON.parse(readFileSync(join(SLIDES, "figures", file), "utf8"));
const found = (list, wanted) => {
  const all = list.filter((record) => Object.entries(wanted).every(([key, value]) => record[key] === value));
  if (all.length !== 1) throw new Error(`${JSON.stringify(wanted)} is ${all.length} records, not one`);
  return all[0];
};
export const talk = (wanted) => found(records("talk.json"), wanted);
export const exact = (wanted) => found(records("exact.json"), wanted).value;

// A number of k8s/base/deployment.yaml, by the text in front of it.
export function manifest(before) {
  const text = readFileSync(join(ROOT, "k8s/base/deployment.yaml"), "utf8");
  const value = new RegExp(String.raw`${before}\D*?(\d+)`).exec(text)?.[1];
  if (!value) throw new Error(`k8s/base/deployment.yaml has no ${before}`);
  return Number(value);
}

export const seconds = (value, digits = 1) => `${value.toFixed(digits)} s`;
export const grouped = (value) => value.toLocaleString("en-US");
