// Light, dark, or as the system says. Runs before the page is painted.
(() => {
  const key = "openclaw-theme";
  const apply = theme => {
    if (theme === "light" || theme === "dark") {
      document.documentElement.dataset.theme = theme;
    } else {
      delete document.documentElement.dataset.theme;
    }
  };
  window.openclawTheme = {
    get: () => localStorage.getItem(key) ?? "system",
    set: theme => {
      localStorage.setItem(key, theme);
      apply(theme);
    },
  };
  apply(window.openclawTheme.get());
  window.addEventListener("storage", event => event.key === key && apply(event.newValue));
})();
