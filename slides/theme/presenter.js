// In the presenter view: at which minute this slide should begin, beside the clock that runs.
if (new URLSearchParams(location.search).get("view") === "presenter") {
  addEventListener("DOMContentLoaded", () => {
    const plan = JSON.parse(document.getElementById("plan").textContent);
    const clock = (minutes) => `${Math.floor(minutes)}:${String(Math.round((minutes % 1) * 60)).padStart(2, "0")}`;
    const wait = setInterval(() => {
      const info = document.querySelector(".bespoke-marp-presenter-info-container");
      const number = document.querySelector(".bespoke-marp-presenter-info-page");
      if (!info || !number) return;
      clearInterval(wait);
      const due = document.createElement("div");
      due.className = "due";
      document.body.append(due);
      const show = () => {
        const [begins, takes] = plan[parseInt(number.textContent, 10) - 1] ?? [null, 0];
        due.textContent = begins === null ? "when the room asks" : `should be at ${clock(begins)}, then ${clock(takes)} here`;
      };
      new MutationObserver(show).observe(number, { childList: true, characterData: true, subtree: true });
      show();
    }, 50);
  });
}
