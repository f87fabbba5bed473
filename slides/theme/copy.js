// A button on each block of commands that copies them without their dollar signs.
addEventListener("DOMContentLoaded", () => {
  for (const code of document.querySelectorAll("pre > code.language-console")) {
    const button = document.createElement("button");
    button.className = "copy";
    button.type = "button";
    button.tabIndex = -1;
    button.textContent = "Copy";
    button.title = "Copy the commands";
    button.addEventListener("click", async (event) => {
      event.stopPropagation();
      await copied(code.textContent.trimEnd().replace(/^\$ /gm, ""));
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = "Copy"), 1500);
      button.blur();
    });
    code.parentElement.append(button);
  }

  async function copied(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // A page that came over plain HTTP from another machine has no clipboard of its own.
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  }
});
