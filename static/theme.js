// Loaded before the page is drawn: the person's choice of light or dark, else the system's.
(() => {
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.bsTheme = theme;
  } catch {
    // Storage may be switched off; then the system's choice holds.
  }
})();
