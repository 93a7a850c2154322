import { type Choice, fetchVocabulary } from "../editor/draft/api";

/*
 * What fields suggest in which something is chosen by its name follows what is typed: the page itself brings the first few
 * of a kind alone. Without it all the same may be typed.
 */

const SETTLED_MS = 150;

/** By a name that leads back to it, else by the id: as the page shows it. */
function optionOf({ value, label }: Choice, all: readonly Choice[]): HTMLOptionElement {
  const isOnly = all.filter((one) => one.label.toLowerCase() === label.toLowerCase()).length === 1;
  const option = document.createElement("option");
  option.value = isOnly ? label : value;
  if (option.value !== value || label !== value) option.textContent = isOnly ? value : label;
  return option;
}

function follow(input: HTMLInputElement, kinds: readonly string[]): void {
  let asked = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const suggest = async (): Promise<void> => {
    asked++;
    const mine = asked;
    const q = input.value.trim();
    const found = (await Promise.all(kinds.map((kind) => fetchVocabulary(kind, q)))).flat();
    // What could not be asked leaves what is there.
    if (mine === asked && found.length > 0) input.list?.replaceChildren(...found.map((one) => optionOf(one, found)));
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(suggest, SETTLED_MS);
  });
}

for (const input of document.querySelectorAll<HTMLInputElement>("input[data-picks]"))
  follow(input, input.dataset.picks?.split(" ") ?? []);
