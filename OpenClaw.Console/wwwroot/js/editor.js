// A text area for JSON with line numbers and suggestions. The suggestions come from .NET. Text that differs from the version that it is
// based on is saved in the tab's storage, so that it survives a reload, and the browser asks before such text is left.
const changeDelay = 400;
const completionDelay = 120;
const afterLength = 200;
const savedKey = "openclaw-rules-text";
const attached = new WeakMap();

// A sign-out forgets the text, unless it is refused when the browser asks.
let isSigningOut = false;
let isLeftSignedOut = false;
document.addEventListener("submit", event => isSigningOut = event.target.matches("form[action=sign-out]"));
window.addEventListener("beforeunload", () => [isLeftSignedOut, isSigningOut] = [isSigningOut, false]);
window.addEventListener("pagehide", () => isLeftSignedOut && forgetSaved());

// May be called again: the answer to the first call may have been lost.
export function attach(root, dotnet) {
  if (!attached.has(root)) {
    attached.set(root, create(root, dotnet));
  }
  return attached.get(root);
}

// The storage may be full or switched off.
function save(text, version) {
  try {
    sessionStorage.setItem(savedKey, JSON.stringify({ text, version, savedAt: new Date().toISOString() }));
  } catch {
    forgetSaved();
  }
}

function readSaved() {
  try {
    return JSON.parse(sessionStorage.getItem(savedKey));
  } catch {
    return null;
  }
}

function forgetSaved() {
  try {
    sessionStorage.removeItem(savedKey);
  } catch {
    // Nothing can have been saved.
  }
}

