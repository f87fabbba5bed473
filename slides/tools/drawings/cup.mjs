// The picture of the title: a cup, and three actions that rise from it at the same time.

import { canvas } from "./canvas.mjs";

export function cup() {
  const picture = canvas(560, "A cup of coffee", "A cup of coffee, from which pay, espresso and milk rise as three lines at the same time.", { width: 520 });
  const steam = (x, ink, phase) => {
    const points = [];
    for (let i = 0; i <= 40; i += 1) points.push(`${x + Math.sin(i / 6 + phase) * 16} ${262 - i * 5}`);
    picture.line(`M${points.join("L")}`, ink, { weight: 18 });
  };
  steam(180, "pay", 0);
  steam(270, "espresso", 0);
  steam(360, "milk", 0);
  picture.shape("M100 300H440V390Q440 500 330 500H210Q100 500 100 390Z", "espresso");
  picture.line("M440 330H460Q500 330 500 375T460 420H436", "espresso", { weight: 22 });
  picture.line("M40 530H500", "espresso", { weight: 18 });
  return picture.svg();
}
