/** Labels as people type them, with commas between; each once. */
export const labelsIn = (text: string): string[] => [
  ...new Map(
    text
      .split(",")
      .map((label) => label.trim())
      .filter((label) => label !== "")
      .map((label) => [label.toLowerCase(), label]),
  ).values(),
];
