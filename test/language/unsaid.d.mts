/** `[line, text]` of each text of a file that is not said. */
export function unsaidIn(file: string): [line: number, text: string][];

export function pagesIn(folder: string): string[];
