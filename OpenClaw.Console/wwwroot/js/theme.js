// Light, dark, or the system's preference. Runs before the page is painted.
(() => {
  const key = "openclaw-theme";
  const choice = () => localStorage.getItem(key) ?? "system";
  const apply = () => {
    if (choice() === "system") {
      delete document.documentElement.dataset.theme;
    } else {
      document.documentElement.dataset.theme = choice();
    }
  };
  const show = () => {
    const select = document.getElementById("theme");
    if (select) {
      select.value = choice();
    }
  };
  window.openclawTheme = { show };
  apply();
  document.addEventListener("DOMContentLoaded", show);
  document.addEventListener("change", event => {
    if (event.target.id === "theme") {
      localStorage.setItem(key, event.target.value);
      apply();
    }
  });
  window.addEventListener("storage", event => {
    if (event.key === key) {
      apply();
      show();
    }
  });
})();
