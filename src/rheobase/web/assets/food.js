// Foods while typing. Without this the line is read after it is sent, and "Look it up" finds the food.

const WAIT = 120; // Long enough to leave out letters in between [ms].

const field = document.querySelector("#text[data-foods]");
if (field) start(field);

function start(field) {
  const form = field.form;
  const list = element("ul", { id: "offered", role: "listbox", "aria-label": "Foods", class: "offered" });
  const said = element("p", { role: "status", class: "unseen" });
  const measures = element("div", { class: "measures", role: "group", "aria-label": "Measures of this food" });
  list.hidden = true;
  measures.hidden = true;
  field.after(list);
  field.closest(".line").after(measures, said);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-controls": "offered", "aria-expanded": "false",
  })) field.setAttribute(name, value);

  let timer = 0, asking = null, found = [], amount = "", at = -1;

  const foods = () => form.elements.kind.value !== "supplements";

  function close() {
    clearTimeout(timer);
    asking?.abort();
    list.hidden = true;
    at = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function forget() {
    form.elements.food.value = "";
    form.elements.grams.value = "";
    measures.hidden = true;
  }

  async function ask() {
    const typed = field.value;
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(`${field.dataset.foods}?q=${encodeURIComponent(typed)}`, { signal: asking.signal });
      if (!answer.ok || typed !== field.value) return;
      const told = await answer.json();
      if (document.activeElement === field) show(told);
    } catch (problem) {
      if (problem.name !== "AbortError") close();
    }
  }

  function show(told) {
    found = told.foods;
    amount = told.amount;
    at = -1;
    field.removeAttribute("aria-activedescendant");
    list.replaceChildren(...found.map((food, number) => {
      const item = element("li", { id: `food-${number}`, role: "option", "aria-selected": "false" });
      item.append(food.name);
      if (food.weighs) item.append(element("small", {}, food.weighs));
      return item;
    }));
    list.hidden = found.length === 0;
    field.setAttribute("aria-expanded", String(!list.hidden));
    said.textContent = found.length ? `${found.length} foods; choose with the arrow keys.` : "";
  }

  function move(to) {
    at = (to + found.length) % found.length;
    [...list.children].forEach((item, number) => item.setAttribute("aria-selected", String(number === at)));
    field.setAttribute("aria-activedescendant", `food-${at}`);
    list.children[at].scrollIntoView({ block: "nearest" });
  }

  function choose(food) {
    close();
    field.value = [amount, food.short].filter(Boolean).join(" ");
    form.elements.food.value = food.id;
    form.elements.grams.value = "";
    said.textContent = `${food.name} chosen.`;
    measures.replaceChildren(...food.portions.map(([words, grams]) => {
      const button = element("button", { type: "button" }, `${words} (${grams} g)`);
      button.addEventListener("click", () => {
        field.value = `${words} ${food.short}`.slice(0, field.maxLength);
        form.elements.food.value = food.id;
        form.elements.grams.value = grams;
        for (const each of measures.children) each.setAttribute("aria-pressed", String(each === button));
        said.textContent = `${words}, ${grams} grams.`;
      });
      return button;
    }));
    measures.hidden = food.portions.length === 0;
  }

  field.addEventListener("input", () => {
    forget();
    clearTimeout(timer);
    if (foods() && field.value.trim().length > 1) timer = setTimeout(ask, WAIT);
    else close();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      // Also what is still being asked for: it must not open over the button a moment later.
      if (!list.hidden) event.preventDefault();
      close();
    } else if (!list.hidden && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      move(event.key === "ArrowDown" ? at + 1 : Math.max(at, 0) - 1);
    } else if (event.key === "Enter" && !list.hidden && at >= 0) {
      event.preventDefault();
      choose(found[at]);
    }
  });
  field.addEventListener("blur", close);
  // The field keeps the focus, so that the list does not close before the click.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const item = event.target.closest("[role=option]");
    if (item) choose(found[[...list.children].indexOf(item)]);
  });
  form.addEventListener("change", (event) => {
    if (event.target.name === "kind" && !foods()) { close(); forget(); }
  });
}

function element(name, attributes, text = "") {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}
