// How one thread knows that a wait is over: it asks no one, it is told.

import { canvas } from "./canvas.mjs";

export function reactor() {
  const says = "A thread takes a task from the queue and polls it. The task is not ready: it leaves its waker with the timer. With an empty queue the thread sleeps until the earliest deadline. Then the timer calls the waker, which puts the task back into the queue.";
  const picture = canvas(450, "Poll, sleep, wake", says);
  const box = (x, y, width, height, head, lines, edge) => {
    picture.box(x, y, width, height, "panel", { edge, radius: 14, weight: 3 });
    picture.words(x + width / 2, y + 44, head, { anchor: "middle", size: 30, bold: true });
    lines.forEach((line, i) => picture.words(x + width / 2, y + 80 + i * 30, line, { anchor: "middle", size: 22, ink: "soft" }));
  };
  box(60, 40, 300, 150, "the queue", ["tasks that may", "go on"], "pay");
  box(490, 40, 300, 150, "the thread", ["takes one, polls it;", "none left: it sleeps"], "espresso");
  box(920, 40, 300, 150, "a task", ["“not ready yet”,", "and leaves its waker"], "milk");
  box(490, 290, 300, 130, "timer, network", ["who waits for what,", "the earliest first"], "soft");
  picture.arrow(364, 115, 484, 115);
  picture.words(424, 100, "next", { anchor: "middle", size: 22, ink: "soft" });
  picture.arrow(794, 115, 914, 115);
  picture.words(854, 100, "poll", { anchor: "middle", size: 22, ink: "soft" });
  picture.line("M1070 194V355H800", "ink", { weight: 3 });
  picture.arrow(1070, 355, 796, 355);
  picture.words(932, 340, "until when,", { anchor: "middle", size: 22, ink: "soft" });
  picture.words(932, 388, "and whom to wake", { anchor: "middle", size: 22, ink: "soft" });
  picture.line("M486 355H210V260", "ink", { weight: 3 });
  picture.arrow(210, 355, 210, 196);
  picture.words(350, 340, "it is time: wake", { anchor: "middle", size: 22, ink: "soft" });
  picture.arrow(640, 194, 640, 284);
  picture.words(656, 248, "sleeps until the earliest", { size: 22, ink: "soft" });
  return picture.svg();
}
