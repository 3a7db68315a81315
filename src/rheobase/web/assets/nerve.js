// The answer follows the sliders. Without this the numbers are typed and "Show" is pressed.

const WAIT = 40; // Long enough to leave out places in between [ms].
const QUIET = 700; // A screen reader is told once the hand rests [ms].
const AGAIN = 1000; // While the trace is being prepared [ms].

const form = document.querySelector(".slides");
const seen = document.getElementById("seen");
const told = document.getElementById("told");
let timer = 0, telling = 0, asking = null;

const ranges = [...form.querySelectorAll("input[type=range]")];
const numberOf = (range) => form.elements[range.dataset.for];
const digits = (range) => (range.step.split(".")[1] ?? "").length;

form.classList.add("live");
for (const range of ranges) {
  range.hidden = false;
  const number = numberOf(range);
  range.addEventListener("input", () => {
    number.value = Number(range.value).toFixed(digits(range));
    number.removeAttribute("aria-invalid");
    spoken(range);
    soon();
  });
  number.addEventListener("input", () => {
    const value = Number(number.value.replace(",", "."));
    if (number.value.trim() && Number.isFinite(value)) range.value = value;
    spoken(range);
    soon(400);
  });
  spoken(range);
}
form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask();
});

// An example moves the sliders; its address stays what a link to it is.
for (const link of document.querySelectorAll(".examples a")) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const chosen = new URL(link.href).searchParams;
    for (const range of ranges) {
      if (range.dataset.for === "pulse") continue;
      const value = chosen.get(range.dataset.for) ?? range.dataset.usual;
      numberOf(range).value = Number(value);
      range.value = value;
      spoken(range);
    }
    ask(chosen.get("example"));
  });
}

function spoken(range) {
  range.setAttribute("aria-valuetext", `${numberOf(range).value} ${range.dataset.unit}`.trim());
}

function soon(wait = WAIT, example = null) {
  clearTimeout(timer);
  timer = setTimeout(ask, wait, example);
}

async function ask(example = null) {
  clearTimeout(timer);
  asking?.abort();
  asking = new AbortController();
  const fields = new URLSearchParams(new FormData(form));
  // Nobody's blood test, until a slider moves.
  if (example) fields.set("example", example);
  const query = fields.toString();
  try {
    const answer = await fetch(`${form.dataset.seen}?${query}`, { signal: asking.signal });
    if (answer.status !== 200 && answer.status !== 400) throw new Error(answer.statusText);
    show(await answer.text(), example);
    history.replaceState(null, "", `${location.pathname}?${query}`);
  } catch (problem) {
    if (problem.name !== "AbortError") told.textContent = "No answer from Rheobase. Is it still running?";
  }
}

function show(page, example) {
  const open = [...seen.querySelectorAll("details")].map((each) => each.open);
  seen.innerHTML = page;
  seen.querySelectorAll("details").forEach((each, number) => { each.open = open[number] ?? false; });
  for (const old of form.querySelectorAll(".problem")) old.remove();
  const answer = seen.querySelector(".answer");
  clearTimeout(telling);
  telling = setTimeout(() => { told.textContent = answer.dataset.said; }, QUIET);
  waiting(example);
}

function waiting(example) {
  if (seen.querySelector("[data-waits]")) soon(AGAIN, example);
}
waiting(new URL(location.href).searchParams.get("example"));
