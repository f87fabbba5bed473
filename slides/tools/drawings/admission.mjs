// A room with a bound, a queue with a bound, and the two ways to say no.

import { canvas, MARGIN } from "./canvas.mjs";

const PLACES = 12;
const QUEUE = 3;
// Orders in the order in which they come, each with its customers.
const ORDERS = [5, 4, 20, 2, 6, 3, 7, 2];

// Who is inside, who waits, and who is refused with what, as the shop of step 6 decides it: first come,
// first served, and no order overtakes the queue.
export function decided(orders, places, queue) {
  const out = { inside: [], waiting: [], never: [], later: [] };
  let free = places;
  for (const customers of orders) {
    if (customers > places) out.never.push(customers);
    else if (out.waiting.length === 0 && customers <= free) {
      out.inside.push(customers);
      free -= customers;
    } else if (out.waiting.length < queue) out.waiting.push(customers);
    else out.later.push(customers);
  }
  return { ...out, free };
}

export function admission() {
  const state = decided(ORDERS, PLACES, QUEUE);
  const says = `Inside are ${state.inside.join(" and ")} customers of ${PLACES} places, ${state.waiting.length} orders wait in a queue of ${QUEUE}. An order of ${state.never} is refused with 422, because it can never fit; the orders of ${state.later.join(" and ")} with 503, because they do not fit now.`;
  const picture = canvas(392, "Admission: a room and a queue, each with a bound", says);
  const [top, cell] = [96, 40];

  picture.words(MARGIN, 60, "Orders come", { size: 28, bold: true });
  ORDERS.forEach((customers, i) => {
    const [x, y] = [MARGIN + (i % 2) * 92, top + Math.floor(i / 2) * 62];
    picture.box(x, y, 78, 46, "panel", { edge: "soft" });
    picture.words(x + 39, y + 32, customers, { anchor: "middle", size: 26, bold: true });
  });
  picture.words(MARGIN, 380, "each with its customers", { ink: "soft", size: 22 });
  picture.arrow(256, 210, 318, 210);

  picture.words(340, 60, `A queue of ${QUEUE}`, { size: 28, bold: true });
  state.waiting.forEach((customers, i) => {
    picture.box(340, top + i * 62, 150, 46, "pale", { edge: "milk" });
    picture.words(415, top + i * 62 + 32, `${customers} wait`, { anchor: "middle", size: 24 });
  });
  picture.words(340, 318, "a bounded wait", { ink: "soft", size: 22 });
  picture.arrow(506, 210, 568, 210);

  picture.words(590, 60, `A room of ${PLACES}`, { size: 28, bold: true });
  picture.box(586, top - 8, 4 * (cell + 16) + 8, 3 * (cell + 16) + 8, "page", { edge: "espresso", weight: 3, radius: 12 });
  const owners = state.inside.flatMap((customers, order) => Array(customers).fill(order));
  for (let place = 0; place < PLACES; place += 1) {
    const [x, y] = [598 + (place % 4) * (cell + 16), top + 4 + Math.floor(place / 4) * (cell + 16)];
    const owner = owners[place];
    if (owner === undefined) picture.box(x, y, cell, cell, "page", { edge: "line", radius: 20, dash: "5 5" });
    else picture.box(x, y, cell, cell, owner % 2 ? "espresso" : "pay", { radius: 20 });
  }
  picture.words(590, 318, `${state.inside.join(", ")} inside;`, { ink: "soft", size: 22 });
  picture.words(590, 346, `the next waits for ${state.waiting[0] > state.free ? "room" : "its turn"}`, { ink: "soft", size: 22 });

  const no = (y, code, customers, why, then) => {
    picture.box(880, y, 340, 132, "panel", { edge: "mark", radius: 12 });
    picture.words(904, y + 46, code, { size: 40, bold: true, ink: "mark" });
    picture.words(1000, y + 44, `${customers} customers`, { size: 24, bold: true });
    picture.words(904, y + 84, why, { size: 24 });
    picture.words(904, y + 114, then, { size: 22, ink: "soft" });
  };
  picture.words(880, 60, "Or a no, in time", { size: 28, bold: true });
  no(top - 8, "422", state.never.join(", "), "can never fit", "“the limit is 12”");
  no(top + 148, "503", state.later.join(", then "), "do not fit now", "“come again in 2 s”");
  return picture.svg();
}
