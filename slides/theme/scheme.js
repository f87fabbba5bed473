// The system says whether the deck is light or dark, until somebody presses d; all its windows,
// the presenter's too, follow.
(() => {
  const root = document.documentElement;
  const asked = new URLSearchParams(location.search).get("scheme");
  const preferred = matchMedia("(prefers-color-scheme: dark)");
  const kept = () => {
    try {
      return localStorage.getItem("scheme");
    } catch {
      return null;
    }
  };
  const show = () => {
    root.dataset.scheme = asked ?? kept() ?? (preferred.matches ? "dark" : "light");
  };
  preferred.addEventListener("change", show);
  addEventListener("storage", show);
  addEventListener("keydown", (event) => {
    if (event.key !== "d" || event.ctrlKey || event.metaKey || event.altKey) return;
    const other = root.dataset.scheme === "dark" ? "light" : "dark";
    try {
      localStorage.setItem("scheme", other);
    } catch {
      // Without storage the other windows do not follow, this one does.
    }
    root.dataset.scheme = other;
  });
  show();
})();
