// Shows that the connection is lost, and reloads the page when the server has discarded its circuit.
const dialog = document.getElementById("components-reconnect-modal");
const longestWait = 10_000;
let timer;

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
      location.reload();
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
      location.reload();
    }
  } catch {
    retryLater(longestWait);
  }
}

function retryLater(wait) {
  clearTimeout(timer);
  timer = setTimeout(retry, wait);
}
