// Shows that the connection is lost, and reloads the page when the server has discarded its circuit.
const dialog = document.getElementById("components-reconnect-modal");
const longestWait = 10_000;
let timer;
let isReloading = false;

// A reload asks no question about unsaved changes: the editor restores its text. Chromium runs these listeners in the order in which they
// are added, so this is added before a page adds its own.
window.addEventListener("beforeunload", event => isReloading && event.stopImmediatePropagation(), { capture: true });

dialog.addEventListener("components-reconnect-state-changed", event => {
  switch (event.detail.state) {
    case "show":
      if (!dialog.open) {
        dialog.showModal();
      }
      break;
    case "hide":
      clearTimeout(timer);
      dialog.close();
      break;
    case "failed":
      retryLater(1_000);
      break;
    case "rejected":
      reload();
      break;
  }
});

// The notice of a lost connection cannot be dismissed.
dialog.addEventListener("cancel", event => event.preventDefault());
document.getElementById("reconnect-retry").addEventListener("click", retry);
document.addEventListener("visibilitychange", () => dialog.open && !document.hidden && retry());

async function retry() {
  clearTimeout(timer);
  try {
    if (!await Blazor.reconnect() && !await Blazor.resumeCircuit()) {
      reload();
    }
  } catch {
    retryLater(longestWait);
  }
}

function reload() {
  isReloading = true;
  location.reload();
}

function retryLater(wait) {
  clearTimeout(timer);
  timer = setTimeout(retry, wait);
}