function create(root, dotnet) {
  const area = root.querySelector("textarea");
  const gutter = root.querySelector(".gutter");
  const list = root.querySelector(".suggestions");
  const status = root.querySelector("[role=status]");
  let lines = 0;
  let base;
  let restored = null;
  let changeTimer;
  let completionTimer;
  let asked = 0;
  let shown = null;
  let selected = -1;

  area.addEventListener("input", onInput);
  area.addEventListener("keydown", onKeyDown);
  area.addEventListener("scroll", () => {
    gutter.scrollTop = area.scrollTop;
    close();
  });
  area.addEventListener("blur", () => {
    close();
    if (changeTimer) {
      report();
    }
  });
  area.addEventListener("click", close);
  list.addEventListener("mousedown", event => {
    // The text area keeps the focus.
    event.preventDefault();
    const item = event.target.closest("li");
    if (item) {
      take(Number(item.dataset.index));
    }
  });
  // The server learns of a change a moment later, which would be too late.
  const leaving = new AbortController();
  window.addEventListener("beforeunload", event => isChanged() && event.preventDefault(), { signal: leaving.signal });
  number();

  function isChanged() {
    return base !== undefined && area.value !== base.text;
  }

  function onInput() {
    number();
    keep();
    clearTimeout(changeTimer);
    changeTimer = setTimeout(report, changeDelay);
    clearTimeout(completionTimer);
    completionTimer = setTimeout(complete, completionDelay);
  }

  // Saves the text if it differs from the version that it is based on.
  function keep() {
    if (isChanged()) {
      save(area.value, base.version);
    } else {
      forgetSaved();
    }
  }

  function report() {
    stopReport();
    dotnet.invokeMethodAsync("ChangedAsync", area.value);
  }

  function stopReport() {
    clearTimeout(changeTimer);
    changeTimer = undefined;
  }

  function onKeyDown(event) {
    if (event.ctrlKey && event.code === "Space") {
      event.preventDefault();
      complete();
    } else if (shown && event.key === "ArrowDown") {
      event.preventDefault();
      select((selected + 1) % shown.suggestions.length);
    } else if (shown && event.key === "ArrowUp") {
      event.preventDefault();
      select((selected + shown.suggestions.length - 1) % shown.suggestions.length);
    } else if (shown && event.key === "Enter") {
      event.preventDefault();
      take(selected);
    } else if (shown && event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Enter" && !event.ctrlKey && !event.altKey && !event.metaKey) {
      event.preventDefault();
      indent();
    } else if (["ArrowLeft", "ArrowRight", "Home", "End", "PageUp", "PageDown"].includes(event.key)) {
      close();
    }
  }

  // Indents a new line like the last one, or one step further after an opening bracket.
  function indent() {
    const before = area.value.slice(0, area.selectionStart);
    const next = area.value[area.selectionEnd];
    const depth = /^[ \t]*/.exec(before.slice(before.lastIndexOf("\n") + 1))[0];
    const opens = /[{[]\s*$/.test(before);
    if (opens && (next === "}" || next === "]")) {
      insert(`\n${depth}  \n${depth}`);
      area.selectionStart = area.selectionEnd = area.selectionEnd - depth.length - 1;
    } else {
      insert(`\n${depth}${opens ? "  " : ""}`);
    }
  }

  // The browser's own command keeps its undo list.
  function insert(text) {
    if (!document.execCommand("insertText", false, text)) {
      area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
      area.dispatchEvent(new Event("input"));
    }
  }

  async function complete() {
    clearTimeout(completionTimer);
    const caret = area.selectionStart;
    if (caret !== area.selectionEnd || document.activeElement !== area) {
      return;
    }
    const question = ++asked;
    const text = area.value;
    const answer = await dotnet.invokeMethodAsync("Complete", text.slice(0, caret), text.slice(caret, caret + afterLength));
    if (question === asked && area.value === text && area.selectionStart === caret) {
      answer ? open(answer) : close();
    }
  }

  function open(answer) {
    shown = answer;
    list.replaceChildren(...answer.suggestions.map((suggestion, index) => {
      const item = document.createElement("li");
      item.id = `suggestion-${index}`;
      item.role = "option";
      item.dataset.index = index;
      item.append(suggestion.label);
      const kind = document.createElement("span");
      kind.className = "dim";
      kind.textContent = suggestion.kind;
      item.append(kind);
      return item;
    }));
    list.hidden = false;
    place();
    select(0);
    status.textContent = `${answer.suggestions.length} suggestions`;
  }

  // The font has characters of one width.
  function place() {
    const style = getComputedStyle(area);
    const canvas = document.createElement("canvas").getContext("2d");
    canvas.font = style.font;
    const before = area.value.slice(0, area.selectionStart - shown.before);
    const line = before.split("\n").length;
    const column = before.length - before.lastIndexOf("\n") - 1;
    const left = column * canvas.measureText("0").width + parseFloat(style.paddingLeft) - area.scrollLeft;
    list.style.left = `${area.offsetLeft + Math.max(0, Math.min(left, area.clientWidth - 260))}px`;
    list.style.top = `${area.offsetTop + line * parseFloat(style.lineHeight) + parseFloat(style.paddingTop) - area.scrollTop + 2}px`;
  }

  function select(index) {
    list.children[selected]?.removeAttribute("aria-selected");
    selected = index;
    const item = list.children[index];
    item.setAttribute("aria-selected", "true");
    item.scrollIntoView({ block: "nearest" });
    area.setAttribute("aria-activedescendant", item.id);
  }

  function take(index) {
    const suggestion = shown.suggestions[index];
    area.setSelectionRange(area.selectionStart - shown.before, area.selectionStart + shown.after);
    close();
    insert(suggestion.insert);
    if (suggestion.insert.endsWith("{}") || suggestion.insert.endsWith("[]")) {
      area.selectionStart = area.selectionEnd = area.selectionEnd - 1;
    }
  }

  function close() {
    clearTimeout(completionTimer);
    asked++;
    shown = null;
    selected = -1;
    list.hidden = true;
    list.replaceChildren();
    area.removeAttribute("aria-activedescendant");
    status.textContent = "";
  }

  function number() {
    const count = area.value.split("\n").length;
    if (count !== lines) {
      lines = count;
      gutter.textContent = Array.from({ length: count }, (_, index) => index + 1).join("\n");
      gutter.scrollTop = area.scrollTop;
    }
  }

  function put(text) {
    close();
    stopReport();
    area.value = text;
    number();
  }

  return {
    getText() {
      return area.readOnly ? null : area.value;
    },
    show(rules) {
      if (area.readOnly) {
        base = rules;
        restored = readSaved();
        put(restored?.text ?? rules.text);
        if (restored?.text === rules.text) {
          restored = null;
          forgetSaved();
        }
        area.readOnly = false;
      }
      return { text: area.value, savedAt: restored?.savedAt ?? null, version: restored?.version ?? null };
    },
    setText(text, rules) {
      base = rules;
      restored = null;
      put(text);
      keep();
      return true;
    },
    replaceText(expected, rules) {
      const same = !area.readOnly && area.value === expected;
      if (same) {
        base = rules;
        put(rules.text);
        keep();
      }
      return same;
    },
    rebase(rules) {
      if (!area.readOnly) {
        base = rules;
        keep();
      }
      return !area.readOnly;
    },
    forget() {
      forgetSaved();
      return true;
    },
    detach() {
      leaving.abort();
      stopReport();
      clearTimeout(completionTimer);
    },
  };
}
