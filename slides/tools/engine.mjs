// Marp with the plugin. Nothing is to come from the network: no emoji pictures, no fonts, no maths.

import { Marp } from "@marp-team/marp-core";
import { include } from "./include.mjs";

export default class Engine extends Marp {
  constructor(options) {
    const local = { emoji: { shortcode: false, unicode: false }, html: true, math: false, script: false };
    super({ ...options, ...local });
    this.use(include);
  }
}
