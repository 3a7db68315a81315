// Everything works without this. It only spares a tap where one is enough.

// "Not sure" and a tick on the same line exclude each other.
for (const line of document.querySelectorAll(".lines li")) {
  const boxes = [...line.querySelectorAll("input[type=checkbox]")];
  for (const box of boxes) {
    box.addEventListener("change", () => {
      if (box.checked) for (const other of boxes) if (other !== box) other.checked = false;
    });
  }
}

// After an answer, a screen reader begins at the question.
const problem = document.getElementById("problem");
if (problem) {
  problem.setAttribute("tabindex", "-1");
  problem.focus();
}

// A tap on the body ticks the place; the list beneath stays the control for keyboards and screen readers.
const figure = document.querySelector(".figure");
if (figure) {
  figure.classList.add("taps");
  figure.addEventListener("click", (event) => {
    const part = event.target.closest("[data-part]");
    const box = part && document.querySelector(`input[data-part="${part.dataset.part}"]`);
    if (box) box.click();
  });
}

// What is folded on the screen is on the paper, save the figures behind a picture; a page in brief stays in brief.
const folded = () =>
  [...document.querySelectorAll(".full main details:not([open])")].filter((each) => !each.closest("figure"));
addEventListener("beforeprint", () => {
  for (const each of folded()) {
    each.dataset.folded = "";
    each.open = true;
  }
});
addEventListener("afterprint", () => {
  for (const each of document.querySelectorAll("[data-folded]")) {
    each.open = false;
    delete each.dataset.folded;
  }
});
